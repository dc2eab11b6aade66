"""Ten simple attacks, each as an appended revision on a signed file; every one must be found."""

import io

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter


def run(kind, pdf):
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    if writer.prev.encrypted:
        writer.encrypt("")
    ATTACKS[kind](writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _page(writer, index=0):
    return writer.find_page_for_modification(index)[0].get_object()


def _widgets(writer):
    """The widgets on the first page that are seen, signatures' first, with what stands in their appearance."""
    page = _page(writer)
    for reference in page.raw_get("/Annots").get_object() if "/Annots" in page else []:
        widget = reference.get_object()
        box = [float(number.get_object()) for number in widget["/Rect"]]
        if "/AP" in widget and box[2] > box[0] and widget.get("/FT") == "/Sig":
            yield reference, widget


def _first_widget(writer):
    for found in _widgets(writer):
        return found
    raise LookupError("no signature is to be seen on page 1")


def _read(value):
    """Behind references, and readable where the file is encrypted."""
    value = value.get_object() if isinstance(value, generic.IndirectObject) else value
    return value.decrypted if isinstance(value, generic.DecryptedObjectProxy) else value


def _pictures(writer, form, depth=0):
    """(holder of the names, name, stream) of every picture below an appearance."""
    names = _read(_read(_read(form).get("/Resources", {})).get("/XObject", {})) if depth < 5 else {}
    for name in list(names):
        stream = _read(names[name])
        if stream.get("/Subtype") == "/Image":
            yield names.raw_get(name)
        else:
            yield from _pictures(writer, stream, depth + 1)


def content(writer):
    page = _page(writer)
    stream = generic.StreamObject(stream_data=b"BT /F1 12 Tf 60 500 Td (Dieu 3) Tj ET 0 0 300 300 re f")
    page["/Contents"] = writer.add_object(stream)
    writer.update_container(page)


def widget_moved(writer):
    _, widget = _first_widget(writer)
    widget["/Rect"] = generic.ArrayObject([generic.FloatObject(float(number) + 40) for number in widget["/Rect"]])
    writer.update_container(widget)


def _new_widget(writer, subtype, more):
    page = _page(writer)
    form = generic.StreamObject(stream_data=b"1 1 1 rg 0 0 200 40 re f")
    form.update({pdf_name("/Type"): pdf_name("/XObject"), pdf_name("/Subtype"): pdf_name("/Form"),
                 pdf_name("/BBox"): generic.ArrayObject([generic.NumberObject(n) for n in (0, 0, 200, 40)])})  # fmt: skip
    annotation = generic.DictionaryObject({
        pdf_name("/Type"): pdf_name("/Annot"), pdf_name("/Subtype"): pdf_name(subtype), pdf_name("/F"): generic.NumberObject(4),
        pdf_name("/Rect"): generic.ArrayObject([generic.NumberObject(n) for n in (55, 625, 255, 665)]),
        pdf_name("/AP"): generic.DictionaryObject({pdf_name("/N"): writer.add_object(form)}), **more,
    })  # fmt: skip
    reference = writer.add_object(annotation)
    annots = page["/Annots"] if "/Annots" in page else generic.ArrayObject()
    page["/Annots"] = generic.ArrayObject([*annots, reference])
    writer.update_container(page)
    return reference


def unsigned_field(writer):
    reference = _new_widget(writer, "/Widget", {pdf_name("/FT"): pdf_name("/Tx"), pdf_name("/T"): generic.pdf_string("Them")})
    form = writer.root["/AcroForm"]
    form["/Fields"] = generic.ArrayObject([*form["/Fields"], reference])
    writer.update_container(form)


def mark_changed(writer):
    """The last signature's picture is drawn anew, as if the number had been filled again."""
    _first_widget(writer)
    _, widget = list(_widgets(writer))[-1]
    form = generic.StreamObject(stream_data=b"BT /Helv 12 Tf 2 4 Td (99) Tj ET")
    form.update({key: value for key, value in widget["/AP"]["/N"].items() if key in ("/Type", "/Subtype", "/BBox")})
    widget["/AP"] = generic.DictionaryObject({pdf_name("/N"): writer.add_object(form)})
    writer.update_container(widget)


def annotation(writer):
    _new_widget(writer, "/Stamp", {})


def page_box(writer):
    page = _page(writer)
    page["/CropBox"] = generic.ArrayObject([generic.NumberObject(n) for n in (0, 400, 595, 842)])
    writer.update_container(page)


def picture(writer):
    for _, widget in _widgets(writer):
        for reference in _pictures(writer, widget["/AP"]["/N"]):
            old = reference.get_object()
            width, height = int(old["/Width"]), int(old["/Height"])
            new = generic.StreamObject(stream_data=bytes(width * height))
            new.update({pdf_name("/Type"): pdf_name("/XObject"), pdf_name("/Subtype"): pdf_name("/Image"),
                        pdf_name("/Width"): generic.NumberObject(width), pdf_name("/Height"): generic.NumberObject(height),
                        pdf_name("/BitsPerComponent"): generic.NumberObject(8),
                        pdf_name("/ColorSpace"): pdf_name("/DeviceGray")})  # fmt: skip
            writer.objects[(reference.generation, reference.idnum)] = new
            return
    raise LookupError("no signature shows a picture")


def signature_removed(writer):
    page = _page(writer)
    reference, widget = _first_widget(writer)
    form = writer.root["/AcroForm"]
    keep = lambda items: generic.ArrayObject([each for each in items if each.reference != reference.reference])
    form["/Fields"] = keep(form["/Fields"])
    page["/Annots"] = keep(page["/Annots"])
    writer.update_container(form)
    writer.update_container(page)


def pages_swapped(writer):
    pages = writer.root["/Pages"]
    kids = pages["/Kids"]
    if len(kids) < 2:
        raise LookupError("there is one page only")
    pages["/Kids"] = generic.ArrayObject([kids.raw_get(1), kids.raw_get(0), *list(kids)[2:]])
    writer.update_container(pages)


def script(writer):
    action = generic.DictionaryObject({pdf_name("/S"): pdf_name("/JavaScript"), pdf_name("/JS"): generic.pdf_string("app.alert(1)")})
    writer.root["/OpenAction"] = writer.add_object(action)
    writer.update_root()


ATTACKS = {
    "content": content,
    "widget-moved": widget_moved,
    "unsigned-field": unsigned_field,
    "mark-changed": mark_changed,
    "annotation": annotation,
    "page-box": page_box,
    "picture": picture,
    "signature-removed": signature_removed,
    "pages-swapped": pages_swapped,
    "script": script,
}
