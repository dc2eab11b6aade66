import { tokenRefusal, type Cryptoki } from "./cryptoki.ts";
import {
  listCertificates,
  listTokens,
  openKey,
  type OpenRequest,
  type TokenChoice,
  type TokenKey,
} from "./token-session.ts";
import { SigningError } from "../../errors.ts";

/** What the process that has the library loaded is asked; each question has one answer with the same number. */
export type TokenQuestion = { readonly number: number } & (
  | { readonly act: "load"; readonly module: string }
  | { readonly act: "tokens" }
  | { readonly act: "certificates"; readonly token: TokenChoice }
  | { readonly act: "open"; readonly request: OpenRequest }
  | { readonly act: "sign"; readonly data: Uint8Array }
);

export type TokenAnswer = { readonly number: number } & (
  | { readonly value: unknown }
  | { readonly code: string; readonly message: string; readonly details: Record<string, unknown> }
);

// A process of its own: vendors' libraries block for seconds, and a fault in one must not end the API. It serves one
// person's key, and ends with whoever started it.
let library: Cryptoki | undefined;
let key: TokenKey | undefined;

process.on("disconnect", () => {
  try {
    library?.C_Finalize();
  } finally {
    process.exit();
  }
});
process.on("message", (question: TokenQuestion) => {
  void answer(question).then(
    (value) => process.send!({ number: question.number, value } satisfies TokenAnswer),
    (error: unknown) => {
      const { code, message, details = {} } = tokenRefusal(error);
      process.send!({ number: question.number, code, message, details } satisfies TokenAnswer);
    },
  );
});

async function answer(question: TokenQuestion): Promise<unknown> {
  if (question.act === "load") return void (library = await load(question.module));
  if (!library) throw new SigningError("TOKEN_FAILED", "The library is not loaded.");
  switch (question.act) {
    case "tokens":
      return listTokens(library);
    case "certificates":
      return listCertificates(library, question.token);
    case "open": {
      key = openKey(library, question.request);
      const { certificate, chain, digest, scheme } = key;
      return { certificate, chain, digest, scheme };
    }
    case "sign":
      if (!key) throw new SigningError("TOKEN_FAILED", "No key is open.");
      return key.sign(Buffer.from(question.data));
  }
}

async function load(module: string): Promise<Cryptoki> {
  let binding: { PKCS11: new () => Cryptoki & { load(path: string): void; C_Initialize(): void } };
  try {
    const loaded = (await import("pkcs11js")) as unknown as { default?: typeof binding } & typeof binding;
    binding = loaded.default ?? loaded;
  } catch {
    // An optional dependency: it is compiled on installation, and not every machine can.
    throw new SigningError("TOKEN_LIBRARY_MISSING", "The optional package pkcs11js is not installed.");
  }
  const pkcs11 = new binding.PKCS11();
  try {
    pkcs11.load(module);
    pkcs11.C_Initialize();
  } catch {
    throw new SigningError("TOKEN_LIBRARY_MISSING", "The token's own library cannot be loaded.");
  }
  return pkcs11;
}
