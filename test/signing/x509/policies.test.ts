import { describe, expect, test } from "vitest";
import { der } from "../../../signing/asn1.ts";
import { Oid } from "../../../signing/oids.ts";
import { PolicyGraph } from "../../../signing/x509/policy-graph.ts";
import { validatePath } from "../../../signing/x509/path.ts";
import type { PathInputs } from "../../../signing/x509/path.ts";
import { certificatePolicies, policyMappings } from "../../../signing/x509/extensions.ts";
import { anchor, caExtensions, certificate, ext, extension, now, party, rootParty } from "./pki.ts";

const [A, B, C, any] = ["1.2.3.1", "1.2.3.2", "1.2.3.3", Oid.anyPolicy];

/** A path of authorities with these extensions, the last being the certificate judged; "self" makes a self-issued one. */
function judge(levels: (Buffer[] | { self: Buffer[] })[], inputs: Partial<PathInputs> = {}) {
  let issuer = rootParty;
  const certificates = levels.map((level, i) => {
    const last = i === levels.length - 1;
    const self = !Array.isArray(level);
    const subject = self ? { ...party(`CN=key ${i}`), name: issuer.name } : party(`CN=level ${i}`);
    const made = certificate({
      subject,
      issuer,
      extensions: [...(last ? [] : caExtensions()), ...(self ? level.self : level)],
    });
    issuer = subject;
    return made;
  });
  const verdict = validatePath(
    { certificates: [...certificates.toReversed(), anchor.certificate], anchor },
    { at: now, ...inputs },
  );
  return verdict.faults.length > 0
    ? verdict.faults.map(({ note, index, subIndication }) => `${subIndication} ${note} ${index}`)[0]
    : verdict.policies.map(({ policy }) => policy).sort();
}

const noPolicy = (index = 0) => `CHAIN_CONSTRAINTS_FAILURE NO_VALID_POLICY ${index}`;
const explicit = { explicitPolicy: true };
const policies = (...oids: (string | undefined)[]) => ext.policies(oids as string[]);

describe("policies", () => {
  test("that all certificates have are those of the path", () => {
    expect(judge([[policies(A, B)], [policies(B, C)]], explicit)).toEqual([B]);
    expect(judge([[policies(A)], [policies(B)]], explicit)).toBe(noPolicy());
    expect(judge([[policies(A)], [policies(B)]])).toEqual([]);
    expect(judge([[], [policies(B)]], explicit)).toBe(noPolicy(1));
    expect(judge([[policies(A)], []], explicit)).toBe(noPolicy());
    expect(judge([[policies(A)], [], [policies(A)]], explicit)).toBe(noPolicy(1));
  });

  test("are held against the acceptable ones only where a policy is required", () => {
    expect(judge([[policies(A)], [policies(A)]], { policies: [B] })).toEqual([]);
    expect(judge([[policies(A)], [policies(A)]], { policies: [B], ...explicit })).toBe(noPolicy());
    expect(judge([[policies(A)], [policies(A)]], { policies: [A, B], ...explicit })).toEqual([A]);
    expect(judge([[policies(A)], [policies(A)]], { policies: [any!, B], ...explicit })).toEqual([A]);
    expect(judge([[policies(any)], [policies(any)]], { policies: [B], ...explicit })).toEqual([B]);
    expect(judge([[policies(any)], [policies(any, A)]], { policies: [A, B], ...explicit })).toEqual([A, B]);
    expect(judge([[policies(any)], [policies(any)]], explicit)).toEqual([any]);
  });

  test("of any kind stand for each that is expected", () => {
    expect(judge([[policies(A)], [policies(any)]], explicit)).toEqual([A]);
    expect(judge([[policies(any)], [policies(A)]], explicit)).toEqual([A]);
    expect(judge([[policies(A, B)], [policies(any, A)]], explicit)).toEqual([A, B]);
    expect(judge([[policies(A, any)], [policies(B)]], explicit)).toEqual([B]);
  });

  test("of any kind stop to count where inhibited, but in self-issued authorities", () => {
    expect(judge([[policies(any)]], { ...explicit, inhibitAnyPolicy: true })).toBe(noPolicy());
    expect(judge([[policies(A), ext.inhibitAny(0)], [policies(any)]], explicit)).toBe(noPolicy());
    expect(judge([[policies(A), ext.inhibitAny(1)], [policies(any)]], explicit)).toEqual([A]);
    expect(judge([[policies(A), ext.inhibitAny(1)], [policies(any)], [policies(any)]], explicit)).toBe(noPolicy());
    expect(judge([[policies(A), ext.inhibitAny(0)], { self: [policies(any)] }, [policies(A)]], explicit)).toEqual([A]);
    expect(judge([[policies(A), ext.inhibitAny(0)], { self: [policies(any)] }], explicit)).toBe(noPolicy());
    // A self-issued authority does not count the skipped certificates down.
    const skipping = [[policies(A), ext.inhibitAny(1)], { self: [policies(A)] }, [policies(any)]];
    expect(judge(skipping, explicit)).toEqual([A]);
  });

  test("are required from where a certificate says so", () => {
    expect(judge([[policies(A), ext.constraints(0)], []])).toBe(noPolicy());
    expect(judge([[policies(A), ext.constraints(1)], [], []])).toBe(noPolicy());
    expect(judge([[policies(A), ext.constraints(2)], [], []])).toBe(noPolicy());
    expect(judge([[policies(A), ext.constraints(3)], [], []])).toEqual([]);
    expect(judge([[policies(A), ext.constraints(5)], [ext.constraints(0)], []])).toBe(noPolicy());
    expect(judge([[policies(A), ext.constraints(0)], [policies(A), ext.constraints(5)], []])).toBe(noPolicy());
    expect(judge([[ext.constraints(0)]])).toBe(noPolicy());
    expect(judge([[ext.constraints(1)]])).toEqual([]);
    const selfIssued = [[policies(A), ext.constraints(2)], { self: [policies(A)] }, [], []];
    expect(judge(selfIssued)).toBe(noPolicy());
    expect(judge([[policies(A), ext.constraints(2)], { self: [policies(A)] }, []])).toEqual([]);
  });
});

