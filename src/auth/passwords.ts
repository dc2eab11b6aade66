import { argon2, randomBytes, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";

const derive = promisify(argon2);

// OWASP's floor for argon2id: 19 MiB, two passes, one lane.
const current = { memory: 19_456, passes: 2, parallelism: 1 };
const tagLength = 32;

/** At most two hashes are computed at a time: signing in must not take the machine from everybody else. */
let free = 2;
const waiting: (() => void)[] = [];
async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (free > 0) free--;
  else await new Promise<void>((resolve) => waiting.push(resolve));
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else free++;
  }
}

const tag = (password: string, nonce: Buffer, cost: typeof current) =>
  inTurn(() => derive("argon2id", { message: password.normalize("NFKC"), nonce, tagLength, ...cost }));

const base64 = (bytes: Buffer) => bytes.toString("base64").replace(/=+$/, "");

/** A password as it is kept: argon2id in PHC form. */
export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(16);
  const { memory, passes, parallelism } = current;
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${base64(nonce)}$${base64(await tag(password, nonce, current))}`;
}

const form = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;
const nobody = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/** Whether it is the password; takes as long where there is no such account, so that names cannot be tried out. */
export async function isPassword(password: string, kept: string | null): Promise<boolean> {
  const [, memory, passes, parallelism, nonce, right] = form.exec(kept ?? nobody) ?? form.exec(nobody)!;
  const cost = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) };
  const given = await tag(password, Buffer.from(nonce!, "base64"), cost);
  const expected = Buffer.from(right!, "base64");
  return given.length === expected.length && timingSafeEqual(given, expected) && kept !== null;
}
