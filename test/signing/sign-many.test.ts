import { beforeAll, describe, expect, test } from "vitest";
import { generateKeys, issueCertificate, issueRoot, type KeyKind } from "../../signing/issue/certificates.ts";
import { signRaw } from "../../signing/algorithms/identifiers.ts";
import { signerFromKey, type Signer } from "../../signing/keys/signer.ts";
import { readPdf } from "../../signing/pdf/document.ts";
import { signPdf } from "../../signing/sign/sign.ts";
import { verifyPdf } from "../../signing/validate/verify.ts";
import { hybridDocument } from "./hybrid-document.ts";
import { blankDocument } from "./pdf-documents.ts";
import { installed, opensslAccepts, pdfsigVerdicts, qpdfComplaints, rawSignatures } from "./pdf-judges.ts";

const at = new Date("2026-05-05T05:05:05Z");
const validity = { notBefore: new Date("2026-01-01"), notAfter: new Date("2036-01-01") };
const kinds = [
  "rsa-2048",
  "rsa-3072",
  "rsa-4096",
  "rsa-2048 pss",
  "rsa-3072 pss",
  "rsa-4096 pss",
  "ec-p256",
  "ec-p384",
  "ec-p521",
  "ed25519",
] as const;
/** Neither NSS in poppler 22.12 nor OpenSSL 3.0 verifies Ed25519 in CMS (RFC 8419). */
const beyondJudges = new Set<string>(["ed25519"]);

const rootKeys = generateKeys("ec-p256");
const root = issueRoot({ key: rootKeys.privateKey, subject: { C: "VN", CN: "CA gốc thử nghiệm" }, ...validity });
let signers: Signer[];
beforeAll(() => {
  signers = kinds.map((name) => {
    const [kind, scheme] = name.split(" ") as [KeyKind, "pss" | undefined];
    const { privateKey, publicKey } = generateKeys(kind);
    const certificate = issueCertificate({
      publicKey,
      issuer: { key: rootKeys.privateKey, certificate: root },
      usage: "person",
      subject: { C: "VN", O: "Ủy ban nhân dân xã Phú Thượng", CN: `Người ký ${name}` },
      ...validity,
    });
    const plain = signerFromKey(privateKey, certificate, []);
    if (scheme === undefined) return plain;
    const { digest } = plain;
    return { ...plain, scheme, sign: (data) => Promise.resolve(signRaw(privateKey, digest, data, "pss")) };
  });
});

const bases = {
  "a cross-reference table": () => blankDocument("table"),
  "cross-reference and object streams": () => blankDocument("stream"),
  "a hybrid section": () => Promise.resolve(hybridDocument()),
} as const;

describe.each(Object.entries(bases))("thirty signatures by ten kinds of keys on a file with %s", (_, make) => {
  let states: Buffer[];
  beforeAll(async () => {
    states = [await make()];
    for (let number = 0; number < 30; number++) {
      const [column, row] = [number % 5, Math.floor(number / 5)];
      const rect = [40 + column * 100, 60 + row * 40, 120 + column * 100, 90 + row * 40] as const;
      const field = { type: "signature", name: `Ký${number}`, page: 0, rect } as const;
      states.push(await signPdf(states.at(-1)!, { field, signer: signers[number % kinds.length]!, at }));
    }
  });

  test("each begins with the very bytes of the one before", () => {
    for (const [index, state] of states.slice(1).entries()) {
      expect(state.subarray(0, states[index]!.length).equals(states[index]!)).toBe(true);
    }
    expect(readPdf(states[30]!).revisions).toHaveLength(31);
  });

  test("all pass our validator", () => {
    const { integrity, signatures, indication } = verifyPdf(states[30]!, { anchors: [root], at });
    expect([indication, integrity, signatures.length]).toEqual(["TOTAL-PASSED", "PASS", 30]);
  });

  test.skipIf(!installed("openssl"))("all pass OpenSSL", () => {
    const refused = rawSignatures(states[30]!).flatMap((signature, index) =>
      opensslAccepts(signature, root) || beyondJudges.has(kinds[index % kinds.length]!)
        ? []
        : [kinds[index % kinds.length]],
    );
    expect([...new Set(refused)]).toEqual([]);
  });

  test.skipIf(!installed("pdfsig") || !installed("qpdf"))(
    "pdfsig and qpdf find nothing wrong with what they know",
    () => {
      expect(qpdfComplaints(states[30]!)).toBe("");
      const verdicts = pdfsigVerdicts(states[30]!);
      expect(verdicts).toHaveLength(30);
      const bad = verdicts.flatMap((verdict, index) => {
        const kind = kinds[index % kinds.length]!;
        return verdict === "Signature is Valid" || beyondJudges.has(kind) ? [] : [`${kind}: ${verdict}`];
      });
      expect([...new Set(bad)]).toEqual([]);
    },
  );
});
