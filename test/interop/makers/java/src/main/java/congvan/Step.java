package congvan;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.FileInputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** One thing that a maker does to a file: what test/interop/others.ts asks for, with what is usual where it says nothing. */
final class Step {
  static final char[] PASSWORD = "congvan".toCharArray();
  private final JsonNode asked;

  Step(JsonNode asked) {
    this.asked = asked;
  }

  String text(String name) {
    return asked.hasNonNull(name) ? asked.get(name).asText() : null;
  }

  int number(String name) {
    return asked.path(name).asInt(0);
  }

  boolean is(String name) {
    return asked.path(name).asBoolean(false);
  }

  byte[] input() throws Exception {
    return Files.readAllBytes(Path.of(text("in")));
  }

  /** Left, bottom, right and top on page 1; null where the signature is not to be seen. */
  float[] rect() {
    if (!asked.hasNonNull("rect")) return null;
    float[] rect = new float[4];
    for (int at = 0; at < 4; at++) rect[at] = (float) asked.get("rect").get(at).asDouble();
    return rect;
  }

  String[] lock() {
    if (!asked.hasNonNull("lock")) return null;
    String[] names = new String[asked.get("lock").size()];
    for (int at = 0; at < names.length; at++) names[at] = asked.get("lock").get(at).asText();
    return names;
  }

  Map<String, String> fill() {
    Map<String, String> values = new LinkedHashMap<>();
    for (Iterator<String> names = asked.path("fill").fieldNames(); names.hasNext(); ) {
      String name = names.next();
      values.put(name, asked.get("fill").get(name).asText());
    }
    return values;
  }

  PrivateKey key() throws Exception {
    KeyStore store = store();
    return (PrivateKey) store.getKey(store.aliases().nextElement(), PASSWORD);
  }

  /** Agencies' tokens put the signer's own certificate in and nothing else. */
  Certificate[] chain() throws Exception {
    KeyStore store = store();
    Certificate[] chain = store.getCertificateChain(store.aliases().nextElement());
    return is("leafOnly") ? Arrays.copyOf(chain, 1) : chain;
  }

  KeyStore store() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream file = new FileInputStream(text("key"))) {
      store.load(file, PASSWORD);
    }
    return store;
  }
}
