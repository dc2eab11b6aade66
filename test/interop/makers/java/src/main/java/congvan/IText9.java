package congvan;

import com.itextpdf.bouncycastleconnector.BouncyCastleFactoryCreator;
import com.itextpdf.forms.PdfAcroForm;
import com.itextpdf.forms.PdfSigFieldLock;
import com.itextpdf.forms.form.element.SignatureFieldAppearance;
import com.itextpdf.io.image.ImageDataFactory;
import com.itextpdf.kernel.geom.Rectangle;
import com.itextpdf.kernel.pdf.PdfDocument;
import com.itextpdf.kernel.pdf.PdfReader;
import com.itextpdf.kernel.pdf.PdfWriter;
import com.itextpdf.kernel.pdf.StampingProperties;
import com.itextpdf.signatures.AccessPermissions;
import com.itextpdf.signatures.CrlClientOnline;
import com.itextpdf.signatures.OcspClientBouncyCastle;
import com.itextpdf.signatures.PdfPadesSigner;
import com.itextpdf.signatures.PdfSigner;
import com.itextpdf.signatures.PrivateKeySignature;
import com.itextpdf.signatures.SignerProperties;
import com.itextpdf.signatures.TSAClientBouncyCastle;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.security.Security;
import java.security.cert.Certificate;
import java.util.Arrays;
import java.util.Map;

/** iText 9: approval and certification in its own style, and PAdES levels by its own signer. */
final class IText9 implements Makers.Maker {
  @Override
  public byte[] run(Step step) throws Exception {
    Security.addProvider(BouncyCastleFactoryCreator.getFactory().getProvider());
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
      case "timestamp" ->
          new PdfSigner(reader, out, properties)
              .timestamp(new TSAClientBouncyCastle(step.text("tsa"), null, null), step.text("field"));
      default -> sign(step, reader, out, properties);
    }
    return out.toByteArray();
  }

  private static void sign(Step step, PdfReader reader, ByteArrayOutputStream out, StampingProperties properties)
      throws Exception {
    SignerProperties wanted = new SignerProperties().setFieldName(step.text("field"));
    float[] rect = step.rect();
    if (rect != null) {
      wanted.setPageNumber(1).setPageRect(new Rectangle(rect[0], rect[1], rect[2] - rect[0], rect[3] - rect[1]));
      SignatureFieldAppearance appearance = new SignatureFieldAppearance(SignerProperties.IGNORED_ID);
      if (step.text("image") != null) appearance.setContent(ImageDataFactory.create(step.text("image")));
      else appearance.setContent(step.text("text") == null ? "Ký bởi: Nguyen Thi Uoc" : step.text("text"));
      wanted.setSignatureAppearance(appearance);
    }
    if (step.text("reason") != null) wanted.setReason(step.text("reason"));
    if (step.number("certify") > 0) {
      wanted.setCertificationLevel(
          switch (step.number("certify")) {
            case 1 -> AccessPermissions.NO_CHANGES_PERMITTED;
            case 2 -> AccessPermissions.FORM_FIELDS_MODIFICATION;
            default -> AccessPermissions.ANNOTATION_MODIFICATION;
          });
    }
    if (step.lock() != null) {
      wanted.setFieldLockDict(new PdfSigFieldLock().setFieldLock(PdfSigFieldLock.LockAction.INCLUDE, step.lock()));
    }
    PrivateKeySignature key = new PrivateKeySignature(step.key(), "SHA-256", null);
    TSAClientBouncyCastle tsa =
        step.text("tsa") == null ? null : new TSAClientBouncyCastle(step.text("tsa"), null, null, 6000, "SHA-256");
    String level = step.text("level");
    if (level == null) {
      PdfSigner signer = new PdfSigner(reader, out, properties);
      signer.setSignerProperties(wanted);
      signer.signDetached(
          key,
          step.chain(),
          null,
          null,
          tsa,
          0,
          step.is("cades") ? PdfSigner.CryptoStandard.CADES : PdfSigner.CryptoStandard.CMS);
      return;
    }
    Certificate[] chain = step.chain();
    PdfPadesSigner signer = new PdfPadesSigner(reader, out).setStampingProperties(properties);
    signer.setOcspClient(new OcspClientBouncyCastle()).setCrlClient(new CrlClientOnline());
    signer.setTrustedCertificates(Arrays.asList(chain[chain.length - 1]));
    switch (level) {
      case "B-B" -> signer.signWithBaselineBProfile(wanted, chain, key);
      case "B-T" -> signer.signWithBaselineTProfile(wanted, chain, key, tsa);
      case "B-LT" -> signer.signWithBaselineLTProfile(wanted, chain, key, tsa);
      default -> signer.signWithBaselineLTAProfile(wanted, chain, key, tsa);
    }
  }
}
