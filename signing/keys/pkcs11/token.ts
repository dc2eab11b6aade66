import { fork, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { SigningError } from "../../errors.ts";
import type { RsaScheme } from "../../algorithms/identifiers.ts";
import { acceptSignatures } from "../remote/returned-signature.ts";
import type { SignatureDigest, Signer } from "../signer.ts";
import type { TokenAnswer, TokenQuestion } from "./token-process.ts";
import type { KeyChoice, OpenRequest, TokenCertificate, TokenChoice, TokenInfo } from "./token-session.ts";

/** Where the token's PKCS#11 library is. */
export interface TokenLibrary {
  /** The path of the vendor's shared library. */
  readonly module: string;
  /** Environment variables that the library reads, besides PATH, HOME, LANG and SOFTHSM2_CONF of this process. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Patience for one answer; 30 seconds unless given. A library that takes longer is ended. */
  readonly timeoutMilliseconds?: number;
}

/** What opening a key takes. The PIN goes to the process that has the library loaded, and nowhere else. */
export interface TokenRequest extends TokenLibrary {
  readonly pin: string;
  readonly token?: TokenChoice;
  readonly key?: KeyChoice;
  readonly digest?: SignatureDigest;
  readonly scheme?: RsaScheme;
  /** Goes on although one more wrong PIN would lock the token; PIN_LAST_TRY unless set. */
  readonly useLastTry?: boolean;
}

/** A signer whose key is on a token, until it is disposed of. */
export type TokenSigner = Signer & AsyncDisposable;

/**
 * Opens a key on a PKCS#11 token or HSM, in a process of its own: nothing of the vendor's library runs in this one.
 * Signatures are made one after another; each is verified with the certificate before it is given out.
 * Throws TOKEN_LIBRARY_MISSING, TOKEN_MISSING, AMBIGUOUS_TOKEN, WRONG_PIN, PIN_LOCKED, PIN_LAST_TRY, PIN_EXPIRED,
 * NO_CERTIFICATE, NO_PRIVATE_KEY, AMBIGUOUS_KEY, UNSUPPORTED_KEY, TOKEN_TIMED_OUT, TOKEN_CRASHED, TOKEN_FAILED; `sign`
 * throws OTHER_HASH_SIGNED or OTHER_KEY_SIGNED besides.
 */
export async function openToken(request: TokenRequest): Promise<TokenSigner> {
  const { pin, token = {}, key = {}, digest, scheme, useLastTry } = request;
  const process = await startProcess(request);
  try {
    const open: OpenRequest = {
      pin,
      token,
      key,
      ...(digest ? { digest } : {}),
      ...(scheme ? { scheme } : {}),
      ...(useLastTry ? { useLastTry } : {}),
    };
    const opened = (await process.ask({ act: "open", request: open })) as {
      certificate: Uint8Array;
      chain: readonly Uint8Array[];
      digest: SignatureDigest;
      scheme?: RsaScheme;
    };
    const expected = {
      certificate: Buffer.from(opened.certificate),
      digest: opened.digest,
      ...(opened.scheme ? { scheme: opened.scheme } : {}),
    };
    return {
      ...expected,
      chain: opened.chain.map((each) => Buffer.from(each)),
      async sign(data) {
        const signature = Buffer.from((await process.ask({ act: "sign", data })) as Uint8Array);
        return acceptSignatures(expected, [{ id: "data", name: "", toBeSigned: data }], [signature])[0]!.signature;
      },
      [Symbol.asyncDispose]: () => process.end(),
    };
  } catch (error) {
    await process.end();
    throw error;
  }
}

/** The tokens that a library sees. */
export async function tokensOf(library: TokenLibrary): Promise<readonly TokenInfo[]> {
  return once(library, { act: "tokens" }) as Promise<readonly TokenInfo[]>;
}

/** The certificates on a token, without a PIN: to choose one when a key is registered. */
export async function certificatesOnToken(
  library: TokenLibrary,
  token: TokenChoice = {},
): Promise<readonly TokenCertificate[]> {
  const found = (await once(library, { act: "certificates", token })) as readonly TokenCertificate[];
  return found.map((entry) => ({ ...entry, certificate: Buffer.from(entry.certificate) }));
}

async function once(library: TokenLibrary, question: Question): Promise<unknown> {
  const process = await startProcess(library);
  try {
    return await process.ask(question);
  } finally {
    await process.end();
  }
}

type Question = TokenQuestion extends infer Q ? (Q extends { number: number } ? Omit<Q, "number"> : never) : never;

interface TokenProcess {
  ask(question: Question): Promise<unknown>;
  end(): Promise<void>;
}

const inherited = ["PATH", "HOME", "LANG", "SOFTHSM2_CONF"];

async function startProcess(library: TokenLibrary): Promise<TokenProcess> {
  const { module, environment = {}, timeoutMilliseconds = 30_000 } = library;
  const kept = inherited.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]));
  const child = fork(fileURLToPath(new URL("./token-process.ts", import.meta.url)), [], {
    env: { ...(Object.fromEntries(kept) as NodeJS.ProcessEnv), ...environment },
    execArgv: ["--max-old-space-size=64"],
    serialization: "advanced",
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  const asked = questionsTo(child, timeoutMilliseconds);
  try {
    await asked.ask({ act: "load", module });
    return asked;
  } catch (error) {
    await asked.end();
    throw error;
  }
}

/** Pairs answers with questions; when the process ends or takes too long, whoever waits is told. */
function questionsTo(child: ChildProcess, milliseconds: number): TokenProcess {
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: SigningError): void }>();
  let last = 0;
  let over: SigningError | undefined;
  const fail = (error: SigningError): void => {
    over ??= error;
    for (const { reject } of waiting.values()) reject(over);
    waiting.clear();
    child.kill("SIGKILL");
  };
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()).once("error", () => resolve()));
  child.on("error", () => fail(new SigningError("TOKEN_CRASHED", "The token's process could not be started.")));
  child.on("exit", () => fail(new SigningError("TOKEN_CRASHED", "The token's library has crashed.")));
  child.on("message", (answer: TokenAnswer) => {
    const asker = waiting.get(answer.number);
    waiting.delete(answer.number);
    if ("code" in answer) asker?.reject(new SigningError(answer.code, answer.message, answer.details));
    else asker?.resolve(answer.value);
  });
  return {
    ask(question) {
      if (over) return Promise.reject(over);
      const number = ++last;
      return new Promise((resolve, reject) => {
        const timer = setTimeout(
          () => fail(new SigningError("TOKEN_TIMED_OUT", "The token does not answer.")),
          milliseconds,
        );
        const settle =
          <T>(done: (value: T) => void) =>
          (value: T) => {
            clearTimeout(timer);
            done(value);
          };
        waiting.set(number, { resolve: settle(resolve), reject: settle(reject) });
        child.send({ number, ...question } as TokenQuestion, (error) => {
          if (error) fail(new SigningError("TOKEN_CRASHED", "The token's process is gone."));
        });
      });
    },
    async end() {
      over ??= new SigningError("TOKEN_FAILED", "The token has been closed.");
      if (child.exitCode !== null || child.signalCode !== null) return;
      // Told that nobody is there any more, it closes its sessions with the token; if it cannot, it is ended.
      if (child.connected) child.disconnect();
      const timer = setTimeout(() => child.kill("SIGKILL"), 1_000);
      await exited;
      clearTimeout(timer);
    },
  };
}
