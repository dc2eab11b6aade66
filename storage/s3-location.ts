import { StorageError } from "./errors.ts";

/** Where a bucket is and who may use it. */
export interface S3Location {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  readonly accessKey: string;
  readonly secretKey: string;
  readonly bucket: string;
  readonly region: string;
}

/** Reads the address of an S3 store; BAD_URL, which never repeats the secret. */
export function parseS3Url(address: string): S3Location {
  const refuse = (fault: string): never => {
    throw new StorageError("BAD_URL", `The S3 address ${fault}; it is s3://key:secret@host:port/bucket`);
  };
  const url = URL.parse(address) ?? refuse("is no URL");
  if (url.protocol !== "s3:") refuse("does not begin with s3:");
  const tls = url.searchParams.get("tls") ?? "true";
  if (tls !== "true" && tls !== "false") refuse("says neither tls=true nor tls=false");
  const location = {
    host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: Number(url.port || (tls === "true" ? 443 : 80)),
    tls: tls === "true",
    accessKey: decodeURIComponent(url.username),
    secretKey: decodeURIComponent(url.password),
    bucket: url.pathname.replace(/^\/|\/$/g, ""),
    region: url.searchParams.get("region") ?? "us-east-1",
  };
  if (location.host === "") refuse("has no host");
  if (location.accessKey === "" || location.secretKey === "") refuse("has no key or no secret");
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(location.bucket)) refuse("has no valid bucket name");
  return location;
}
