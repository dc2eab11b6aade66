import type { Asn1 } from "../asn1.ts";
import type { PolicyInformation, PolicyMapping } from "./extensions.ts";
import { Oid } from "../oids.ts";

interface Node {
  readonly policy: string;
  readonly qualifiers: readonly Asn1[];
  expected: ReadonlySet<string>;
  readonly parents: ReadonlySet<Node>;
}

/** One level of the graph: at most one node for each policy. */
type Level = Map<string, Node>;

/** A policy under which a path is valid, with the qualifiers of the last certificate. */
export interface ValidPolicy {
  readonly policy: string;
  readonly qualifiers: readonly Asn1[];
}

/**
 * The valid policy graph of RFC 9618, which replaces the tree of RFC 5280 §6.1: a tree can be made to grow
 * exponentially with the path, while a graph has one node for each policy and depth.
 */
export class PolicyGraph {
  #levels: Level[] = [
    new Map([
      [
        Oid.anyPolicy,
        { policy: Oid.anyPolicy, qualifiers: [], expected: new Set([Oid.anyPolicy]), parents: new Set<Node>() },
      ],
    ]),
  ];

  /** Whether the graph is NULL: no policy is valid any more. */
  get isNull(): boolean {
    return this.#levels.length === 0;
  }

  /** Processes a certificate's policies (§6.1.3 d–e); `anyPolicy`: whether anyPolicy in it still counts. */
  addCertificate(policies: readonly PolicyInformation[] | undefined, anyPolicy: boolean): void {
    if (this.isNull) return;
    if (!policies) {
      this.#levels = [];
      return;
    }
    const above = this.#levels.at(-1)!;
    const expecting = new Map<string, Set<Node>>();
    for (const node of above.values()) {
      for (const policy of node.expected) {
        const nodes = expecting.get(policy);
        if (nodes) nodes.add(node);
        else expecting.set(policy, new Set([node]));
      }
    }
    const level: Level = new Map();
    const add = (policy: string, qualifiers: readonly Asn1[], parents: ReadonlySet<Node>) =>
      level.set(policy, { policy, qualifiers, expected: new Set([policy]), parents });
    const any = above.get(Oid.anyPolicy);
    for (const { policy, qualifiers } of policies) {
      if (policy === Oid.anyPolicy) continue;
      const parents = expecting.get(policy) ?? (any && new Set([any]));
      if (parents) add(policy, qualifiers, parents);
    }
    const wildcard = anyPolicy ? policies.find(({ policy }) => policy === Oid.anyPolicy) : undefined;
    if (wildcard) {
      for (const [policy, parents] of expecting) if (!level.has(policy)) add(policy, wildcard.qualifiers, parents);
    }
    this.#levels.push(level);
    this.#prune();
  }

  /** Processes an authority's policy mappings (§6.1.4 b); `allowed`: whether mapping is not inhibited. */
  addMappings(mappings: readonly PolicyMapping[], policies: readonly PolicyInformation[], allowed: boolean): void {
    if (this.isNull) return;
    const level = this.#levels.at(-1)!;
    const targets = new Map<string, Set<string>>();
    for (const { issuerDomain, subjectDomain } of mappings) {
      const known = targets.get(issuerDomain);
      if (known) known.add(subjectDomain);
      else targets.set(issuerDomain, new Set([subjectDomain]));
    }
    if (!allowed) {
      for (const policy of targets.keys()) level.delete(policy);
      this.#prune();
      return;
    }
    const any = level.get(Oid.anyPolicy);
    const qualifiers = policies.find(({ policy }) => policy === Oid.anyPolicy)?.qualifiers ?? [];
    for (const [policy, expected] of targets) {
      const node = level.get(policy);
      if (node) node.expected = expected;
      // Its parent is the anyPolicy node one level up, as that of this level's own anyPolicy node.
      else if (any) level.set(policy, { policy, qualifiers, expected, parents: any.parents });
    }
  }

  /**
   * The policies valid for the path in the words of the anchor's domain (§6.1.5 g), held against the acceptable ones
   * (any where undefined).
   */
  result(acceptable: ReadonlySet<string> | undefined): ValidPolicy[] {
    if (this.isNull) return [];
    const last = this.#levels.at(-1)!;
    const known = new Map<string, ValidPolicy>();
    const any = last.get(Oid.anyPolicy);
    for (const level of this.#levels) {
      for (const { policy, qualifiers, parents } of level.values()) {
        // The first policy on its way that is not anyPolicy is what the anchor's domain calls it.
        const first = policy !== Oid.anyPolicy && [...parents].some((parent) => parent.policy === Oid.anyPolicy);
        if (first) known.set(policy, { policy, qualifiers });
      }
    }
    const found = [...known.values()];
    if (!acceptable) return any ? [{ policy: Oid.anyPolicy, qualifiers: any.qualifiers }, ...found] : found;
    const fitting = found.filter(({ policy }) => acceptable.has(policy));
    if (!any) return fitting;
    const named = new Set(fitting.map(({ policy }) => policy));
    const rest = [...acceptable].filter((policy) => !named.has(policy));
    return [...fitting, ...rest.map((policy) => ({ policy, qualifiers: any.qualifiers }))];
  }

  /** Takes away nodes without children, from the last level up (§6.1.3 d 3). */
  #prune(): void {
    for (let depth = this.#levels.length - 1; depth > 0; depth--) {
      const parents = new Set([...this.#levels[depth]!.values()].flatMap((node) => [...node.parents]));
      const above = this.#levels[depth - 1]!;
      for (const [policy, node] of above) if (!parents.has(node)) above.delete(policy);
    }
    if (this.#levels.at(-1)!.size === 0) this.#levels = [];
  }
}
