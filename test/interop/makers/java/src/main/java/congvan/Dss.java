package congvan;

import eu.europa.esig.dss.enumerations.CertificationPermission;
import eu.europa.esig.dss.enumerations.DigestAlgorithm;
import eu.europa.esig.dss.enumerations.SignatureLevel;
import eu.europa.esig.dss.model.DSSDocument;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.model.InMemoryDocument;
import eu.europa.esig.dss.model.x509.CertificateToken;
import eu.europa.esig.dss.pades.PAdESSignatureParameters;
import eu.europa.esig.dss.pades.PAdESTimestampParameters;
import eu.europa.esig.dss.pades.SignatureFieldParameters;
import eu.europa.esig.dss.pades.SignatureImageParameters;
import eu.europa.esig.dss.pades.SignatureImageTextParameters;
import eu.europa.esig.dss.pades.signature.PAdESService;
import eu.europa.esig.dss.service.crl.OnlineCRLSource;
import eu.europa.esig.dss.service.ocsp.OnlineOCSPSource;
import eu.europa.esig.dss.service.tsp.OnlineTSPSource;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.token.KSPrivateKeyEntry;
import eu.europa.esig.dss.token.Pkcs12SignatureToken;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.security.KeyStore;
import java.security.KeyStore.PasswordProtection;

/** EU DSS: PAdES levels, its own picture of a signature, /VRI, lifting and document time-stamps. */
final class Dss implements Makers.Maker {
  @Override
  public byte[] run(Step step) throws Exception {
    CommonCertificateVerifier verifier = new CommonCertificateVerifier();
    CommonTrustedCertificateSource trusted = new CommonTrustedCertificateSource();
    trusted.addCertificate(DSSUtils.loadCertificate(new File(step.text("root"))));
    verifier.setTrustedCertSources(trusted);
    verifier.setCrlSource(new OnlineCRLSource());
    verifier.setOcspSource(new OnlineOCSPSource());
    PAdESService service = new PAdESService(verifier);
    if (step.text("tsa") != null) service.setTspSource(new OnlineTSPSource(step.text("tsa")));
    DSSDocument document = new InMemoryDocument(step.input());
    DSSDocument made =
        switch (step.text("action")) {
          case "timestamp" -> service.timestamp(document, new PAdESTimestampParameters());
          case "lift" -> {
            PAdESSignatureParameters parameters = new PAdESSignatureParameters();
            parameters.setSignatureLevel(level(step));
            parameters.setIncludeVRIDictionary(step.is("vri"));
            yield service.extendDocument(document, parameters);
          }
          case "field" -> service.addNewSignatureField(document, place(step));
          default -> sign(step, service, document);
        };
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    made.writeTo(out);
    return out.toByteArray();
  }

  private static SignatureLevel level(Step step) {
    return SignatureLevel.valueByName("PAdES-BASELINE-" + step.text("level").substring(2));
  }

  private static SignatureFieldParameters place(Step step) {
    SignatureFieldParameters place = new SignatureFieldParameters();
    // DSS names a new field itself, and takes a name for that of a field that is there.
    if (step.text("action").equals("field") || step.is("existing")) place.setFieldId(step.text("field"));
    float[] rect = step.rect();
    if (rect != null) {
      // DSS counts from the top of a page, which is A4 here.
      place.setPage(1);
      place.setOriginX(rect[0]);
      place.setOriginY(842 - rect[3]);
      place.setWidth(rect[2] - rect[0]);
      place.setHeight(rect[3] - rect[1]);
    }
    return place;
  }

  private static DSSDocument sign(Step step, PAdESService service, DSSDocument document) throws Exception {
    try (Pkcs12SignatureToken token = new Pkcs12SignatureToken(step.text("key"), new PasswordProtection(Step.PASSWORD))) {
      KSPrivateKeyEntry key = (KSPrivateKeyEntry) token.getKeys().get(0);
      PAdESSignatureParameters parameters = new PAdESSignatureParameters();
      parameters.setSignatureLevel(level(step));
      parameters.setDigestAlgorithm(DigestAlgorithm.SHA256);
      parameters.setSigningCertificate(key.getCertificate());
      parameters.setCertificateChain(step.is("leafOnly") ? new CertificateToken[] {key.getCertificate()} : key.getCertificateChain());
      parameters.setIncludeVRIDictionary(step.is("vri"));
      if (step.number("certify") > 0) parameters.setPermission(CertificationPermission.fromCode(step.number("certify")));
      if (step.text("reason") != null) parameters.setReason(step.text("reason"));
      SignatureImageParameters image = new SignatureImageParameters();
      image.setFieldParameters(place(step));
      if (step.text("image") != null) image.setImage(new FileDocument(step.text("image")));
      if (step.text("text") != null) {
        SignatureImageTextParameters text = new SignatureImageTextParameters();
        text.setText(step.text("text"));
        image.setTextParameters(text);
      }
      parameters.setImageParameters(image);
      return service.signDocument(
          document, parameters, token.sign(service.getDataToSign(document, parameters), DigestAlgorithm.SHA256, key));
    }
  }
}
