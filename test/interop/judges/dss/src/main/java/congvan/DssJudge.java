package congvan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import eu.europa.esig.dss.diagnostic.DiagnosticData;
import eu.europa.esig.dss.diagnostic.SignatureWrapper;
import eu.europa.esig.dss.diagnostic.TimestampWrapper;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.simplereport.SimpleReport;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.validation.SignedDocumentValidator;
import eu.europa.esig.dss.validation.reports.Reports;
import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.List;

/** What EU DSS says of PDF signatures: one JSON request a line on stdin, one JSON answer a line on stdout. */
public final class DssJudge {
  private static final ObjectMapper JSON = new ObjectMapper();

  public static void main(String[] arguments) throws Exception {
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      JsonNode request = JSON.readTree(line);
      ObjectNode answer = JSON.createObjectNode();
      answer.put("file", request.get("file").asText());
      ArrayNode signatures = answer.putArray("signatures");
      answer.putNull("error");
      try {
        judge(request, signatures);
      } catch (Throwable error) {
        answer.put("error", error.getClass().getSimpleName() + ": " + error.getMessage());
      }
      System.out.println(JSON.writeValueAsString(answer));
      System.out.flush();
    }
  }

  private static void judge(JsonNode request, ArrayNode signatures) {
    CommonTrustedCertificateSource trusted = new CommonTrustedCertificateSource();
    for (JsonNode anchor : request.get("anchors")) {
      trusted.addCertificate(DSSUtils.loadCertificate(new File(anchor.asText())));
    }
    CommonCertificateVerifier verifier = new CommonCertificateVerifier();
    verifier.addTrustedCertSources(trusted);
    SignedDocumentValidator validator = SignedDocumentValidator.fromDocument(new FileDocument(request.get("file").asText()));
    validator.setCertificateVerifier(verifier);
    if (request.hasNonNull("at")) validator.setValidationTime(Date.from(Instant.parse(request.get("at").asText())));
    Reports reports = validator.validateDocument();
    DiagnosticData data = reports.getDiagnosticData();
    SimpleReport simple = reports.getSimpleReport();
    for (SignatureWrapper signature : data.getSignatures()) {
      ObjectNode told = signatures.addObject();
      String id = signature.getId();
      List<String> fields = signature.getSignatureFieldNames();
      told.put("field", fields.isEmpty() ? "" : fields.get(0));
      told.put("kind", "Sig");
      told.put("indication", String.valueOf(simple.getIndication(id)));
      told.put("subIndication", String.valueOf(simple.getSubIndication(id)));
      told.put("intact", signature.isSignatureIntact());
      told.put("valid", signature.isSignatureValid());
      told.put("byteRangeValid", signature.isSignatureByteRangeValid());
      told.put("dictionaryConsistent", signature.isPdfSignatureDictionaryConsistent());
      told.put("level", String.valueOf(signature.getSignatureFormat()));
      told.put("visualDifference", signature.arePdfObjectModificationsDetected());
      told.put("formFills", signature.getPdfSignatureOrFormFillChanges().size());
      told.put("annotations", signature.getPdfAnnotationChanges().size());
      told.put("undefined", signature.getPdfUndefinedChanges().size());
      told.put("undefinedPaths", String.valueOf(signature.getPdfUndefinedChanges().stream().map(x -> x.getValue()).toList()));
      told.put("errors", String.valueOf(simple.getAdESValidationErrors(id).stream().map(x -> x.getKey()).toList()));
    }
    for (TimestampWrapper stamp : data.getTimestampList()) {
      ObjectNode told = signatures.addObject();
      told.put("field", stamp.getSignatureFieldNames().isEmpty() ? "" : stamp.getSignatureFieldNames().get(0));
      told.put("kind", String.valueOf(stamp.getType()));
      told.put("intact", stamp.isSignatureIntact() && stamp.isMessageImprintDataIntact());
      told.put("valid", stamp.isSignatureValid());
    }
  }
}
