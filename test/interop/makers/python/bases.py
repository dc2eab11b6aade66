"""Decisions to be signed, as different programs write them: the gaps for number, day and month are at the same places."""

import io
import os
import shutil
import subprocess
import tempfile

# (left, baseline, size, text) on A4 in points from the bottom left.
TEXTS = [
    (60, 790, 12, "SỞ Y TẾ TỈNH MẪU SƠN"),
    (60, 740, 12, "Số:"),
    (118, 740, 12, "/QĐ-SYT"),
    (290, 740, 12, "Mẫu Sơn, ngày"),
    (398, 740, 12, "tháng"),
    (459, 740, 12, "năm 2026"),
    (220, 690, 14, "QUYẾT ĐỊNH"),
    (60, 650, 12, "Điều 1. Ban hành kèm theo Quyết định này Quy chế làm việc của Sở Y tế."),
    (60, 630, 12, "Điều 2. Quyết định này có hiệu lực kể từ ngày ký."),
    (360, 300, 12, "GIÁM ĐỐC"),
    (350, 180, 12, "Nguyễn Thị Ước"),
]


def reportlab(font):
    return _reportlab(font, False)


def reportlab_form(font):
    """With text fields, one of them to be filled after signing."""
    return _reportlab(font, True)


def _reportlab(font, form):
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842))
    pdfmetrics.registerFont(TTFont("Tinos", font))
    for left, bottom, size, text in TEXTS:
        canvas.setFont("Tinos", size)
        canvas.drawString(left, bottom, text)
    if form:
        for name, bottom in (("NoiNhan", 100), ("GhiChu", 60)):
            canvas.acroForm.textfield(name=name, x=60, y=bottom, width=200, height=24, value="")
    canvas.showPage()
    canvas.setFont("Tinos", 12)
    canvas.drawString(60, 740, "PHỤ LỤC")
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def fpdf2(font):
    from fpdf import FPDF

    file = FPDF(unit="pt", format=(595, 842))
    file.add_font("Tinos", fname=font)
    file.add_page()
    for left, bottom, size, text in TEXTS:
        file.set_font("Tinos", size=size)
        file.text(left, 842 - bottom, text)
    return bytes(file.output())


def weasyprint(font):
    """Tagged, with object streams."""
    from weasyprint import HTML

    spans = "".join(
        f'<p style="position:absolute;margin:0;left:{left}pt;top:{842 - bottom - size}pt;font-size:{size}pt">{text}</p>'
        for left, bottom, size, text in TEXTS
    )
    page = f'<html lang="vi"><title>Quyết định</title><style>@page{{size:595pt 842pt;margin:0}}</style>{spans}</html>'
    return HTML(string=page).write_pdf(pdf_tags=True)


def typst(font):
    """Tagged by default."""
    import typst as compiler

    places = "\n".join(
        f'#place(dx: {left}pt, dy: {842 - bottom - size}pt, text(size: {size}pt)[{text.replace("/", chr(92) + "/")}])'
        for left, bottom, size, text in TEXTS
    )
    source = f"#set page(width: 595pt, height: 842pt, margin: 0pt)\n#set text(lang: \"vi\")\n{places}\n"
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "in.typ")
        with open(path, "w", encoding="utf-8") as file:
            file.write(source)
        return compiler.compile(path, font_paths=[os.path.dirname(font)])


