import type { PdfView } from "../pdf/document.ts";
import { isName, PdfDict, PdfName, type PdfObject, PdfString } from "../pdf/objects.ts";
import { decodeText } from "../pdf/text.ts";
import { type KeyUsage, keyUsages } from "../x509/certificates.ts";
import { signingCertificate } from "./certificate.ts";
import { refuse } from "./refusal.ts";
import type { RevisionRequest } from "./request.ts";

/** Bits of a seed value dictionary's /Ff: these constraints are required, others are hints (12.7.5.5, table 237). */
const REQUIRED = {
  Filter: 1,
  SubFilter: 2,
  V: 4,
  Reasons: 8,
  LegalAttestation: 16,
  AddRevInfo: 32,
  DigestMethod: 64,
  LockDocument: 128,
  AppearanceFilter: 256,
} as const;

/** The largest version of seed value dictionaries whose keys are understood here: that of ISO 32000-2. */
const VERSION = 3;

/**
 * Holds a signature to the seed values of its field, for whoever made the form may demand how it is signed.
 * Throws REFUSE_SIGN with SEED_VALUE and `details.key` for a required constraint that is not met, or not understood.
 */
export function refuseUnlessSeedValues(view: PdfView, field: PdfDict, request: RevisionRequest): void {
  const seeds = view.dict(field.get("SV"));
  if (seeds === undefined) return;
  const flags = numberOf(view, seeds.get("Ff"));
  const required = (key: keyof typeof REQUIRED): boolean => (flags & REQUIRED[key]) !== 0;
  const demand = (key: string, met: boolean): void => {
    if (!met) throw refuse("SEED_VALUE", `The field's ${key} is not met.`, { key });
  };
  const listed = (key: string, fits: (value: PdfObject) => boolean): boolean =>
    view.array(seeds.get(key)).some((value) => fits(view.resolve(value)));

  if (required("Filter")) demand("Filter", isName(view.resolve(seeds.get("Filter")), "Adobe.PPKLite"));
  if (required("SubFilter"))
    demand(
      "SubFilter",
      listed("SubFilter", (value) => isName(value, "ETSI.CAdES.detached")),
    );
  if (required("V")) demand("V", numberOf(view, seeds.get("V")) <= VERSION);
  if (required("DigestMethod")) {
    demand(
      "DigestMethod",
      listed("DigestMethod", (value) => textOf(value).toLowerCase() === request.digest),
    );
  }
  if (required("Reasons")) {
    const reasons = view.array(seeds.get("Reasons")).map((value) => textOf(view.resolve(value)));
    // A single full stop, or no reason at all to choose from, says that none may be given.
    const none = reasons.length === 0 || (reasons.length === 1 && reasons[0] === ".");
    demand("Reasons", none ? request.reason === undefined : reasons.includes(request.reason ?? ""));
  }
  // No attestation is written; a PAdES signature carries its revocation values in the DSS, not in the CMS.
  if (required("LegalAttestation")) demand("LegalAttestation", view.array(seeds.get("LegalAttestation")).length === 0);
  if (required("AddRevInfo")) demand("AddRevInfo", view.resolve(seeds.get("AddRevInfo")) !== true);
  if (required("LockDocument")) demand("LockDocument", isName(view.resolve(seeds.get("LockDocument")), "false"));
  if (required("AppearanceFilter")) demand("AppearanceFilter", seeds.get("AppearanceFilter") === undefined);

  const permission = view.resolve(view.dict(seeds.get("MDP"))?.get("P"));
  // 0 asks for an ordinary signature, 1 to 3 for a certification of that level; no flag makes it a hint.
  if (typeof permission === "number") demand("MDP", permission === (request.certify ?? 0));
  const stamp = view.dict(seeds.get("TimeStamp"));
  if (stamp && numberOf(view, stamp.get("Ff")) & 1) demand("TimeStamp", request.timestamped === true);
  const certificate = view.dict(seeds.get("Cert"));
  if (certificate) refuseUnlessCertificate(view, certificate, request, demand);
}

/** Bits of /Ff in a certificate seed value dictionary (table 238); those not named here are not understood. */
const CERTIFICATE = { Subject: 1, Issuer: 2, KeyUsage: 32 } as const;
const URL_HINT = 64;

function refuseUnlessCertificate(
  view: PdfView,
  seeds: PdfDict,
  { certificate, chain = [] }: RevisionRequest,
  demand: (key: string, met: boolean) => void,
): void {
  const flags = numberOf(view, seeds.get("Ff")) & ~URL_HINT;
  const { Subject, Issuer, KeyUsage } = CERTIFICATE;
  demand("Cert", (flags & ~(Subject | Issuer | KeyUsage)) === 0);
  const among = (key: string, own: readonly Buffer[]): boolean =>
    view.array(seeds.get(key)).some((value) => {
      const listed = view.resolve(value);
      return listed instanceof PdfString && own.some((bytes) => bytes.equals(listed.bytes));
    });
  if (flags & Subject) demand("Cert/Subject", certificate !== undefined && among("Subject", [certificate]));
  if (flags & Issuer) demand("Cert/Issuer", among("Issuer", chain));
  if (flags & KeyUsage) {
    const patterns = view.array(seeds.get("KeyUsage")).map((value) => textOf(view.resolve(value)));
    const usage = certificate && signingCertificate(certificate).certificate.keyUsage;
    demand("Cert/KeyUsage", usage !== undefined && patterns.some((pattern) => hasUsage(usage, pattern)));
  }
}

/** A pattern such as `1X0`: the bits of the key usage in their order must be set, may be, must not; the rest may be. */
function hasUsage(usage: ReadonlySet<KeyUsage>, pattern: string): boolean {
  return keyUsages.every((name, bit) => {
    const wanted = pattern[bit] ?? "X";
    return wanted === "X" || usage.has(name) === (wanted === "1");
  });
}

function numberOf(view: PdfView, object: PdfObject | undefined): number {
  const value = view.resolve(object);
  return typeof value === "number" && Number.isSafeInteger(value) ? value : 0;
}

function textOf(value: PdfObject): string {
  return value instanceof PdfString ? decodeText(value) : value instanceof PdfName ? value.name : "";
}
