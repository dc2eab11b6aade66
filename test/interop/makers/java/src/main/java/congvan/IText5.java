package congvan;

import com.itextpdf.text.Element;
import com.itextpdf.text.Font;
import com.itextpdf.text.Image;
import com.itextpdf.text.Phrase;
import com.itextpdf.text.Rectangle;
import com.itextpdf.text.pdf.AcroFields;
import com.itextpdf.text.pdf.ColumnText;
import com.itextpdf.text.pdf.PdfReader;
import com.itextpdf.text.pdf.PdfSigLockDictionary;
import com.itextpdf.text.pdf.PdfSignatureAppearance;
import com.itextpdf.text.pdf.PdfStamper;
import com.itextpdf.text.pdf.security.BouncyCastleDigest;
import com.itextpdf.text.pdf.security.CrlClientOnline;
import com.itextpdf.text.pdf.security.LtvTimestamp;
import com.itextpdf.text.pdf.security.LtvVerification;
import com.itextpdf.text.pdf.security.MakeSignature;
import com.itextpdf.text.pdf.security.OcspClientBouncyCastle;
import com.itextpdf.text.pdf.security.PrivateKeySignature;
import com.itextpdf.text.pdf.security.TSAClient;
import com.itextpdf.text.pdf.security.TSAClientBouncyCastle;
import java.io.ByteArrayOutputStream;
import java.util.Map;

/** iText 5, the writer of the token agents of Vietnamese agencies. */
final class IText5 implements Makers.Maker {
  @Override
  public byte[] run(Step step) throws Exception {
    PdfReader.unethicalreading = true;
    PdfReader reader = new PdfReader(step.input());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    switch (step.text("action")) {
      case "fill" -> {
        PdfStamper stamper = new PdfStamper(reader, out, '\0', true);
        for (Map.Entry<String, String> each : step.fill().entrySet()) {
          if (!stamper.getAcroFields().setField(each.getKey(), each.getValue())) throw new Exception("no " + each.getKey());
        }
        stamper.close();
      }
      case "info" -> {
        PdfStamper stamper = new PdfStamper(reader, out, '\0', true);
        Map<String, String> info = reader.getInfo();
        stamper.setMoreInfo(info);
        stamper.close();
      }
      case "dss" -> {
        PdfStamper stamper = new PdfStamper(reader, out, '\0', true);
        LtvVerification material = stamper.getLtvVerification();
        AcroFields fields = stamper.getAcroFields();
        for (String name : fields.getSignatureNames()) {
          material.addVerification(
              name,
              new OcspClientBouncyCastle(null),
              new CrlClientOnline(),
              LtvVerification.CertificateOption.WHOLE_CHAIN,
              LtvVerification.Level.OCSP_CRL,
              LtvVerification.CertificateInclusion.YES);
        }
        material.merge();
        stamper.close();
      }
      case "timestamp" -> {
        PdfStamper stamper = PdfStamper.createSignature(reader, out, '\0', null, true);
        LtvTimestamp.timestamp(stamper.getSignatureAppearance(), tsa(step), step.text("field"));
      }
      default -> sign(step, reader, out);
    }
    return out.toByteArray();
  }

  private static void sign(Step step, PdfReader reader, ByteArrayOutputStream out) throws Exception {
    PdfStamper stamper = PdfStamper.createSignature(reader, out, '\0', null, true);
    if (step.is("compressed")) stamper.setFullCompression();
    PdfSignatureAppearance appearance = stamper.getSignatureAppearance();
    String field = step.text("field");
    float[] rect = step.rect();
    if (reader.getAcroFields().getFieldItem(field) != null) appearance.setVisibleSignature(field);
    else if (rect != null) appearance.setVisibleSignature(new Rectangle(rect[0], rect[1], rect[2], rect[3]), 1, field);
    else appearance.setVisibleSignature(new Rectangle(0, 0, 0, 0), 1, field);
    if (step.text("reason") != null) appearance.setReason(step.text("reason"));
    if (step.number("certify") > 0) appearance.setCertificationLevel(step.number("certify"));
    if (step.lock() != null) {
      appearance.setFieldLockDict(new PdfSigLockDictionary(PdfSigLockDictionary.LockAction.INCLUDE, step.lock()));
    }
    if (step.text("image") != null) {
      appearance.setSignatureGraphic(Image.getInstance(step.text("image")));
      appearance.setRenderingMode(PdfSignatureAppearance.RenderingMode.GRAPHIC);
    }
    if (step.text("text") != null) {
      // Drawn by the program itself, as the agents do: the library's own layout drops what does not fit a small gap.
      Phrase text = new Phrase(step.text("text"), new Font(Font.FontFamily.TIMES_ROMAN, 13));
      ColumnText.showTextAligned(appearance.getLayer(2), Element.ALIGN_LEFT, text, 2, 6, 0);
    }
    MakeSignature.signDetached(
        appearance,
        new BouncyCastleDigest(),
        new PrivateKeySignature(step.key(), "SHA-256", null),
        step.chain(),
        null,
        step.is("ocsp") ? new OcspClientBouncyCastle(null) : null,
        step.text("tsa") == null ? null : tsa(step),
        0,
        step.is("cades") ? MakeSignature.CryptoStandard.CADES : MakeSignature.CryptoStandard.CMS);
  }

  private static TSAClient tsa(Step step) {
    return new TSAClientBouncyCastle(step.text("tsa"), null, null, 6000, "SHA-256");
  }
}
