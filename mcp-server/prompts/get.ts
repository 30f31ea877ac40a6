import type { GetPromptResult, PromptMessage } from '@modelcontextprotocol/server';
import type { z } from 'zod';

import type { Context } from '../../core/context.ts';
import { Fault } from '../../core/fault.ts';
import { inputFault } from '../../core/input-fault.ts';
import { promptWords } from '../../core/messages/mcp-prompts.ts';
import { offered, perform, type AnyOperation } from '../../core/operation.ts';
import { uriOf } from '../resources/address.ts';
import { jsonOf, markOutside } from '../resources/outside.ts';
import { promptInputs, promptNamed } from './list.ts';

type Arguments = Readonly<Record<string, string>>;
type Writer = (
  args: Arguments,
  context: Context,
  operations: readonly AnyOperation[],
) => PromptMessage[] | Promise<PromptMessage[]>;

const defaultDays = 30;
const defaultVideos = 3;

const textOf = (text: string): PromptMessage => ({ role: 'user', content: { type: 'text', text } });

/** @throws Fault `invalid_input` naming every argument that is missing, too long or not known. */
function parse<Input extends z.ZodObject>(schema: Input, args: Arguments): z.output<Input> {
  const parsed = schema.safeParse(args);
  if (!parsed.success) throw inputFault(schema, args);
  return parsed.data;
}

/** @throws Fault of the operation, and `unknown_operation` where it is not offered. */
async function show(
  name: string,
  input: Record<string, unknown>,
  context: Context,
  operations: readonly AnyOperation[],
): Promise<{ readonly value: Record<string, unknown>; readonly text: string }> {
  const known = offered(operations, context.ports);
  const operation = known.find((candidate) => candidate.name === name);
  if (!operation)
    throw new Fault('unknown_operation', { name, known: known.map((one) => one.name).join(', ') });
  const outcome = await perform(operation, input, context);
  if (!outcome.ok) throw outcome.fault;
  return outcome;
}

const writers: Readonly<Record<keyof typeof promptInputs, Writer>> = {
  'find-and-make'(args, { locale }) {
    const { topic, seconds } = parse(promptInputs['find-and-make'], args);
    const wish = { topic, seconds: seconds === undefined ? null : Number(seconds) };
    return [textOf(promptWords[locale].findAndMake(wish))];
  },
  async 'remix-a-trend'(args, context, operations) {
    const { trend } = parse(promptInputs['remix-a-trend'], args);
    const { value } = await show('trend_show', { trend }, context, operations);
    const resource = {
      uri: uriOf({ kind: 'trend', id: trend }),
      mimeType: 'application/json',
      text: jsonOf(markOutside('trend_show', value)),
    };
    return [
      textOf(promptWords[context.locale].remix({ trend })),
      { role: 'user', content: { type: 'resource', resource } },
    ];
  },
  'weekly-plan'(args, { locale }) {
    const { topic, videos_per_week: count } = parse(promptInputs['weekly-plan'], args);
    const videos = count === undefined ? defaultVideos : Number(count);
    return [textOf(promptWords[locale].weeklyPlan({ topic, videos }))];
  },
  async 'explain-my-stats'(args, context, operations) {
    const wished = parse(promptInputs['explain-my-stats'], args).days;
    const days = wished === undefined ? defaultDays : Number(wished);
    const { value, text: said } = await show('stats_show', { days }, context, operations);
    const numbers = JSON.stringify(value);
    return [textOf(promptWords[context.locale].explainStats({ days, said, numbers }))];
  },
};

/**
 * A prompt filled in, in the person's language; null when there is none of that name. An argument
 * that is left empty counts as not given.
 * @throws Fault `invalid_input` naming every argument at fault, and what reading a trend or the
 * numbers fails with.
 */
export async function getPrompt(
  name: string,
  args: Arguments | undefined,
  context: Context,
  operations: readonly AnyOperation[],
): Promise<GetPromptResult | null> {
  const known = promptNamed(name);
  if (known === null) return null;
  const given = Object.entries(args ?? {}).filter(([, value]) => value.trim() !== '');
  const messages = await writers[known](Object.fromEntries(given), context, operations);
  const { list, replies } = promptWords[context.locale];
  return { description: list[known].title, messages: [...messages, textOf(replies)] };
}
