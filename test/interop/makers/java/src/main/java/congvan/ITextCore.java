package congvan;

import com.itextpdf.forms.PdfAcroForm;
import com.itextpdf.forms.PdfSigFieldLock;
import com.itextpdf.io.image.ImageDataFactory;
import com.itextpdf.kernel.geom.Rectangle;
import com.itextpdf.kernel.pdf.PdfDocument;
import com.itextpdf.kernel.pdf.PdfReader;
import com.itextpdf.kernel.pdf.PdfWriter;
import com.itextpdf.kernel.pdf.StampingProperties;
import com.itextpdf.signatures.BouncyCastleDigest;
import com.itextpdf.signatures.CrlClientOnline;
import com.itextpdf.signatures.LtvVerification;
import com.itextpdf.signatures.OcspClientBouncyCastle;
import com.itextpdf.signatures.PdfSignatureAppearance;
import com.itextpdf.signatures.PdfSigner;
import com.itextpdf.signatures.PrivateKeySignature;
import com.itextpdf.signatures.SignatureUtil;
import com.itextpdf.signatures.TSAClientBouncyCastle;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.Map;

/** iText 7 and 8, by what both have; which one it is the class path says. */
final class ITextCore implements Makers.Maker {
  @Override
  public byte[] run(Step step) throws Exception {
    PdfReader reader = new PdfReader(new ByteArrayInputStream(step.input())).setUnethicalReading(true);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    StampingProperties properties = new StampingProperties().useAppendMode();
    switch (step.text("action")) {
      case "fill" -> {
        try (PdfDocument document = new PdfDocument(reader, new PdfWriter(out), properties)) {
          PdfAcroForm form = PdfAcroForm.getAcroForm(document, false);
          for (Map.Entry<String, String> each : step.fill().entrySet()) form.getField(each.getKey()).setValue(each.getValue());
        }
      }
      case "info" -> {
        try (PdfDocument document = new PdfDocument(reader, new PdfWriter(out), properties)) {
          document.getDocumentInfo().addModDate();
        }
      }
      case "dss" -> {
        try (PdfDocument document = new PdfDocument(reader, new PdfWriter(out), properties)) {
          LtvVerification material = new LtvVerification(document);
          for (String name : new SignatureUtil(document).getSignatureNames()) {
            material.addVerification(
                name,
                new OcspClientBouncyCastle(null),
                new CrlClientOnline(),
                LtvVerification.CertificateOption.WHOLE_CHAIN,
                LtvVerification.Level.OCSP_CRL,
                LtvVerification.CertificateInclusion.YES);
          }
          material.merge();
        }
      }
      case "timestamp" -> new PdfSigner(reader, out, properties).timestamp(tsa(step), step.text("field"));
      default -> sign(step, new PdfSigner(reader, out, properties));
    }
    return out.toByteArray();
  }

  private static void sign(Step step, PdfSigner signer) throws Exception {
    signer.setFieldName(step.text("field"));
    PdfSignatureAppearance appearance = signer.getSignatureAppearance();
    float[] rect = step.rect();
    if (rect != null) {
      appearance.setPageNumber(1).setPageRect(new Rectangle(rect[0], rect[1], rect[2] - rect[0], rect[3] - rect[1]));
    }
    if (step.text("text") != null) appearance.setLayer2Text(step.text("text"));
    if (step.text("image") != null) {
      appearance.setSignatureGraphic(ImageDataFactory.create(step.text("image")));
      appearance.setRenderingMode(PdfSignatureAppearance.RenderingMode.GRAPHIC);
    }
    if (step.text("reason") != null) appearance.setReason(step.text("reason"));
    if (step.number("certify") > 0) signer.setCertificationLevel(step.number("certify"));
    if (step.lock() != null) {
      signer.setFieldLockDict(new PdfSigFieldLock().setFieldLock(PdfSigFieldLock.LockAction.INCLUDE, step.lock()));
    }
    signer.signDetached(
        new BouncyCastleDigest(),
        new PrivateKeySignature(step.key(), "SHA-256", null),
        step.chain(),
        null,
        null,
        step.text("tsa") == null ? null : tsa(step),
        0,
        step.is("cades") ? PdfSigner.CryptoStandard.CADES : PdfSigner.CryptoStandard.CMS);
  }

  private static TSAClientBouncyCastle tsa(Step step) {
    return new TSAClientBouncyCastle(step.text("tsa"), null, null, 6000, "SHA-256");
  }
}
