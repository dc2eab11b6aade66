import { typeface, type Face } from "./typeface.ts";

/** A piece of text in one face. */
export interface Run {
  text: string;
  face: Face;
}

/** What stands between two spaces, with its width in points. */
export interface Word extends Run {
  width: number;
}

/** Words set on one line; `width` counts one plain space between them; `last` marks the end of a paragraph. */
export interface Line {
  words: Word[];
  width: number;
  size: number;
  last: boolean;
}

/** A line of one face, unbroken. */
export function singleLine(text: string, face: Face, size: number): Line {
  return breakLines([{ text, face }], size, Infinity)[0]!;
}

/**
 * Breaks a paragraph into lines no wider than `width` (the first: `width - indent`), at spaces alone: a Vietnamese
 * syllable is never divided. Only a "word" wider than a whole line (an address, say) is cut, between characters.
 * A line end in the text is a space; an empty text gives one empty line.
 */
export function breakLines(runs: readonly Run[], size: number, width: number, indent = 0): Line[] {
  const lines: Line[] = [];
  let line: Line = { words: [], width: 0, size, last: false };
  let room = width - indent;
  const next = () => {
    lines.push(line);
    line = { words: [], width: 0, size, last: false };
    room = width;
  };
  for (const word of words(runs, size)) {
    const space = line.words.length === 0 ? 0 : spaceWidth(word.face, size);
    if (line.words.length > 0 && line.width + space + word.width > room) next();
    for (const part of word.width > room ? cut(word, size, room) : [word]) {
      if (line.words.length > 0 && line.width + spaceWidth(part.face, size) + part.width > room) next();
      line.width += (line.words.length === 0 ? 0 : spaceWidth(part.face, size)) + part.width;
      line.words.push(part);
    }
  }
  line.last = true;
  lines.push(line);
  return lines;
}

/** Lines of about equal length, as few as `breakLines` needs: for centred titles and names. */
export function balancedLines(text: string, face: Face, size: number, width: number): Line[] {
  const runs = [{ text, face }];
  let best = breakLines(runs, size, width);
  let narrow = width / 3;
  let wide = width;
  for (let step = 0; best.length > 1 && step < 8; step++) {
    const middle = (narrow + wide) / 2;
    const lines = breakLines(runs, size, middle);
    if (lines.length > best.length || lines.some((line) => line.width > middle)) narrow = middle;
    else {
      best = lines;
      wide = middle;
    }
  }
  return best;
}

/** Width of the space after or before a word of a face. */
export function spaceWidth(face: Face, size: number): number {
  return typeface(face).width(" ", size);
}

function words(runs: readonly Run[], size: number): Word[] {
  return runs.flatMap(({ text, face }) =>
    text
      .split(/[ \n]+/)
      .filter((word) => word !== "")
      .map((word) => {
        // A no-break space binds, and is drawn as a space.
        const drawn = word.replaceAll("\u00a0", " ");
        return { text: drawn, face, width: typeface(face).width(drawn, size) };
      }),
  );
}

function cut(word: Word, size: number, room: number): Word[] {
  const parts: Word[] = [];
  let part: Word = { text: "", face: word.face, width: 0 };
  for (const character of word.text) {
    const width = typeface(word.face).width(character, size);
    if (part.text !== "" && part.width + width > room) {
      parts.push(part);
      part = { text: "", face: word.face, width: 0 };
    }
    part.text += character;
    part.width += width;
  }
  parts.push(part);
  return parts;
}
