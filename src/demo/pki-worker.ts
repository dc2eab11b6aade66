import { parentPort, workerData } from "node:worker_threads";
// Not by the library's door: these threads need nothing else of it, and the first start shall be quick.
import { generateKeys, issueCertificate } from "../../signing/issue.ts";
import { writePkcs12 } from "../../signing/pkcs12.ts";
import type { DemoKeyWork } from "./pki.ts";

// Making a key and sealing it with a PIN takes 0.1 to 0.4 s: as many threads as there are processors share the work.
const { issuer, chain, pin, notBefore, notAfter, requests } = workerData as DemoKeyWork;
const authority = { key: issuer.key, certificate: Buffer.from(issuer.certificate) };
for (const { index, subject, usage, kind, friendlyName } of requests) {
  const { privateKey, publicKey } = generateKeys(kind);
  const certificate = issueCertificate({ subject, usage, publicKey, issuer: authority, notBefore, notAfter });
  const keystore = writePkcs12({
    key: privateKey, certificate, chain: chain.map((each) => Buffer.from(each)), password: pin, friendlyName,
  });
  parentPort!.postMessage({ index, certificate, keystore });
}
