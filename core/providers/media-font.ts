import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { z } from 'zod';

/** Where the font's files lie; says by subset what each covers. */
const coverage = import.meta.resolve('@fontsource-variable/noto-sans-sc/unicode.json');
/** Latin, digits and punctuation; its measures make the line. */
const latin = 'latin';

type Subset = { readonly name: string; readonly ranges: readonly (readonly [number, number])[] };

let known: Promise<readonly Subset[]> | null = null;
const registered = new Set<string>();

export type TextFont = {
  /** For `font` of a canvas, after the size. */
  readonly families: string;
  /** The text without what the font has no glyph for, such as emoji. */
  readonly text: string;
};

/** Makes Noto Sans SC ready for a text: of its about hundred files only those that the text needs are read. */
export async function fontFor(text: string): Promise<TextFont> {
  const subsets = await (known ??= readSubsets());
  const needed = new Set([latin]);
  let kept = '';
  for (const character of text) {
    const subset = subsets.find((one) => covers(one, character.codePointAt(0) ?? 0));
    if (!subset || !(await hasGlyph(character, subset.name))) continue;
    needed.add(subset.name);
    kept += character;
  }
  for (const name of needed) await register(name);
  return { families: [...needed].map((name) => `"${familyOf(name)}"`).join(', '), text: kept };
}

/** Whether a character of a subset can be drawn, as far as that was asked. */
const drawable = new Map<string, boolean>();
/** Of private use, which no font of ours knows. */
const unknown = '\u{10fffd}';

/** The ranges of the subsets name more than the files hold, some common emoji among it. */
async function hasGlyph(character: string, subset: string): Promise<boolean> {
  const key = `${subset} ${character}`;
  const answered = drawable.get(key);
  if (answered !== undefined) return answered;
  await register(subset);
  const { createCanvas } = await import('@napi-rs/canvas');
  const side = 24;
  const pixelsOf = (one: string) => {
    const context = createCanvas(side, side).getContext('2d');
    context.font = `${side / 2}px "${familyOf(subset)}"`;
    context.fillText(one, side / 4, side / 2);
    return Buffer.from(context.getImageData(0, 0, side, side).data);
  };
  const isDrawable = !pixelsOf(character).equals(pixelsOf(unknown));
  drawable.set(key, isDrawable);
  return isDrawable;
}

const familyOf = (subset: string): string => `Jilo captions ${subset}`;

async function register(subset: string): Promise<void> {
  if (registered.has(subset)) return;
  const { GlobalFonts } = await import('@napi-rs/canvas');
  const file = pathOf(`files/noto-sans-sc-${subset}-wght-normal.woff2`);
  if (!GlobalFonts.registerFromPath(file, familyOf(subset))) {
    throw new Error(`the font ${file} cannot be read`);
  }
  registered.add(subset);
}

const pathOf = (file: string): string => fileURLToPath(new URL(file, coverage));

/** By subset, such as `[118]`, what it covers: `U+4f60,U+597d-597f`. */
const rangesSchema = z.record(z.string(), z.string());

async function readSubsets(): Promise<Subset[]> {
  const text = await readFile(pathOf('unicode.json'), 'utf8');
  const subsets = Object.entries(rangesSchema.parse(JSON.parse(text))).map(([name, ranges]) => ({
    name: name.replace(/[[\]]/g, ''),
    ranges: ranges.split(',').map(rangeOf),
  }));
  // Some characters are in several files; those of Latin text shall look alike.
  return subsets.toSorted(
    (one, other) => Number(other.name === latin) - Number(one.name === latin),
  );
}

function rangeOf(text: string): readonly [number, number] {
  const [first = NaN, last = first] = text
    .trim()
    .replace(/^U\+/i, '')
    .split('-')
    .map((digits) => Number.parseInt(digits, 16));
  return [first, last];
}

const covers = ({ ranges }: Subset, point: number): boolean =>
  ranges.some(([first, last]) => point >= first && point <= last);