describe("policy mappings", () => {
  const map = (...pairs: (readonly [string | undefined, string | undefined])[]) =>
    ext.mappings(...(pairs as [string, string][]));

  test("let a policy be called by another name below", () => {
    expect(judge([[policies(A), map([A, B])], [policies(B)]], explicit)).toEqual([A]);
    expect(judge([[policies(A), map([A, B])], [policies(A)]], explicit)).toBe(noPolicy());
    expect(judge([[policies(A), map([A, B])], [policies(B)]], { ...explicit, policies: [A] })).toEqual([A]);
    expect(judge([[policies(A), map([A, B])], [policies(B)]], { ...explicit, policies: [B] })).toBe(noPolicy());
    expect(judge([[policies(A), map([A, B], [A, C])], [policies(C)]], explicit)).toEqual([A]);
    expect(judge([[policies(A, B), map([A, C], [B, C])], [policies(C)]], explicit)).toEqual([A, B]);
    expect(judge([[policies(A), map([A, B])], [policies(B), map([B, C])], [policies(C)]], explicit)).toEqual([A]);
  });

  test("name a policy that only any policy stands for", () => {
    expect(judge([[policies(any), map([A, B])], [policies(B)]], explicit)).toEqual([A]);
    expect(judge([[policies(any), map([A, B])], [policies(B)]], { ...explicit, policies: [B] })).toBe(noPolicy());
    expect(judge([[policies(C), map([A, B])], [policies(B)]], explicit)).toBe(noPolicy());
  });

  test("take a policy away where they are inhibited", () => {
    expect(judge([[policies(A), map([A, B])], [policies(B)]], { ...explicit, inhibitPolicyMapping: true })).toBe(
      noPolicy(),
    );
    expect(judge([[policies(A, C), map([A, B])], [policies(C)]], { ...explicit, inhibitPolicyMapping: true })).toEqual([
      C,
    ]);
    const under = (skip: number) => [policies(A), ext.constraints(undefined, skip)];
    expect(judge([under(0), [policies(A), map([A, B])], [policies(B)]], explicit)).toBe(noPolicy(0));
    expect(judge([under(1), [policies(A), map([A, B])], [policies(B)]], explicit)).toEqual([A]);
    expect(judge([under(1), [policies(A)], [policies(A), map([A, B])], [policies(B)]], explicit)).toBe(noPolicy(0));
    expect(judge([under(1), { self: [policies(A)] }, [policies(A), map([A, B])], [policies(B)]], explicit)).toEqual([
      A,
    ]);
    const looser = [policies(A), ext.constraints(undefined, 5)];
    expect(judge([under(0), looser, [policies(A), map([A, B])], [policies(B)]], explicit)).toBe(noPolicy(0));
  });

  test("never name any policy", () => {
    const fault = "CERTIFICATE_CHAIN_GENERAL_FAILURE POLICY_MAPPING_WITH_ANY_POLICY 1";
    expect(judge([[policies(A), map([any, B])], [policies(B)]])).toBe(fault);
    expect(judge([[policies(A), map([A, any])], [policies(A)]])).toBe(fault);
    expect(judge([[policies(A), map([A, B], [any, C])], [policies(B)]])).toBe(fault);
  });

  test("without policies beside them change nothing", () => {
    expect(judge([[map([A, B])], [policies(B)]])).toEqual([]);
    expect(judge([[policies(A)], [map([A, B])], [policies(B)]])).toEqual([]);
  });
});

