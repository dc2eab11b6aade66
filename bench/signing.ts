import { prepareSignature, signPdf, verifyPdf } from "../signing/index.ts";
import { Report } from "./report.ts";
import { at, benchSigner, type BenchSigner, documents, heavyDocument } from "./signing-documents.ts";
import { outsiders, type Outsiders } from "./signing-outside.ts";
import { peers } from "./signing-peers.ts";
import { byTurns, type Contender, rateOf, ratioOf } from "./turns.ts";

/** Many short turns: what else the machine does then falls on all alike. */
const rounds = 25;
const slice = 100;
const field = (number = 1) =>
  ({ type: "signature", name: `Signature${number}`, page: 0, rect: [300, 60, 480, 140] }) as const;
const about = { at, name: "Bench", reason: "Ban hanh", location: "Hue" };

/** Signing and validating on one thread, against the raw key and against peers, by turns in one run. */
export async function benchSigning(): Promise<Report> {
  const report = new Report("signing");
  const files = await documents(64);
  const size = files.reduce((sum, file) => sum + file.length, 0) / files.length;
  report.add("document of ten pages", size / 1024, "KiB");
  const rsa = benchSigner("rsa-2048");
  const signed = await Promise.all(files.map((_, index) => sign(rsa, files)(index)));
  using outside = await outsiders(rsa, files, signed);
  await benchSpeed(report, rsa, files, outside);
  await benchKinds(report, files);
  await benchValidation(report, rsa, files[0]!, signed, outside);
  await benchGrowth(report, rsa);
  return report;
}

function sign({ signer }: BenchSigner, files: readonly Buffer[]): (index: number) => Promise<Buffer> {
  return (index) => signPdf(files[index % files.length]!, { ...about, field: field(), signer });
}

async function benchSpeed(
  report: Report,
  rsa: BenchSigner,
  files: readonly Buffer[],
  { signers }: Outsiders,
): Promise<void> {
  const [raw, whole, prepare] = ["raw RSA-2048", "B-B, RSA-2048", "prepare and hash"] as const;
  const others = [...(await peers(rsa, files)), ...signers];
  const own: Contender[] = [
    { name: raw, act: rsa.raw },
    { name: whole, act: sign(rsa, files) },
    {
      name: prepare,
      act: (index) => prepareSignature(files[index % files.length]!, { ...about, field: field(), signer: rsa.signer }),
    },
  ];
  const rates = await byTurns([...own, ...others], rounds, slice);
  for (const { name } of own) report.add(name, rateOf(rates, name), "/s");
  report.add("B-B against the raw key", ratioOf(rates, whole, raw), "×", { atLeast: 0.6 });
  // 6,000 a second, or half as many again as the key allows, whichever this machine makes easier.
  const bound = Math.min(6_000, 1.5 * rateOf(rates, raw));
  report.add("prepare and hash, bound", rateOf(rates, prepare), "/s", { atLeast: Math.round(bound) });
  const targets: Readonly<Record<string, number>> = { "@signpdf": 50, "@libpdf/core": 15 };
  for (const { name } of others) {
    report.add(name, rateOf(rates, name), "/s");
    report.add(`B-B against ${name}`, ratioOf(rates, whole, name), "×", { atLeast: targets[name] ?? 10 });
  }
}

async function benchKinds(report: Report, files: readonly Buffer[]): Promise<void> {
  for (const kind of ["ec-p256", "rsa-3072", "ed25519"] as const) {
    const key = benchSigner(kind);
    const [raw, whole] = [`raw ${kind}`, `B-B, ${kind}`];
    const contenders = [
      { name: raw, act: key.raw },
      { name: whole, act: sign(key, files) },
    ];
    const rates = await byTurns(contenders, 9, slice);
    report.add(whole, rateOf(rates, whole), "/s");
    report.add(`${whole} against the raw key`, ratioOf(rates, whole, raw), "×");
  }
}

async function benchValidation(
  report: Report,
  rsa: BenchSigner,
  base: Buffer,
  signed: readonly Buffer[],
  { validators }: Outsiders,
): Promise<void> {
  const options = { anchors: [rsa.root], at };
  const many = await signedTimes(base, 25, rsa);
  for (const file of [signed[0]!, many]) {
    const { indication, signatures } = verifyPdf(file, options);
    if (indication !== "TOTAL-PASSED") throw new Error(`${indication}: ${signatures[0]?.notes.join(" ")}`);
  }
  const [one, all] = ["validation, one signature", "validation, 25 signatures"] as const;
  const contenders = [
    { name: one, act: (index: number) => verifyPdf(signed[index % signed.length]!, options) },
    { name: all, act: () => verifyPdf(many, options) },
  ];
  const rates = await byTurns([...contenders, ...validators], rounds, slice);
  report.add(one, rateOf(rates, one), "files/s", { atLeast: 500 });
  report.add(all, 1000 / rateOf(rates, all), "ms", { atMost: 60 });
  for (const { name } of validators) {
    report.add(`validation by ${name}`, rateOf(rates, name), "files/s");
    report.add(`validation against ${name}`, ratioOf(rates, one, name), "×", { atLeast: 10 });
  }
}

/** Cost goes with the file's size, and hardly with signatures × size. */
async function benchGrowth(report: Report, rsa: BenchSigner): Promise<void> {
  const options = { anchors: [rsa.root], at };
  const unit = 2 ** 20;
  const sizes = [1, 4, 16].map((times) => ({ times, name: `${times} MiB` }));
  const bases = new Map<number, Buffer>();
  for (const { times } of sizes) bases.set(times, await heavyDocument(times * unit));
  const signed = new Map<number, Buffer>();
  for (const { times } of sizes) signed.set(times, await signedTimes(bases.get(times)!, 1, rsa));
  const bySize = await byTurns(
    sizes.flatMap(({ times, name }) => [
      { name: `sign ${name}`, act: () => signedTimes(bases.get(times)!, 1, rsa) },
      { name: `validate ${name}`, act: () => verifyPdf(signed.get(times)!, options) },
    ]),
    5,
    150,
  );
  for (const act of ["sign", "validate"]) {
    for (const { name } of sizes) report.add(`${act} ${name}`, 1000 / rateOf(bySize, `${act} ${name}`), "ms");
    report.add(`${act}: 16 MiB against 1 MiB`, ratioOf(bySize, `${act} 1 MiB`, `${act} 16 MiB`), "×", { atMost: 20 });
  }

  const counts = [1, 8, 64];
  const piles = new Map<number, Buffer>();
  for (const count of counts) piles.set(count, await signedTimes(bases.get(16)!, count, rsa));
  const byCount = await byTurns(
    counts.map((count) => ({ name: `${count}`, act: () => verifyPdf(piles.get(count)!, options) })),
    5,
    150,
  );
  for (const count of counts)
    report.add(`validate 16 MiB, ${count} signatures`, 1000 / rateOf(byCount, `${count}`), "ms");
  // Hashing the file once for each signature would make this 64.
  report.add("validate 16 MiB: 64 signatures against 1", ratioOf(byCount, "1", "64"), "×", { atMost: 16 });
}

async function signedTimes(base: Buffer, count: number, { signer }: BenchSigner): Promise<Buffer> {
  let file = base;
  for (let number = 1; number <= count; number++) {
    const place = field(number);
    const row = 10 + (number % 30) * 25;
    const rect = [20 + Math.floor(number / 30) * 60, row, 70 + Math.floor(number / 30) * 60, row + 20] as const;
    file = await signPdf(file, { ...about, field: { ...place, rect }, signer });
  }
  return file;
}