def libreoffice(font):
    """Tagged, as a word processor exports it."""
    frames = "".join(
        f'<draw:frame draw:style-name="f" text:anchor-type="page" text:anchor-page-number="1" svg:x="{left}pt" svg:y="{842 - bottom - size}pt"'
        f' svg:width="{len(text) * 10 + 20}pt" svg:height="{size + 6}pt" draw:z-index="0"><draw:text-box><text:p>{text}'
        "</text:p></draw:text-box></draw:frame>"
        for left, bottom, size, text in TEXTS
    )
    names = "office text style draw svg fo".split()
    spaces = {
        "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
        "svg": "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0",
        "draw": "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0",
    }
    declared = " ".join(
        f'xmlns:{name}="{spaces.get(name, f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0")}"' for name in names
    )
    text = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document {declared} office:version="1.2"'
        ' office:mimetype="application/vnd.oasis.opendocument.text"><office:automatic-styles>'
        '<style:page-layout style:name="p"><style:page-layout-properties fo:page-width="595pt" fo:page-height="842pt"'
        ' fo:margin="20pt"/></style:page-layout><style:style style:name="f" style:family="graphic"><style:graphic-properties'
        ' style:wrap="run-through" style:vertical-pos="from-top" style:vertical-rel="page" style:horizontal-pos="from-left"'
        ' style:horizontal-rel="page" fo:padding="0pt" fo:border="none"/></style:style></office:automatic-styles><office:master-styles>'
        '<style:master-page style:name="Standard" style:page-layout-name="p"/></office:master-styles>'
        f"<office:body><office:text>{frames}<text:p/></office:text></office:body></office:document>"
    )
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "in.fodt"), "w", encoding="utf-8") as file:
            file.write(text)
        options = '{"UseTaggedPDF":{"type":"boolean","value":"true"}}'
        subprocess.run(
            ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to",
             f"pdf:writer_pdf_Export:{options}", "--outdir", folder, os.path.join(folder, "in.fodt")],
            check=True, capture_output=True, timeout=60,
        )  # fmt: skip
        with open(os.path.join(folder, "in.pdf"), "rb") as file:
            return file.read()


def ghostscript(font):
    made = subprocess.run(
        ["gs", "-q", "-dBATCH", "-dNOPAUSE", "-sDEVICE=pdfwrite", "-sOutputFile=-", "-"],
        input=reportlab(font), capture_output=True, check=True, timeout=60,
    )  # fmt: skip
    return made.stdout


def _saved(pdf, **how):
    import pikepdf

    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as file:
        file.save(out, **how)
    return out.getvalue()


def linearised(font):
    return _saved(reportlab_form(font), linearize=True)


def object_streams(font):
    import pikepdf

    return _saved(reportlab_form(font), object_stream_mode=pikepdf.ObjectStreamMode.generate)


def encrypted_aes256(font):
    import pikepdf

    return _saved(reportlab_form(font), encryption=pikepdf.Encryption(owner="chu", user="", R=6))


def encrypted_aes128(font):
    import pikepdf

    return _saved(reportlab_form(font), encryption=pikepdf.Encryption(owner="chu", user="", R=4, aes=True))


def encrypted_rc4(font):
    import pikepdf

    return _saved(reportlab_form(font), encryption=pikepdf.Encryption(owner="chu", user="", R=3, aes=False, metadata=False))


def seal(font):
    """The picture of an agency's round red seal, on nothing."""
    from PIL import Image, ImageDraw

    image = Image.new("RGBA", (200, 200), (0, 0, 0, 0))
    ImageDraw.Draw(image).ellipse((6, 6, 194, 194), outline=(220, 0, 0, 255), width=8)
    ImageDraw.Draw(image).regular_polygon((100, 100, 40), 5, fill=(220, 0, 0, 255))
    return _png(image)


def handwriting(font):
    """The picture of a signature by hand."""
    from PIL import Image, ImageDraw

    image = Image.new("RGBA", (260, 120), (0, 0, 0, 0))
    ImageDraw.Draw(image).line([(10, 90), (60, 20), (80, 100), (130, 30), (150, 95), (250, 50)], fill=(0, 0, 160, 255), width=5)
    return _png(image)


def _png(image):
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


NEEDS = {"libreoffice": "soffice", "ghostscript": "gs"}
BASES = [reportlab, reportlab_form, fpdf2, weasyprint, typst, libreoffice, ghostscript, linearised, object_streams,
         encrypted_aes256, encrypted_aes128, encrypted_rc4, seal, handwriting]  # fmt: skip


def make(name, font):
    if name in NEEDS and not shutil.which(NEEDS[name]):
        raise RuntimeError(f"{NEEDS[name]} is not installed")
    return next(base for base in BASES if base.__name__ == name)(font)
