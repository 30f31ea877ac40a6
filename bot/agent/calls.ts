import type { JSONValue, ModelMessage } from 'ai';
import { z } from 'zod';

import { findApproval } from '../../core/consent/decide.ts';
import type { Context } from '../../core/context.ts';
import { isFault } from '../../core/fault.ts';
import { perform, type AnyOperation } from '../../core/operation.ts';
import { answerFacts, faultFacts } from './facts.ts';
import type { Mouth } from './mouth.ts';
import { readProgress, repeatedCalls } from './progress.ts';
import type { Call, Transcript } from './transcript.ts';

/** So many calls of one step are carried out; the rest are answered with a no. */
const mostAtOnce = 5;
/** A tool that takes longer is given up. */
const longestCallMs = 5 * 60_000;

export type Hands = {
  readonly operations: readonly AnyOperation[];
  /** A request by the surface `agent`. */
  readonly context: Context;
  readonly mouth: Mouth;
  /** Approvals whose card this turn has drawn. */
  readonly drawn: Set<string>;
};

type Facts = Record<string, unknown>;

const refusal = (code: string, why: string): Facts => ({ ok: false, code, why });

/**
 * Carries out the calls that wait for a result, side by side, and stores each result as it comes.
 * `resumed`: an earlier process began them, so a change that may have happened is not made again.
 */
export async function runPending(
  transcript: Transcript,
  turnMessages: readonly ModelMessage[],
  hands: Hands,
  resumed: boolean,
): Promise<void> {
  const { pending } = readProgress(turnMessages);
  const repeated = repeatedCalls(turnMessages);
  await Promise.all(
    pending.map(async (call, index) => {
      const facts =
        refuse(call, index, repeated) ??
        (await runCall(call, hands, resumed).catch((error: unknown) => {
          hands.context.log.error({ err: error, tool: call.toolName }, 'a tool call broke');
          return refusal('internal', 'This broke on our side.');
        }));
      // A process that is told to stop has cut its calls off: they are taken up again later.
      hands.context.signal.throwIfAborted();
      await transcript.append([resultOf(call, facts)]);
    }),
  );
}

function refuse(call: Call, index: number, repeated: ReadonlySet<Call>): Facts | null {
  if (repeated.has(call))
    return refusal('repeated', 'This was called with the same input before. Tell the person.');
  if (index < mostAtOnce) return null;
  return refusal('too_many_calls', `At most ${mostAtOnce} calls at a time.`);
}

/** Answers calls that are not carried out, so that every call in the memory has its result. */
export const withholdResults = (calls: readonly Call[]): ModelMessage[] =>
  calls.map((call) => resultOf(call, refusal('not_now', 'No tool can be called at this point.')));

export const unreadableResults = (calls: readonly Call[]): ModelMessage[] =>
  calls.map((call) => resultOf(call, refusal('invalid_input', 'The arguments are no JSON.')));

const jsonSchema: z.ZodType<JSONValue> = z.json();

const resultOf = ({ toolCallId, toolName }: Call, facts: Facts): ModelMessage => ({
  role: 'tool',
  content: [
    {
      type: 'tool-result',
      toolCallId,
      toolName,
      output: { type: 'json', value: jsonSchema.parse(facts) },
    },
  ],
});

const inputSchema = z.record(z.string(), z.unknown());

async function runCall(call: Call, hands: Hands, resumed: boolean): Promise<Facts> {
  const { operations, mouth } = hands;
  const operation = operations.find(({ name }) => name === call.toolName);
  if (!operation) {
    const known = operations.map(({ name }) => name).join(', ');
    return refusal('unknown_tool', `There is no tool of that name. The tools are: ${known}.`);
  }
  if (resumed && operation.effect === 'write')
    return refusal('interrupted', 'We were restarted in the middle of this; it may have happened.');
  const input = inputSchema.safeParse(call.input ?? {});
  if (!input.success) return refusal('invalid_input', 'The arguments are no JSON object.');
  mouth.working?.(operation);
  const signal = AbortSignal.any([hands.context.signal, AbortSignal.timeout(longestCallMs)]);
  const context = { ...hands.context, signal };
  const outcome = await perform(operation, input.data, context, { isRepeat: resumed });
  if (outcome.ok) {
    const isShown = await show(hands, operation, outcome.value, input.data);
    const isPrivate = !isShown && (context.actor.serverId ?? null) === null;
    return answerFacts(operation, { output: outcome.value, said: outcome.text, isPrivate });
  }
  if (isFault(outcome.fault, 'approval_required'))
    return drawCard(hands, operation, outcome.fault.params.id, input.data);
  return faultFacts(outcome.fault, context.locale);
}

/** A card that cannot be shown takes nothing from the answer. */
async function show(
  hands: Hands,
  operation: AnyOperation,
  output: Facts,
  input: Facts,
): Promise<boolean> {
  try {
    return (await hands.mouth.show?.(operation, output, input)) ?? false;
  } catch (error) {
    hands.context.log.warn({ err: error, operation: operation.name }, 'a result was not shown');
    return false;
  }
}

async function drawCard(
  hands: Hands,
  operation: AnyOperation,
  id: string,
  input: Facts,
): Promise<Facts> {
  const { context, mouth, drawn } = hands;
  const { preview } = await findApproval(context, id, context.actor.accountId);
  const waits = { ok: false, waiting_for: 'person', card: 'drawn', title: preview.title };
  if (drawn.has(id)) return { ...waits, approval: id };
  drawn.add(id);
  try {
    await mouth.drawCard({ id, operation, input, preview });
    return { ...waits, approval: id };
  } catch (error) {
    drawn.delete(id);
    context.log.warn({ err: error, operation: operation.name }, 'a card was not drawn');
    return {
      ...refusal('card_failed', 'The card could not be shown, so nobody can approve it here.'),
      next: 'Tell the person to use the command instead.',
    };
  }
}
