import { describe, expect, test } from "vitest";
import {
  AxisError,
  canonicalJson,
  parseManifest,
  receiptFor,
  sha256,
  signDeliveryReceipt,
  signHubReceipt,
  signManifest,
  uuidv7,
  verifyDeliveryReceipt,
  verifyHubReceipt,
  verifyManifest,
  verifyParts,
  type Manifest,
  type Signed,
} from "../../axis/index.ts";
import { verifyBytes } from "../../axis/signature.ts";
import { newCredential } from "./identities.ts";
import { letterHeader, letterManifest } from "./messages.ts";
import { Random } from "./random.ts";

const sender = newCredential("H99.01");
const recipient = newCredential("H99.02");
const trust = (...certificates: Buffer[]) => ({ certificateFor: () => certificates });
const signed = signManifest(letterManifest("H99.01", ["H99.02", "H99.03"]), sender);
const withCode = (code: string) => expect.objectContaining({ name: "AxisError", code }) as AxisError;
const codeOf = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    if (error instanceof AxisError) return error.code;
    throw error;
  }
  return "taken";
};

describe("a signed manifest", () => {
  test.each(["ec", "rsa"] as const)("is taken with the %s key of the sender's certificate", async (type) => {
    const credential = newCredential("H99.01", type);
    const letter = letterManifest("H99.01", ["H99.02"]);
    const message = signManifest(letter, credential);
    expect(await verifyManifest(message, { ...trust(credential.certificate), addressee: "H99.02" })).toEqual(letter);
    expect(message.bytes.toString()).toBe(canonicalJson(letter));
  });

  test("is refused with any bit changed, in the bytes or in the signature", async () => {
    const random = new Random(8);
    for (let round = 0; round < 200; round++) {
      const bytes = Buffer.from(signed.bytes);
      const at = random.below(bytes.length);
      bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << random.below(8)), at);
      await expect(verifyManifest({ ...signed, bytes }, trust(sender.certificate))).rejects.toThrow(AxisError);
      const place = random.below(signed.jws.length);
      const jws = signed.jws.slice(0, place) + (signed.jws[place] === "A" ? "B" : "A") + signed.jws.slice(place + 1);
      const outcome = await verifyManifest({ ...signed, jws }, trust(sender.certificate)).then(
        () => "taken",
        (error: unknown) => error,
      );
      // The last character of base64url has bits that mean nothing.
      if (place < signed.jws.length - 1) expect(outcome).toEqual(withCode("bad_signature"));
    }
  });

  test("is refused by any certificate but the directory's", async () => {
    await expect(verifyManifest(signed, trust(recipient.certificate))).rejects.toThrow(withCode("bad_signature"));
    await expect(verifyManifest(signed, trust())).rejects.toThrow(withCode("bad_signature"));
    await expect(verifyManifest(signed, trust(recipient.certificate, sender.certificate))).resolves.toBeDefined();
    const late = new Date(Date.now() + 3 * 365 * 24 * 3_600_000);
    await expect(verifyManifest(signed, { ...trust(sender.certificate), at: late })).rejects.toThrow(
      withCode("bad_signature"),
    );
  });

  test("is refused when its header says another algorithm, another type or an extension", () => {
    const forge = (change: object) => {
      const [encoded = "", , signature = ""] = signed.jws.split(".");
      const header = JSON.parse(Buffer.from(encoded, "base64url").toString()) as object;
      return {
        ...signed,
        jws: `${Buffer.from(JSON.stringify({ ...header, ...change })).toString("base64url")}..${signature}`,
      };
    };
    for (const change of [
      { alg: "none" },
      { alg: "HS256" },
      { alg: "RS256" },
      { typ: "ltvb-hub-receipt" },
      { crit: ["x"] },
      { x5c: [] },
    ]) {
      expect(codeOf(() => verifyBytes("ltvb-manifest", forge(change), [sender.certificate], new Date()))).toBe(
        "bad_signature",
      );
    }
    expect(codeOf(() => verifyBytes("ltvb-hub-receipt", signed, [sender.certificate], new Date()))).toBe(
      "bad_signature",
    );
  });

  test("is refused by an agency that it was not sent to", async () => {
    await expect(verifyManifest(signed, { ...trust(sender.certificate), addressee: "H99.09" })).rejects.toThrow(
      withCode("not_addressee"),
    );
  });

  test("keeps unknown members in its bytes: a later version may add some", () => {
    const bytes = Buffer.from(canonicalJson({ ...letterManifest("H99.01", ["H99.02"]), later: { a: 1 } }));
    expect(parseManifest(bytes)).not.toHaveProperty("later");
  });
});

