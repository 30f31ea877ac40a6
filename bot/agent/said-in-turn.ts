import { modelMessageSchema } from 'ai';

import type { Services } from '../../core/context.ts';
import { readMemory, readTurnMessages } from '../../core/conversation/memory.ts';
import type { Turn } from '../../core/conversation/turns.ts';
import type { Locale } from '../../core/messages/catalogue.ts';
import { readProgress } from './progress.ts';
import { cleanSpeech, linksIn } from './speech.ts';
import { resultsIn } from './transcript.ts';

/** The whole answer to a turn, from what is stored of it; empty where nothing was said. */
export async function saidInTurn(services: Services, turn: Turn, locale: Locale): Promise<string> {
  const parse = (messages: readonly unknown[]) =>
    messages.map((message) => modelMessageSchema.parse(message));
  const own = parse(await readTurnMessages(services, turn));
  const memory = await readMemory(services, turn.conversationId);
  const known = parse(memory.messages.map(({ message }) => message));
  const links = linksIn([...resultsIn([...known, ...own]).values()]);
  return cleanSpeech(readProgress(own).texts.join('\n\n'), { links, locale });
}
