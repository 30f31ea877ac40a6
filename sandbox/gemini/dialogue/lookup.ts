import type { Card } from './memory.ts';
import type { Situation } from './situation.ts';
import type { ToolResult } from './results.ts';
import type { Turn } from './turns.ts';

export type Call = { readonly name: string; readonly args: Readonly<Record<string, unknown>> };

/** What the model does next: calls tools, or says something and stops. */
export type Step =
  | { readonly kind: 'call'; readonly calls: readonly Call[] }
  | { readonly kind: 'say'; readonly text: string };

/** How far a call has got. */
export type Found =
  | { readonly kind: 'absent' }
  | { readonly kind: 'missing'; readonly call: Call }
  | {
      readonly kind: 'done';
      readonly result: ToolResult;
      readonly turn: number;
      readonly isFresh: boolean;
    }
  | { readonly kind: 'failed'; readonly result: ToolResult }
  | {
      readonly kind: 'card';
      readonly card: Card | null;
      readonly result: ToolResult;
      readonly isFresh: boolean;
    };

type Wanted = {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** Results of earlier turns do not count. */
  readonly since: number;
};

/** The newest result of exactly this call; an old failure or a declined card is as good as none. */
export function lookUp(situation: Situation, { name, args, since }: Wanted): Found {
  const { tools, turns, newest, memory } = situation;
  if (!tools.has(name)) return { kind: 'absent' };
  const call = { name, args: tools.fit(name, args) };
  const wanted = canonical(call.args);
  const at = turns.findLastIndex(
    (turn, index) =>
      index >= since &&
      turn.kind === 'call' &&
      turn.name === name &&
      canonical(turn.args) === wanted,
  );
  const result = resultOf(turns[at]);
  const isFresh = at > newest;
  if (!result) return { kind: 'missing', call };
  if (result.ok) return { kind: 'done', result, turn: at, isFresh };
  if (result.isWaiting) {
    const card = memory.cards.find(({ turn }) => turn === at) ?? null;
    const isOver =
      card?.state === 'declined' || card?.state === 'expired' || card?.state === 'failed';
    return isOver && !isFresh ? { kind: 'missing', call } : { kind: 'card', card, result, isFresh };
  }
  if (!isFresh || isWorthRepeating(situation, result, wanted)) return { kind: 'missing', call };
  return { kind: 'failed', result };
}

/** A call that a restart cut off is made once more. */
const isWorthRepeating = (
  { turns, newest }: Situation,
  { code }: ToolResult,
  wanted: string,
): boolean =>
  code === 'interrupted' &&
  turns.slice(newest).filter((turn) => turn.kind === 'call' && canonical(turn.args) === wanted)
    .length < 2;

const resultOf = (turn: Turn | undefined): ToolResult | null =>
  turn?.kind === 'call' ? turn.result : null;

const canonical = (args: Readonly<Record<string, unknown>>): string =>
  JSON.stringify(Object.entries(args).toSorted(([a], [b]) => (a < b ? -1 : 1)));

export const callStep = (call: Call): Step => ({ kind: 'call', calls: [call] });
export const sayStep = (...sentences: readonly (string | null)[]): Step => ({
  kind: 'say',
  text: sentences.filter((sentence) => sentence !== null && sentence !== '').join('\n'),
});
