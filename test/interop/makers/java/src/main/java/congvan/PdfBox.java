package congvan;

import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.util.Calendar;
import java.util.Map;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDDocumentInformation;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.PDSignature;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.SignatureOptions;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.visible.PDVisibleSigProperties;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.visible.PDVisibleSignDesigner;
import org.apache.pdfbox.pdmodel.interactive.form.PDAcroForm;
import org.apache.pdfbox.pdmodel.interactive.form.PDField;
import org.apache.pdfbox.pdmodel.interactive.form.PDSignatureField;

/** PDFBox 3: one key a line, /DR and /DA added to the form, as the signing service for phones writes. */
final class PdfBox implements Makers.Maker {
  @Override
  public byte[] run(Step step) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (PDDocument document = Loader.loadPDF(step.input())) {
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
    PDAcroForm form = document.getDocumentCatalog().getAcroForm();
    PDField field = form == null ? null : form.getField(step.text("field"));
    if (field instanceof PDSignatureField there) there.getCOSObject().setItem(COSName.V, signature);
    SignatureOptions options = new SignatureOptions();
    options.setPreferredSignatureSize(SignatureOptions.DEFAULT_SIGNATURE_SIZE * 2);
    float[] rect = step.rect();
    if (rect != null && step.text("image") != null) {
      float height = document.getPage(0).getMediaBox().getHeight();
      PDVisibleSignDesigner design = new PDVisibleSignDesigner(document, new FileInputStream(step.text("image")), 1);
      design.xAxis(rect[0]).yAxis(height - rect[3]).width(rect[2] - rect[0]).height(rect[3] - rect[1]);
      PDVisibleSigProperties properties = new PDVisibleSigProperties();
      properties.signerName("Nguyễn Thị Ước").preferredSize(0).page(1).visualSignEnabled(true).setPdVisibleSignature(design);
      properties.buildSignature();
      options.setVisualSignature(properties);
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
}