describe("an untrusted manifest is refused", () => {
  const letter = letterManifest("H99.01", ["H99.02"]);
  const cases: [string, object, string][] = [
    ["of another version", { v: "ltvb/2" }, "unsupported_version"],
    ["of a kind not taken yet", { kind: "recall" }, "unknown_kind"],
    ["of an unknown kind", { kind: "gossip" }, "unknown_kind"],
    ["with an id of another version", { messageId: "6f1f0c1e-0d0b-4a6c-9d5e-3c1b8a4f7e20" }, "malformed"],
    ["to nobody", { recipients: [] }, "malformed"],
    ["to one agency twice", { recipients: [letter.recipients[0], letter.recipients[0]] }, "malformed"],
    ["whose header names another sender", { meta: letterHeader("H99.07", ["H99.02"]) }, "malformed"],
    ["without a file", { parts: [] }, "malformed"],
    ["with a path for a file name", { parts: [{ ...letter.parts[0], name: "../a.pdf" }] }, "malformed"],
    ["with a state secret", { confidentiality: "mat" }, "malformed"],
    ["with a day for an instant", { createdAt: "2026-03-02" }, "malformed"],
    ["that expires before it is made", { expiresAt: "2020-01-01T00:00:00.000Z" }, "malformed"],
    ["without header", { meta: null }, "malformed"],
    ["that is too large", { padding: "x".repeat(256 * 1024) }, "too_large"],
  ];
  test.each(cases)("%s", (_, change, code) => {
    expect(codeOf(() => parseManifest(Buffer.from(canonicalJson({ ...letter, ...change }))))).toBe(code);
  });

  test("in any form but the canonical one", () => {
    const text = canonicalJson(letter);
    for (const other of [
      ` ${text}`,
      JSON.stringify(letter, null, 1),
      text.replace('"kind":', '"kind":"status","kind":'),
      `\uFEFF${text}`,
      "",
      "{",
      "null",
    ]) {
      expect(["malformed", "unsupported_version"]).toContain(codeOf(() => parseManifest(Buffer.from(other))));
    }
  });

  test("under 2,000 mutations with typed errors only", () => {
    const random = new Random(9);
    const bytes = Buffer.from(canonicalJson(letter));
    for (let round = 0; round < 2_000; round++) {
      const at = random.below(bytes.length);
      const mutant = Buffer.concat([bytes.subarray(0, at), random.bytes(4), bytes.subarray(at + random.below(20))]);
      codeOf(() => parseManifest(mutant));
    }
  });
});

test("parts that are missing, cut or exchanged are refused", () => {
  const file = Buffer.from("%PDF-1.7 thử");
  const { parts } = letterManifest("H99.01", ["H99.02"], file);
  expect(codeOf(() => verifyParts(parts, new Map([["p1", file]])))).toBe("taken");
  for (const other of [
    new Map(),
    new Map([["p1", file.subarray(1)]]),
    new Map([["p1", Buffer.from("%PDF-1.7 thu ")]]),
  ]) {
    expect(codeOf(() => verifyParts(parts, other))).toBe("digest_mismatch");
  }
});

describe("receipts", () => {
  const hub = newCredential("H99");
  const delivery = { deliveryId: uuidv7(), recipient: "H99.02" };
  const manifest = parseManifest(signed.bytes);
  const stored = signDeliveryReceipt(receiptFor(delivery, signed.bytes, null, new Date()), recipient);
  const hubReceiptOf = (change: object = {}) =>
    signHubReceipt(
      {
        v: "ltvb/1",
        hub: "H99",
        messageId: manifest.messageId,
        manifestSha256: sha256(signed.bytes),
        acceptedAt: new Date().toISOString(),
        recipients: ["H99.02", "H99.03"],
        ...change,
      },
      hub,
    );

  test("of the hub prove message, content and recipients", () => {
    expect(verifyHubReceipt(hubReceiptOf(), signed.bytes, [hub.certificate]).recipients).toEqual(["H99.02", "H99.03"]);
    expect(
      codeOf(() => verifyHubReceipt(hubReceiptOf({ recipients: ["H99.02"] }), signed.bytes, [hub.certificate])),
    ).toBe("malformed");
    expect(codeOf(() => verifyHubReceipt(hubReceiptOf({ messageId: uuidv7() }), signed.bytes, [hub.certificate]))).toBe(
      "digest_mismatch",
    );
    expect(codeOf(() => verifyHubReceipt(hubReceiptOf(), signed.bytes, [sender.certificate]))).toBe("bad_signature");
  });

  test("of a recipient prove addressee, content and parts", () => {
    const check = (receipt: Signed) =>
      codeOf(() => verifyDeliveryReceipt(receipt, signed.bytes, [recipient.certificate]));
    const make = (change: object) =>
      signDeliveryReceipt({ ...receiptFor(delivery, signed.bytes, null, new Date()), ...change }, recipient);
    expect(check(stored)).toBe("taken");
    expect(check(signDeliveryReceipt(receiptFor(delivery, signed.bytes, "infected", new Date()), recipient))).toBe(
      "taken",
    );
    expect(check(make({ parts: [] }))).toBe("digest_mismatch");
    expect(check(make({ recipient: "H99.09" }))).toBe("not_addressee");
    expect(check(make({ code: "infected" }))).toBe("malformed");
    expect(check(signDeliveryReceipt(receiptFor(delivery, signed.bytes, null, new Date()), sender))).toBe(
      "bad_signature",
    );
  });

  /** Whether a verifier tells the receipt of one content from that of another under the same message id. */
  const bindsContent = (verify: typeof verifyDeliveryReceipt) => {
    const other: Manifest = {
      ...manifest,
      meta: { ...letterHeader("H99.01", ["H99.02", "H99.03"]), subject: "Nội dung khác" },
    };
    const receipt = signDeliveryReceipt(
      receiptFor(delivery, Buffer.from(canonicalJson(other)), null, new Date()),
      recipient,
    );
    return codeOf(() => verify(receipt, signed.bytes, [recipient.certificate])) === "digest_mismatch";
  };

  test("are bound to the content, not to the id alone", () => {
    expect(bindsContent(verifyDeliveryReceipt)).toBe(true);
  });

  test("planted bug: a verifier that compares the id alone is caught", () => {
    const idAlone: typeof verifyDeliveryReceipt = (receipt, _, trusted) => {
      verifyBytes("ltvb-delivery-receipt", receipt, trusted, new Date());
      const read = JSON.parse(receipt.bytes.toString()) as ReturnType<typeof verifyDeliveryReceipt>;
      if (read.messageId !== manifest.messageId) throw new AxisError("digest_mismatch", "another message");
      return read;
    };
    expect(bindsContent(idAlone)).toBe(false);
  });
});
