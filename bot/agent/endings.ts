import type { Context } from '../../core/context.ts';
import { toFault } from '../../core/fault-of.ts';
import { isFault } from '../../core/fault.ts';
import { viewFault } from '../../core/fault-view.ts';
import { agentWords } from '../../core/messages/agent.ts';
import type { ChatModel } from '../../core/ports/chat-model.ts';
import { limitFault } from './limits.ts';

/** What a person can do without the agent, as it is called here. */
const offered = ['trend_search', 'video_generate', 'video_show', 'quota_show'];

const commandsIn = (commandOf: (name: string) => string): string =>
  offered.map(commandOf).join(', ');

/** The sentence for a person who has used up the agent's day; null below the limit. */
export async function limitSentence(
  context: Context,
  commandOf: (name: string) => string,
): Promise<string | null> {
  const { locale, timeZone, actor } = context;
  const { accountId } = actor;
  const commands = commandsIn(commandOf);
  const fault = await limitFault(context, { accountId, locale, timeZone, commands });
  if (!fault) return null;
  const { message, next } = viewFault(fault, locale);
  // Chinese sentences follow one another without a space.
  return [message, next].join(locale === 'zh' ? '' : ' ');
}

/**
 * The sentence that ends a turn that broke: the model is out of reach, or something is wrong on our
 * side. @throws the error itself when the database is gone, so that the turn stays open.
 */
export async function endingFor(
  error: unknown,
  {
    context,
    model,
    commandOf,
  }: {
    readonly context: Context;
    readonly model: ChatModel;
    readonly commandOf: (name: string) => string;
  },
): Promise<string> {
  const { locale } = context;
  const words = agentWords(locale);
  const known = isFault(error) ? error : model.toFault(error);
  if (isFault(known, 'content_refused')) return words.refused();
  if (known) {
    context.log.warn({ err: error, code: known.code }, 'the model is out of reach');
    const { message } = viewFault(known, locale);
    return words.outOfReach({ reason: message, commands: commandsIn(commandOf) });
  }
  const { fault } = toFault(error, context, 'agent');
  if (fault.code === 'database_down') throw error;
  return words.broken({ reason: viewFault(fault, locale).message });
}
