package congvan;

import com.lowagie.text.Image;
import com.lowagie.text.Rectangle;
import com.lowagie.text.pdf.PdfDate;
import com.lowagie.text.pdf.PdfDictionary;
import com.lowagie.text.pdf.PdfName;
import com.lowagie.text.pdf.PdfReader;
import com.lowagie.text.pdf.PdfSignature;
import com.lowagie.text.pdf.PdfSignatureAppearance;
import com.lowagie.text.pdf.PdfStamper;
import com.lowagie.text.pdf.PdfString;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Calendar;
import java.util.HashMap;
import java.util.Map;

/** OpenPDF, the other branch of old iText, as older agents use it. */
final class OpenPdf implements Makers.Maker {
  private static final int ROOM = 12_000;

  @Override
  public byte[] run(Step step) throws Exception {
    PdfReader reader = new PdfReader(step.input());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    if (step.text("action").equals("fill")) {
      PdfStamper stamper = new PdfStamper(reader, out, '\0', true);
      for (Map.Entry<String, String> each : step.fill().entrySet()) {
        if (!stamper.getAcroFields().setField(each.getKey(), each.getValue())) throw new Exception("no " + each.getKey());
      }
      stamper.close();
      return out.toByteArray();
    }
    PdfStamper stamper = PdfStamper.createSignature(reader, out, '\0', null, true);
    PdfSignatureAppearance appearance = stamper.getSignatureAppearance();
    appearance.setCrypto(null, step.chain(), null, PdfSignatureAppearance.WINCER_SIGNED);
    appearance.setSignDate(Calendar.getInstance());
    float[] rect = step.rect();
    if (reader.getAcroFields().getFieldItem(step.text("field")) != null) appearance.setVisibleSignature(step.text("field"));
    else if (rect != null) {
      appearance.setVisibleSignature(new Rectangle(rect[0], rect[1], rect[2], rect[3]), 1, step.text("field"));
    } else appearance.setFieldNameForInvisibleSignatures(step.text("field"));
    if (step.number("certify") > 0) appearance.setCertificationLevel(step.number("certify"));
    // Without it, "Signature Not Verified" and a question mark are drawn over the text, for readers before Acrobat 6.
    appearance.setAcro6Layers(true);
    if (step.text("text") != null) appearance.setLayer2Text(step.text("text"));
    if (step.text("image") != null) {
      appearance.setSignatureGraphic(Image.getInstance(step.text("image")));
      appearance.setRender(PdfSignatureAppearance.SignatureRenderGraphic);
    }
    PdfSignature dictionary = new PdfSignature(PdfName.ADOBE_PPKLITE, PdfName.ADBE_PKCS7_DETACHED);
    dictionary.setDate(new PdfDate(appearance.getSignDate()));
    dictionary.setName("Nguyen Thi Uoc");
    appearance.setCryptoDictionary(dictionary);
    appearance.preClose(new HashMap<>(Map.of(PdfName.CONTENTS, ROOM * 2 + 2)));
    byte[] signed = Cms.sign(step, appearance.getRangeStream().readAllBytes());
    PdfDictionary rest = new PdfDictionary();
    rest.put(PdfName.CONTENTS, new PdfString(Arrays.copyOf(signed, ROOM)).setHexWriting(true));
    appearance.close(rest);
    return out.toByteArray();
  }
}
