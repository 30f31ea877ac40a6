import { z } from 'zod';
import { withoutTail } from '../subject.ts';
import type { ToolResult } from './results.ts';

/** One thing of a list that a tool answered. */
export type Item = {
  readonly id: string;
  /** Title or prompt, without the marks of foreign text. */
  readonly title: string;
  readonly status: string;
  readonly score: number | null;
  readonly platform: string;
};

const optional = z.string().catch('').optional();
const itemSchema = z
  .looseObject({
    id: optional,
    trend: optional,
    video: optional,
    channel: optional,
    publication: optional,
    title: optional,
    prompt: optional,
    handle: optional,
    label: optional,
    status: optional,
    platform: optional,
    score: z.number().nullable().catch(null).optional(),
  })
  .catch({});

/** A text without the marks that tell whose it is. */
export const unmarked = (text: string): string => text.replace(/<\/?untrusted\b[^>]*>/giu, '');

/** What a stranger wrote, on one line and without its marks, for quoting. */
export const quotable = (foreign: string, max = 80): string => {
  const bare = unmarked(foreign).replace(/\s+/gu, ' ').trim();
  const characters = Array.from(bare);
  return characters.length > max ? `${characters.slice(0, max - 1).join('')}…` : bare;
};

/** The list of a result under any of these names; a shortened list may hold lines instead of objects. */
export function itemsOf(result: ToolResult | null, ...names: readonly string[]): Item[] {
  const found = names.map((name) => result?.data[name]).find((value) => Array.isArray(value));
  return z.array(z.unknown()).catch([]).parse(found).map(readItem);
}

/** A title as it is spoken of: its telling part, cut at a word. */
export function shortTitle(title: string): string {
  const bare = quotable(withoutTail(unmarked(title)), 200);
  const max = /\p{Script=Han}/u.test(bare) ? 30 : 40;
  if (Array.from(bare).length <= max) return bare;
  const head = quotable(bare, max).replace(/…$/u, '');
  return `${head.replace(/(?<=.{20})\s+\S*$/u, '').replace(/[\s,;:，、：]+$/u, '')}…`;
}

function readItem(value: unknown): Item {
  if (typeof value === 'string') {
    const id = /\b(?:trd|vid|chn|pub)_[\w-]+/u.exec(value)?.[0] ?? '';
    return {
      id,
      title: quotable(value.replace(id, ''), 100),
      status: '',
      score: null,
      platform: '',
    };
  }
  const item = itemSchema.parse(value);
  const own = [item.id, item.trend, item.publication, item.video];
  return {
    // A trend has an uploader's channel beside its id; only a channel is named by it.
    id: own.find((id) => id) ?? item.channel ?? '',
    title: shortTitle(item.title ?? item.label ?? item.prompt ?? item.handle ?? ''),
    status: unmarked(item.status ?? ''),
    score: item.score ?? null,
    platform: unmarked(item.platform ?? ''),
  };
}

/** A field of a result as text; empty when it is absent. */
export function fieldOf(result: ToolResult | null, name: string): string {
  const value = result?.data[name];
  return typeof value === 'string' || typeof value === 'number' ? unmarked(String(value)) : '';
}
