import eu.europa.esig.dss.diagnostic.SignatureWrapper;
import eu.europa.esig.dss.enumerations.DigestAlgorithm;
import eu.europa.esig.dss.enumerations.SignatureAlgorithm;
import eu.europa.esig.dss.enumerations.SignatureLevel;
import eu.europa.esig.dss.model.DSSDocument;
import eu.europa.esig.dss.model.InMemoryDocument;
import eu.europa.esig.dss.model.SignatureValue;
import eu.europa.esig.dss.model.policy.ValidationPolicy;
import eu.europa.esig.dss.model.x509.CertificateToken;
import eu.europa.esig.dss.pades.PAdESSignatureParameters;
import eu.europa.esig.dss.pades.SignatureFieldParameters;
import eu.europa.esig.dss.pades.SignatureImageParameters;
import eu.europa.esig.dss.pades.signature.PAdESService;
import eu.europa.esig.dss.pades.validation.PDFDocumentValidator;
import eu.europa.esig.dss.pdf.modifications.DefaultPdfDifferencesFinder;
import eu.europa.esig.dss.pdf.pdfbox.PdfBoxNativeObjectFactory;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.validation.policy.ValidationPolicyLoader;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * EU DSS in the signing bench. Standard input has an act and the number of a file a line, "sign 3" or "validate 3"; the
 * answer is one line of JSON. Files and key are kept in memory, policy, trust and services are made once, nothing goes to
 * the network, reports that nobody asked for are left out, and so is the comparison of pages as pictures (with it, DSS
 * validates two files of ten pages a second), which nobody else in this bench makes; objects are compared.
 */
public final class DssSigner {
  private final PrivateKey key;
  private final CertificateToken certificate;
  private final CommonCertificateVerifier verifier = new CommonCertificateVerifier();
  private final PAdESService service;
  private final ValidationPolicy policy = ValidationPolicyLoader.fromDefaultValidationPolicy().create();
  private final PdfBoxNativeObjectFactory pdf = new PdfBoxNativeObjectFactory();
  private final Date at;
  private final Map<String, byte[]> files = new HashMap<>();

  private DssSigner(String keyFile, String password, Instant at) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(new ByteArrayInputStream(Files.readAllBytes(Path.of(keyFile))), password.toCharArray());
    String name = store.aliases().nextElement();
    java.security.cert.Certificate[] chain = store.getCertificateChain(name);
    key = (PrivateKey) store.getKey(name, password.toCharArray());
    certificate = new CertificateToken((X509Certificate) chain[0]);
    CommonTrustedCertificateSource trusted = new CommonTrustedCertificateSource();
    trusted.addCertificate(new CertificateToken((X509Certificate) chain[chain.length - 1]));
    verifier.setTrustedCertSources(trusted);
    verifier.setAIASource(null);
    service = new PAdESService(verifier);
    DefaultPdfDifferencesFinder differences = new DefaultPdfDifferencesFinder();
    differences.setMaximalPagesAmountForVisualComparison(0);
    pdf.setPdfDifferencesFinder(differences);
    this.at = Date.from(at);
  }

  /** Key file, password, time of validation, rounds to warm up, and a folder with 0.pdf, 1.pdf … and signed-0.pdf …. */
  public static void main(String[] arguments) throws Exception {
    DssSigner dss = new DssSigner(arguments[0], arguments[1], Instant.parse(arguments[2]));
    Path folder = Path.of(arguments[4]);
    int count = 0;
    for (; Files.exists(folder.resolve(count + ".pdf")); count++) {
      for (String name : List.of(count + "", "signed-" + count)) {
        dss.files.put(name, Files.readAllBytes(folder.resolve(name + ".pdf")));
      }
    }
    for (int round = 0; round < Integer.parseInt(arguments[3]); round++) {
      dss.sign(round % count + "");
      dss.validate("signed-" + round % count);
    }
    System.out.println("{\"warm\":true}");
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      String[] asked = line.split(" ");
      System.out.println(asked[0].equals("sign") ? dss.sign(asked[1]) : dss.validate("signed-" + asked[1]));
    }
  }

  private String sign(String file) throws Exception {
    DSSDocument document = new InMemoryDocument(files.get(file));
    PAdESSignatureParameters parameters = new PAdESSignatureParameters();
    parameters.setSignatureLevel(SignatureLevel.PAdES_BASELINE_B);
    parameters.setDigestAlgorithm(DigestAlgorithm.SHA256);
    parameters.setSigningCertificate(certificate);
    parameters.setCertificateChain(new ArrayList<>(List.of(certificate)));
    parameters.setReason("Ban hanh");
    parameters.setLocation("Hue");
    SignatureFieldParameters place = new SignatureFieldParameters();
    place.setPage(1);
    place.setOriginX(300);
    place.setOriginY(842 - 140);
    place.setWidth(180);
    place.setHeight(80);
    SignatureImageParameters image = new SignatureImageParameters();
    image.setFieldParameters(place);
    parameters.setImageParameters(image);
    Signature raw = Signature.getInstance("SHA256withRSA");
    raw.initSign(key);
    raw.update(service.getDataToSign(document, parameters).getBytes());
    SignatureValue value = new SignatureValue(SignatureAlgorithm.RSA_SHA256, raw.sign());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    service.signDocument(document, parameters, value).writeTo(out);
    return "{\"length\":" + out.size() + "}";
  }

  private String validate(String file) {
    PDFDocumentValidator validator = new PDFDocumentValidator(new InMemoryDocument(files.get(file)));
    validator.setPdfObjFactory(pdf);
    validator.setCertificateVerifier(verifier);
    validator.setValidationTime(at);
    validator.setEnableEtsiValidationReport(false);
    List<SignatureWrapper> found = validator.validateDocument(policy).getDiagnosticData().getSignatures();
    boolean sound = found.size() == 1 && found.get(0).isSignatureValid() && found.get(0).isTrustedChain();
    return "{\"sound\":" + sound + "}";
  }
}
