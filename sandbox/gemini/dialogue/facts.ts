import { z } from 'zod';
import { unmarked } from './lists.ts';
import type { When } from './times.ts';
import type { ToolResult } from './results.ts';
import { wallOf, type Now } from './zone.ts';

/** Such as `2026-11-22 20:00` with the days until then, on the person's clock. */
export function readMoment(at: string, { at: now, zone }: Now): { text: string; days: number } {
  const wall = wallOf({ at: new Date(at), zone });
  const today = wallOf({ at: now, zone });
  const dayOf = ({ year, month, day }: typeof wall) => Date.UTC(year, month - 1, day) / 86_400_000;
  const two = (value: number) => String(value).padStart(2, '0');
  const text = `${wall.year}-${two(wall.month)}-${two(wall.day)} ${two(wall.hour)}:${two(wall.minute)}`;
  return { text, days: dayOf(wall) - dayOf(today) };
}

export const momentIn = (when: When | null, now: Now) =>
  when?.kind === 'at' ? readMoment(when.at, now) : null;

const word = z.union([z.string(), z.number()]).transform((value) => unmarked(String(value)));

/** A field for a sentence; null when the tool did not tell it. */
export function wordOf(data: Readonly<Record<string, unknown>>, name: string): string | null {
  const { data: value } = word.safeParse(data[name]);
  return value === undefined || value === '' ? null : value;
}

const records = z.array(z.record(z.string(), z.unknown())).catch([]);

export const recordsOf = (result: ToolResult, name: string): Record<string, unknown>[] =>
  records.parse(result.data[name]);

/** Fields of a record that are there, joined. */
export const joinFields = (
  record: Readonly<Record<string, unknown>>,
  names: readonly string[],
  glue = ' · ',
): string => names.flatMap((name) => wordOf(record, name) ?? []).join(glue);
