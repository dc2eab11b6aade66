import { isIP } from "node:net";
import { SigningError } from "../errors.ts";

/** A host that may be asked. */
export interface AllowedHost {
  /** A DNS name in lower case, or an IP address (IPv6 without brackets). */
  readonly host: string;
  /** The one port; the usual port of the scheme (80 or 443) unless given. */
  readonly port?: number;
  /** Whether its addresses may be private or loopback ones (RFC 1918, RFC 4193, 127.0.0.1). */
  readonly privateAddresses?: boolean;
}

/**
 * An entry of an allow-list as text: `host`, `host:port`, `[IPv6]`, `[IPv6]:port`, with "+private" behind it where
 * the host is in a network of one's own. Throws BAD_INPUT.
 */
export function readAllowedHost(text: string): AllowedHost {
  const found = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::(\d{1,5}))?(\+private)?$/.exec(text.trim().toLowerCase());
  const host = found?.[1] ?? found?.[2];
  const port = found?.[3] === undefined ? undefined : Number(found[3]);
  const literal = found?.[1] !== undefined;
  if (!host || (literal && isIP(host) !== 6) || (port !== undefined && (port < 1 || port > 65_535))) {
    throw new SigningError("BAD_INPUT", `not a host of an allow-list: ${text.slice(0, 100)}`);
  }
  return {
    host: host.replace(/\.$/, ""),
    ...(port === undefined ? {} : { port }),
    ...(found?.[4] ? { privateAddresses: true } : {}),
  };
}

/** What is asked, after its address was found to be allowed. */
export interface AllowedTarget {
  readonly url: URL;
  /** Without brackets and without a trailing dot. */
  readonly host: string;
  readonly port: number;
  readonly entry: AllowedHost;
}

/**
 * Holds an address against an allow-list. Two programs that read one address in two ways are how such lists are got
 * around, so an address is taken only in the one form in which every reader sees the same. Throws FETCH_REFUSED.
 */
export function allowTarget(text: string, entries: readonly AllowedHost[]): AllowedTarget {
  if (text.length > 2048) throw refused("the address is too long");
  const parts = /^(https?):\/\/([a-z0-9._-]+|\[[0-9a-f:.]+\])(?::([1-9]\d{0,4}))?(?:[/?][\x21-\x7e]*)?$/i.exec(text);
  if (!parts || text.includes("\\") || text.includes("#")) throw refused("the address is not a plain http address");
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw refused("the address cannot be read");
  }
  // Decimal, octal, hexadecimal and short forms of IP addresses are written anew by the parser, so they differ.
  if (url.hostname !== parts[2]!.toLowerCase() || url.username || url.password) {
    throw refused("the host is not in its plain form");
  }
  const host = url.hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
  const usual = url.protocol === "https:" ? 443 : 80;
  const port = url.port ? Number(url.port) : usual;
  const entry = entries.find((each) => each.host === host && (each.port ?? usual) === port);
  if (!entry) throw refused(`${host}:${port} is not a configured host`);
  return { url, host, port, entry };
}

/** The error for what a rule forbids. */
export function refused(message: string): SigningError {
  return new SigningError("FETCH_REFUSED", message);
}
