import type { ModelMessage } from 'ai';
import { z } from 'zod';

import { callsIn, resultsIn } from '../../bot/agent/transcript.ts';
import type { Call, End, Seen } from './conversation.ts';
import type { Effects } from './effects.ts';

/** What one step brought. */
export type Happened = {
  readonly messages: readonly ModelMessage[];
  readonly said: string;
  readonly cards: readonly string[];
};

/** Where a conversation went another way; `words` are a matter of taste for a live model. */
export type Problem = {
  readonly kind: 'calls' | 'cards' | 'words' | 'end';
  readonly place: string;
  readonly text: string;
};

type Found = { readonly kind: Problem['kind']; readonly text: string };

type Made = {
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** `ok`, `card`, or the code of a refusal. */
  readonly became: string;
};

/** Puts ids in the place of names such as `{my video}`. */
type Fill = (text: string) => string;

export function checkStep(seen: Seen, happened: Happened, fill: Fill): Found[] {
  const { cards, said } = happened;
  const made = callsMade(happened.messages);
  const found: Found[] = [...checkCalls(seen, made, fill)];
  const wanted = seen.cards ?? [];
  if (wanted.join() !== cards.join() && seen.mayDrawCards !== true)
    found.push({ kind: 'cards', text: `cards: ${cards.join() || 'none'}` });
  const missing = (seen.says ?? []).filter((word) => !holds(said, word, fill));
  const slipped = (seen.hides ?? []).filter((word) => holds(said, word, fill));
  for (const word of missing) found.push({ kind: 'words', text: `does not say ${word}: ${said}` });
  for (const word of slipped) found.push({ kind: 'words', text: `says ${word}: ${said}` });
  return found;
}

const holds = (text: string, word: string | RegExp, fill: Fill): boolean =>
  typeof word === 'string' ? text.includes(fill(word)) : word.test(text);

const inputSchema = z.record(z.string(), z.unknown()).catch({});
const resultSchema = z
  .looseObject({ ok: z.boolean(), code: z.string(), waiting_for: z.string() })
  .partial()
  .catch({});

function callsMade(messages: readonly ModelMessage[]): Made[] {
  const results = new Map(resultsIn(messages).map(({ toolCallId, value }) => [toolCallId, value]));
  return messages.flatMap(callsIn).map(({ toolName, toolCallId, input }) => {
    const { ok, code, waiting_for: waits } = resultSchema.parse(results.get(toolCallId));
    const became = ok === true ? 'ok' : waits === undefined ? (code ?? 'nothing') : 'card';
    return { tool: toolName, input: inputSchema.parse(input), became };
  });
}

function checkCalls({ calls, among }: Seen, made: readonly Made[], fill: Fill): Found[] {
  const list = made.map(({ tool, became, input }) => `${tool} ${JSON.stringify(input)} ${became}`);
  const told = `calls:\n    ${list.join('\n    ') || 'none'}`;
  const isExact =
    calls === undefined ||
    (calls.length === made.length && calls.every((call, index) => fits(call, made[index], fill)));
  if (!isExact) return [{ kind: 'calls', text: told }];
  let from = 0;
  for (const call of among ?? []) {
    const at = made.findIndex((one, index) => index >= from && fits(call, one, fill));
    if (at < 0) return [{ kind: 'calls', text: `no ${JSON.stringify(call)} in ${told}` }];
    from = at + 1;
  }
  return [];
}

function fits(call: Call, made: Made | undefined, fill: Fill): boolean {
  if (!made) return false;
  if (typeof call === 'string') return call === made.tool && isFine(made.became);
  if (call.tool !== made.tool) return false;
  if (call.fails === undefined ? !isFine(made.became) : call.fails !== made.became) return false;
  if (call.without?.some((name) => name in made.input)) return false;
  return Object.entries(call.with ?? {}).every(([name, value]) =>
    isSame(name, typeof value === 'string' ? fill(value) : value, made.input[name]),
  );
}

const isFine = (became: string): boolean => became === 'ok' || became === 'card';

function isSame(name: string, wanted: string | number | boolean | RegExp, told: unknown): boolean {
  if (wanted instanceof RegExp) return wanted.test(String(told));
  if (name.endsWith('_at')) return Date.parse(String(wanted)) === Date.parse(String(told));
  return wanted === told;
}

export function checkEnd(
  end: End,
  effects: Effects & { readonly isSummarised: boolean },
): Problem[] {
  const counts = { spent: end.spent, published: end.published, destroyed: end.destroyed ?? 0 };
  const place = 'end';
  const wrong = Object.entries(counts).filter(
    ([name, count]) => count !== Object.entries(effects).find(([key]) => key === name)?.[1],
  );
  const rows = [
    ...differences(end.video, effects.video),
    ...differences(end.publication, effects.publication),
  ];
  if (end.isSummarised !== undefined && end.isSummarised !== effects.isSummarised)
    rows.push(`summarised: ${effects.isSummarised}`);
  const { spent, published, destroyed } = effects;
  const told = `spent ${spent}, published ${published}, destroyed ${destroyed}`;
  return [...(wrong.length > 0 ? [told] : []), ...rows].map((text) => ({
    kind: 'end' as const,
    place,
    text,
  }));
}

function differences(
  wanted: Readonly<Record<string, unknown>> | undefined,
  row: Readonly<Record<string, unknown>>,
): string[] {
  return Object.entries(wanted ?? {}).flatMap(([name, value]) => {
    const stored = row[name];
    const told = stored instanceof Date ? stored.toISOString() : stored;
    return told === value ? [] : [`${name} is ${String(told)}`];
  });
}
