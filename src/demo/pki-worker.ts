import { parentPort, workerData } from "node:worker_threads";
import { generateKeys, issueCertificate, writePkcs12 } from "../../signing/index.ts";
import type { DemoKeyWork } from "./pki.ts";

// Making a key and sealing it with a PIN takes 0.1 to 0.4 s: as many threads as there are processors share the work.
const { issuer, chain, pin, addresses, notBefore, notAfter, requests } = workerData as DemoKeyWork;
const authority = { key: issuer.key, certificate: Buffer.from(issuer.certificate) };
for (const { index, subject, usage, kind, friendlyName } of requests) {
  const { privateKey, publicKey } = generateKeys(kind);
  const certificate = issueCertificate({
    subject,
    usage,
    publicKey,
    issuer: authority,
    addresses,
    notBefore,
    notAfter,
  });
  const keystore = writePkcs12({
    key: privateKey,
    certificate,
    chain: chain.map((each) => Buffer.from(each)),
    password: pin,
    friendlyName,
  });
  parentPort!.postMessage({ index, certificate, keystore });
}
