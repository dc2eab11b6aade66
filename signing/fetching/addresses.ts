import { BlockList, isIPv4, isIPv6 } from "node:net";

/** Where an address leads: into the world, into a network of one's own, or nowhere that anybody asks for honestly. */
export type AddressKind = "public" | "private" | "forbidden";

const own = blocks([
  ["10.0.0.0", 8],
  ["100.64.0.0", 10], // RFC 6598: behind a carrier's NAT
  ["127.0.0.0", 8],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["::1", 128],
  ["fc00::", 7], // RFC 4193: unique local
]);

/** IPv4 blocks of RFC 6890 that are neither public nor anybody's own network. */
const reserved4 = blocks([
  ["0.0.0.0", 8],
  ["169.254.0.0", 16], // link-local: metadata services of clouds
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3], // multicast, reserved, broadcast
]);

/** Global unicast (RFC 4291 §2.4); everything outside it, IPv4-mapped, NAT64 and link-local too, is not. */
const global6 = blocks([["2000::", 3]]);
const reserved6 = blocks([
  ["2001::", 23], // RFC 2928: Teredo and other protocols that carry an address inside
  ["2001:db8::", 32],
  ["2002::", 16], // RFC 3056: 6to4 carries an IPv4 address inside
  ["3fff::", 20],
]);

/** The kind of an IP address in its usual text form; what is none is forbidden. */
export function addressKind(address: string): AddressKind {
  if (isIPv4(address)) {
    if (own.check(address, "ipv4")) return "private";
    return reserved4.check(address, "ipv4") ? "forbidden" : "public";
  }
  if (!isIPv6(address) || address.includes("%")) return "forbidden";
  // BlockList takes an IPv4-mapped address for the IPv4 one; here it is a disguise.
  if (/^::ffff:/i.test(address) || /^(?:0+:){5}ffff:/i.test(address)) return "forbidden";
  if (own.check(address, "ipv6")) return "private";
  return global6.check(address, "ipv6") && !reserved6.check(address, "ipv6") ? "public" : "forbidden";
}

function blocks(list: readonly (readonly [string, number])[]): BlockList {
  const block = new BlockList();
  for (const [network, prefix] of list) block.addSubnet(network, prefix, isIPv4(network) ? "ipv4" : "ipv6");
  return block;
}
