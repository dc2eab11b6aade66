/** PDF values in memory, and the many ways in which writers put them into a file. */

export class Ref {
  readonly number: number;

  constructor(number: number) {
    this.number = number;
  }
}

/** A string, given as its bytes. */
export class Text {
  readonly bytes: Buffer;

  constructor(text: string | Buffer) {
    this.bytes = Buffer.isBuffer(text) ? text : Buffer.from(text, "latin1");
  }
}

export class Stream {
  readonly dict: Dict;
  readonly data: Buffer;

  constructor(dict: Dict, data: string | Buffer) {
    this.dict = dict;
    this.data = Buffer.isBuffer(data) ? data : Buffer.from(data, "latin1");
  }
}

/** Bytes that stand in the file as they are. */
export class Raw {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** A text that begins with a slash is a name. */
export type Value = null | boolean | number | string | Text | Ref | Raw | Stream | readonly Value[] | Dict;
export interface Dict {
  /** A key without a value is left out. */
  readonly [key: string]: Value | undefined;
}

export const ref = (number: number) => new Ref(number);
export const text = (value: string) => new Text(value);

/** How one program writes: two that alternate on a file lay out the same dictionaries otherwise. */
export interface Style {
  readonly name: string;
  /** Between a key and its value, and between entries. */
  readonly gap: string;
  readonly line: string;
  readonly hexStrings: boolean;
  /** Letters of names as #xx. */
  readonly escapedNames: boolean;
  /** `595.0` and `+4`. */
  readonly fancyNumbers: boolean;
  readonly reversedKeys: boolean;
  /** What a stream's keyword is followed by, and what stands before endstream. */
  readonly streamEnds: readonly [string, string];
}

export const styles: readonly Style[] = [
  {
    name: "compact",
    gap: "",
    line: "",
    hexStrings: false,
    escapedNames: false,
    fancyNumbers: false,
    reversedKeys: false,
    streamEnds: ["\n", "\n"],
  },
  {
    name: "one key a line",
    gap: " ",
    line: "\n",
    hexStrings: true,
    escapedNames: false,
    fancyNumbers: false,
    reversedKeys: true,
    streamEnds: ["\r\n", "\r\n"],
  },
  {
    name: "unusual but right",
    gap: "  ",
    line: " %x\n",
    hexStrings: false,
    escapedNames: true,
    fancyNumbers: true,
    reversedKeys: true,
    streamEnds: ["\r\n", "\n"],
  },
];

/** The value as it stands in a file, in Latin-1. */
export function written(value: Value, style: Style): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return writtenName(value, style);
  if (value instanceof Raw) return value.text;
  if (value instanceof Ref) return `${value.number} 0 R`;
  if (value instanceof Text) return writtenText(value, style);
  if (value instanceof Stream) {
    const [head, tail] = style.streamEnds;
    const dict = written({ ...value.dict, Length: value.data.length }, style);
    return `${dict}\nstream${head}${value.data.toString("latin1")}${tail}endstream`;
  }
  if (isList(value)) {
    // Only coordinates may be written as real numbers.
    const isRect = value.length === 4 && value.every((item) => typeof item === "number");
    return `[${value.map((item) => (isRect ? writtenReal(item as number, style) : written(item, style))).join(" ")}]`;
  }
  const keys = Object.keys(value).filter((key) => value[key] !== undefined);
  if (style.reversedKeys) keys.reverse();
  const entries = keys.map((key) => {
    const item = written(value[key]!, style);
    const gap = style.gap || (/^[\w+.-]/.test(item) ? " " : "");
    return `${writtenName(`/${key}`, style)}${gap}${item}`;
  });
  return `<<${style.line}${entries.join(style.line)}${style.line}>>`;
}

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

function writtenReal(value: number, { fancyNumbers }: Style): string {
  if (!fancyNumbers) return String(value);
  if (!Number.isInteger(value)) return `${value}00`;
  return value % 2 === 0 ? `${value}.0` : value > 0 ? `+${value}` : String(value);
}

function writtenName(name: string, { escapedNames }: Style): string {
  if (!escapedNames || name.length < 4) return name;
  return `${name.slice(0, 2)}#${name.charCodeAt(2).toString(16).toUpperCase().padStart(2, "0")}${name.slice(3)}`;
}

function writtenText({ bytes }: Text, { hexStrings, escapedNames }: Style): string {
  if (hexStrings) return `<${bytes.toString("hex")}>`;
  const plain = bytes
    .toString("latin1")
    .replace(/[\\()\r\n]/g, (c) => `\\${c.charCodeAt(0).toString(8).padStart(3, "0")}`);
  return escapedNames ? `(${plain.replace(/e/g, "\\145")})` : `(${plain})`;
}