describe("qualifiers", () => {
  const qualified = (qualifier: string, critical: boolean) => ext.policies([A!], { qualifier, critical });

  test("that are not understood fail a critical extension", () => {
    expect(judge([[qualified("1.3.6.1.5.5.7.2.1", true)]], explicit)).toEqual([A]);
    expect(judge([[qualified("1.3.6.1.5.5.7.2.2", true)]], explicit)).toEqual([A]);
    expect(judge([[qualified("1.2.3.4", false)]], explicit)).toEqual([A]);
    expect(judge([[qualified("1.2.3.4", true)]])).toBe("CERTIFICATE_CHAIN_GENERAL_FAILURE POLICY_QUALIFIER 1.2.3.4 0");
  });

  test("that are empty fail a critical extension as well", () => {
    const policy = der.sequence(der.oid(A!), der.sequence(der.sequence()));
    const critical = (flag: boolean) => extension(Oid.certificatePolicies, der.sequence(policy), flag);
    expect(judge([[critical(true)]])).toBe("CERTIFICATE_CHAIN_GENERAL_FAILURE ASN1_MALFORMED 0");
    expect(judge([[critical(false)]])).toEqual([A]);
  });

  test("come with the policy, or with any policy that stands for it", () => {
    const graph = new PolicyGraph();
    const read = certificate({
      subject: party("CN=x"),
      issuer: rootParty,
      extensions: [ext.policies([any!], { qualifier: "1.3.6.1.5.5.7.2.1" }), ext.mappings([A!, B!])],
    });
    graph.addCertificate(certificatePolicies(read), true);
    expect(graph.result(new Set([C!]))).toMatchObject([{ policy: C, qualifiers: [{}] }]);
    graph.addMappings(policyMappings(read)!, certificatePolicies(read)!, true);
    expect(graph.result(undefined)).toMatchObject([
      { policy: any, qualifiers: [{}] },
      { policy: A, qualifiers: [{}] },
    ]);
    const bare = new PolicyGraph();
    bare.addCertificate([{ policy: any!, qualifiers: [] }], true);
    bare.addMappings([{ issuerDomain: A!, subjectDomain: B! }], [], true);
    expect(bare.result(new Set([A!]))).toEqual([{ policy: A, qualifiers: [] }]);
  });
});

test("policies that multiply with each certificate take no more time than their number", () => {
  // In a tree, each level would have 30 times the nodes of the one above: it would not end, nor fit in memory.
  const names = Array.from({ length: 30 }, (_, i) => `1.2.3.9.${i}`);
  const graph = new PolicyGraph();
  const mappings = names.flatMap((from) => names.map((to) => ({ issuerDomain: from, subjectDomain: to })));
  for (let depth = 0; depth < 12; depth++) {
    graph.addCertificate(
      names.map((policy) => ({ policy, qualifiers: [] })),
      true,
    );
    graph.addMappings(mappings, [], true);
  }
  expect(graph.result(undefined)).toHaveLength(30);
});
