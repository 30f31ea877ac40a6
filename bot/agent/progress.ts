import type { ModelMessage } from 'ai';
import { z } from 'zod';

import { canonicalJson } from '../../core/crypto.ts';
import { callsIn, resultsIn, textIn, type Call } from './transcript.ts';

/** The same call is made so often in one turn; after that the tools are taken away. */
const mostRepeats = 2;

/** How far a turn has come, read from what is stored of it: a restarted process knows as much. */
export type Progress = {
  /** Calls to the model so far. */
  readonly steps: number;
  /** What it wrote in each of them. */
  readonly texts: readonly string[];
  /** Calls of the last step that have no result yet. */
  readonly pending: readonly Call[];
  /** Approvals whose card stands before the person. */
  readonly cards: readonly string[];
  /** Whether the next step is the last: a card waits, or the model goes in circles. */
  readonly isClosing: boolean;
  /** Whether the turn's own words are stored. */
  readonly hasBegun: boolean;
};

const resultSchema = z.looseObject({
  waiting_for: z.literal('person').optional(),
  approval: z.string().optional(),
  code: z.string().optional(),
});

export function readProgress(messages: readonly ModelMessage[]): Progress {
  const answers = messages.filter(({ role }) => role === 'assistant');
  const last = messages.findLastIndex(({ role }) => role === 'assistant');
  const ended = new Set(resultsIn(messages.slice(last + 1)).map(({ toolCallId }) => toolCallId));
  const outcomes = resultsIn(messages).flatMap(({ value }) => {
    const read = resultSchema.safeParse(value);
    return read.success ? [read.data] : [];
  });
  return {
    steps: answers.length,
    texts: answers.map(textIn).filter((text) => text.trim() !== ''),
    pending: messages
      .slice(Math.max(last, 0))
      .flatMap(callsIn)
      .filter(({ toolCallId }) => !ended.has(toolCallId)),
    cards: outcomes.flatMap(({ waiting_for: whom, approval }) =>
      whom === 'person' && approval !== undefined ? [approval] : [],
    ),
    isClosing: outcomes.some(
      ({ waiting_for: whom, code }) => whom === 'person' || code === 'repeated',
    ),
    hasBegun: messages.length > 0,
  };
}

const keyOf = ({ toolName, input }: Call): string => `${toolName} ${canonicalJson(input ?? {})}`;

/** Calls that were made with the same input too often in this turn. */
export function repeatedCalls(messages: readonly ModelMessage[]): Set<Call> {
  const counts = new Map<string, number>();
  const repeated = new Set<Call>();
  for (const call of messages.flatMap(callsIn)) {
    const count = (counts.get(keyOf(call)) ?? 0) + 1;
    counts.set(keyOf(call), count);
    if (count > mostRepeats) repeated.add(call);
  }
  return repeated;
}
