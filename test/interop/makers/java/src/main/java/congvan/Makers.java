package congvan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.util.Map;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/** Lets other software sign, fill and amend PDF files: one JSON request a line on stdin, one JSON answer a line on stdout. */
public final class Makers {
  private static final ObjectMapper JSON = new ObjectMapper();

  interface Maker {
    byte[] run(Step step) throws Exception;
  }

  /** Classes by the makers' names; not every one is on each class path. */
  private static final Map<String, String> MAKERS =
      Map.of(
          "iText 5", "IText5",
          "iText 7", "ITextCore",
          "iText 8", "ITextCore",
          "iText 9", "IText9",
          "PDFBox", "PdfBox",
          "PDFBox 2", "PdfBox2",
          "OpenPDF", "OpenPdf",
          "EU DSS", "Dss");

  public static void main(String[] arguments) throws Exception {
    Security.addProvider(new BouncyCastleProvider());
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      JsonNode asked = JSON.readTree(line);
      ObjectNode answer = JSON.createObjectNode();
      try {
        Class<?> maker = Class.forName("congvan." + MAKERS.get(asked.get("maker").asText()));
        byte[] made = ((Maker) maker.getDeclaredConstructor().newInstance()).run(new Step(asked));
        Files.write(Path.of(asked.get("out").asText()), made);
        answer.putNull("error");
      } catch (Throwable error) {
        if (System.getenv("MAKERS_TRACE") != null) error.printStackTrace();
        answer.put("error", String.valueOf(error));
      }
      System.out.println(answer);
    }
  }
}
