import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inflateSync } from "node:zlib";
import { needs } from "../support/judges.ts";

/** Pixels of a picture, three bytes each, from the top. */
interface Picture {
  readonly width: number;
  readonly height: number;
  readonly rgb: Buffer;
}

/** Another version of poppler draws edges a little otherwise: a pixel differs from this distance of a colour on. */
const distance = 96;
/** So many of a hundred inked pixels may differ. */
const perCent = 3;

/**
 * How many of a hundred inked pixels of page 1 differ from the kept picture of that name; 0 where none was kept and
 * CONGVAN_KEEP_PICTURES is set, for then it is kept now, to be looked at before it is committed.
 */
export function differenceFromPicture(name: string, pdf: Buffer, dpi = 50): number {
  needs("pdftoppm");
  const png = execFileSync("pdftoppm", ["-r", String(dpi), "-f", "1", "-l", "1", "-png", "-cropbox", "-"], {
    input: pdf,
  });
  const path = join(import.meta.dirname, "pictures", `${name}.png`);
  if (!existsSync(path) && process.env["CONGVAN_KEEP_PICTURES"]) writeFileSync(path, png);
  const [kept, drawn] = [decodePng(readFileSync(path)), decodePng(png)];
  if (kept.width !== drawn.width || kept.height !== drawn.height) return 100;
  let [different, inked] = [0, 0];
  for (let at = 0; at < kept.rgb.length; at += 3) {
    const channels = [0, 1, 2].map((channel) => Math.abs(kept.rgb[at + channel]! - drawn.rgb[at + channel]!));
    if (Math.max(...channels) >= distance) different++;
    if ([0, 1, 2].some((channel) => Math.min(kept.rgb[at + channel]!, drawn.rgb[at + channel]!) < 224)) inked++;
  }
  return (100 * different) / Math.max(1, inked);
}

/** Whether page 1 looks as the kept picture of that name. */
export const looksLike = (name: string, pdf: Buffer): boolean => differenceFromPicture(name, pdf) <= perCent;

/** Decodes what poppler writes: eight bits a channel, RGB, not interlaced. */
function decodePng(png: Buffer): Picture {
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  if (png.toString("hex", 24, 29) !== "0802000000") throw new Error("not an RGB picture of eight bits");
  const parts: Buffer[] = [];
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at);
    if (png.toString("latin1", at + 4, at + 8) === "IDAT") parts.push(png.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  const rows = inflateSync(Buffer.concat(parts));
  const row = 3 * width;
  const rgb = Buffer.alloc(row * height);
  for (let y = 0; y < height; y++) {
    const filter = rows[y * (row + 1)]!;
    for (let x = 0; x < row; x++) {
      const left = x >= 3 ? rgb[y * row + x - 3]! : 0;
      const up = y > 0 ? rgb[(y - 1) * row + x]! : 0;
      const corner = x >= 3 && y > 0 ? rgb[(y - 1) * row + x - 3]! : 0;
      rgb[y * row + x] = rows[y * (row + 1) + 1 + x]! + predicted(filter, left, up, corner);
    }
  }
  return { width, height, rgb };
}

function predicted(filter: number, left: number, up: number, corner: number): number {
  if (filter < 3) return [0, left, up][filter]!;
  if (filter === 3) return (left + up) >> 1;
  const estimate = left + up - corner;
  const [a, b, c] = [Math.abs(estimate - left), Math.abs(estimate - up), Math.abs(estimate - corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}
