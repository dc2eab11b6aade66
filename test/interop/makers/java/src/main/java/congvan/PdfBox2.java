package congvan;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.util.Calendar;
import java.util.Map;
import org.apache.pdfbox.cos.COSArray;
import org.apache.pdfbox.cos.COSDictionary;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDDocumentInformation;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.PDResources;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.common.PDStream;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.graphics.form.PDFormXObject;
import org.apache.pdfbox.pdmodel.graphics.image.PDImageXObject;
import org.apache.pdfbox.pdmodel.interactive.annotation.PDAnnotationWidget;
import org.apache.pdfbox.pdmodel.interactive.annotation.PDAppearanceDictionary;
import org.apache.pdfbox.pdmodel.interactive.annotation.PDAppearanceStream;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.PDSignature;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.SignatureOptions;
import org.apache.pdfbox.pdmodel.interactive.form.PDAcroForm;
import org.apache.pdfbox.pdmodel.interactive.form.PDField;
import org.apache.pdfbox.pdmodel.interactive.form.PDSignatureField;

/** PDFBox 2 as its own examples sign: DocMDP by hand, and an appearance drawn in a template document (CreateVisibleSignature2). */
final class PdfBox2 implements Makers.Maker {
  @Override
  public byte[] run(Step step) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (PDDocument document = PDDocument.load(step.input())) {
      switch (step.text("action")) {
        case "fill" -> {
          PDAcroForm form = document.getDocumentCatalog().getAcroForm();
          for (Map.Entry<String, String> each : step.fill().entrySet()) {
            PDField field = form.getField(each.getKey());
            field.setValue(each.getValue());
            field.getCOSObject().setNeedToBeUpdated(true);
            field.getWidgets().forEach(widget -> {
              widget.getCOSObject().setNeedToBeUpdated(true);
              widget.getAppearance().getCOSObject().setNeedToBeUpdated(true);
              widget.getAppearance().getNormalAppearance().getAppearanceStream().getCOSObject().setNeedToBeUpdated(true);
            });
          }
        }
        case "info" -> {
          PDDocumentInformation info = document.getDocumentInformation();
          info.setModificationDate(Calendar.getInstance());
          info.getCOSObject().setNeedToBeUpdated(true);
        }
        default -> sign(step, document);
      }
      document.saveIncremental(out);
    }
    return out.toByteArray();
  }

  private static void sign(Step step, PDDocument document) throws Exception {
    PDSignature signature = new PDSignature();
    signature.setFilter(PDSignature.FILTER_ADOBE_PPKLITE);
    signature.setSubFilter(PDSignature.SUBFILTER_ADBE_PKCS7_DETACHED);
    signature.setName("Nguyễn Thị Ước");
    signature.setSignDate(Calendar.getInstance());
    if (step.text("reason") != null) signature.setReason(step.text("reason"));
    if (step.number("certify") > 0) certify(document, signature, step.number("certify"));
    PDAcroForm form = document.getDocumentCatalog().getAcroForm();
    PDField field = form == null ? null : form.getField(step.text("field"));
    if (field instanceof PDSignatureField there) there.getCOSObject().setItem(COSName.V, signature);
    SignatureOptions options = new SignatureOptions();
    options.setPreferredSignatureSize(SignatureOptions.DEFAULT_SIGNATURE_SIZE * 2);
    if (step.rect() != null) {
      options.setVisualSignature(template(step));
      options.setPage(0);
    }
    document.addSignature(signature, content -> {
      try {
        return Cms.sign(step, content.readAllBytes());
      } catch (Exception error) {
        throw new java.io.IOException(error);
      }
    }, options);
  }

  /** As SigUtils.setMDPPermission of its examples. */
  private static void certify(PDDocument document, PDSignature signature, int permissions) {
    COSDictionary parameters = new COSDictionary();
    parameters.setItem(COSName.TYPE, COSName.getPDFName("TransformParams"));
    parameters.setInt(COSName.P, permissions);
    parameters.setName(COSName.V, "1.2");
    parameters.setNeedToBeUpdated(true);
    COSDictionary reference = new COSDictionary();
    reference.setItem(COSName.TYPE, COSName.getPDFName("SigRef"));
    reference.setItem("TransformMethod", COSName.getPDFName("DocMDP"));
    reference.setItem("DigestMethod", COSName.getPDFName("SHA1"));
    reference.setItem("TransformParams", parameters);
    reference.setNeedToBeUpdated(true);
    COSArray references = new COSArray();
    references.add(reference);
    references.setNeedToBeUpdated(true);
    signature.getCOSObject().setItem("Reference", references);
    COSDictionary catalog = document.getDocumentCatalog().getCOSObject();
    COSDictionary permission = new COSDictionary();
    permission.setItem(COSName.DOCMDP, signature);
    catalog.setItem(COSName.PERMS, permission);
    catalog.setNeedToBeUpdated(true);
    permission.setNeedToBeUpdated(true);
  }

  private static InputStream template(Step step) throws Exception {
    float[] rect = step.rect();
    try (PDDocument template = new PDDocument()) {
      PDPage page = new PDPage(PDRectangle.A4);
      template.addPage(page);
      PDAcroForm form = new PDAcroForm(template);
      template.getDocumentCatalog().setAcroForm(form);
      PDSignatureField field = new PDSignatureField(form);
      PDAnnotationWidget widget = field.getWidgets().get(0);
      form.setSignaturesExist(true);
      form.setAppendOnly(true);
      form.getCOSObject().setDirect(true);
      form.getFields().add(field);
      PDRectangle place = new PDRectangle(rect[0], rect[1], rect[2] - rect[0], rect[3] - rect[1]);
      widget.setRectangle(place);
      PDFormXObject drawing = new PDFormXObject(new PDStream(template));
      drawing.setResources(new PDResources());
      drawing.setFormType(1);
      drawing.setBBox(new PDRectangle(place.getWidth(), place.getHeight()));
      PDAppearanceDictionary appearance = new PDAppearanceDictionary();
      appearance.getCOSObject().setDirect(true);
      PDAppearanceStream normal = new PDAppearanceStream(drawing.getCOSObject());
      appearance.setNormalAppearance(normal);
      widget.setAppearance(appearance);
      try (PDPageContentStream content = new PDPageContentStream(template, normal)) {
        if (step.text("image") != null) {
          byte[] picture = java.nio.file.Files.readAllBytes(java.nio.file.Path.of(step.text("image")));
          content.drawImage(
              PDImageXObject.createFromByteArray(template, picture, null), 0, 0, place.getWidth(), place.getHeight());
        }
        if (step.text("text") != null) {
          content.beginText();
          content.setFont(PDType1Font.TIMES_ROMAN, 12);
          content.newLineAtOffset(2, 6);
          content.showText(step.text("text"));
          content.endText();
        }
      }
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      template.save(out);
      return new ByteArrayInputStream(out.toByteArray());
    }
  }
}
