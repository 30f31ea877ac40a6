import { z } from 'zod';

import { freeUnitsOf } from '../../core/account/free-units.ts';
import { claimWelcome } from '../../core/account/welcome.ts';
import { secondsAfter } from '../../core/clock.ts';
import type { Services } from '../../core/context.ts';
import { openConversation } from '../../core/conversation/open.ts';
import {
  lastWords,
  listOpenTurns,
  listUnshownTurns,
  markShown,
  takeInTurn,
  turnChannel,
  type Turn,
} from '../../core/conversation/turns.ts';
import type { Locale } from '../../core/messages/catalogue.ts';
import type { Answer } from '../agent/agent.ts';
import { languageOf } from '../agent/language.ts';
import { answerOpenTurns, type PreparedTurn } from '../agent/queue.ts';
import { saidInTurn } from '../agent/said-in-turn.ts';
import { presentFault } from './cards/fault.ts';
import { presentWelcome } from './cards/welcome.ts';
import type { SaidMessage } from './gateway.ts';
import type { Parts } from './parts.ts';
import { contextOf, openMember, type Member } from './person.ts';
import { readSaid, type Said } from './said.ts';
import { readRules, refusalOf } from './server-rules.ts';
import { createMouth, type DiscordMouth } from './mouth.ts';
import { withinMs } from './work-in-hand.ts';

const surface = 'discord';
/** An answer that nobody has seen is still worth showing for so long. */
const tellAgainSeconds = 60 * 60;
/** When a conversation that could not be answered is looked at again. */
const againMs = 30_000;

/** Where an answer goes, as a turn keeps it. */
const replySchema = z.object({
  channelId: z.string(),
  messageId: z.string(),
  userId: z.string(),
  name: z.string(),
  serverId: z.string().nullable(),
  /** The person's roles in the server when they said it. */
  roles: z.array(z.string()).default([]),
});
type ReplyTo = z.infer<typeof replySchema>;

export type Talk = {
  /** Takes in a message; one that is not for the bot is passed over. */
  hear(message: SaidMessage): Promise<void>;
  /** Answers whatever is open, and from then on every turn that comes in. */
  start(): Promise<void>;
  /** Resolves when nothing is being answered any more, and after `graceMs` at the latest. */
  finish(graceMs: number): Promise<void>;
  close(): Promise<void>;
};

/** Talks with people: every turn is kept first and answered then, so that a death in between loses none. */
export function createTalk(parts: Parts): Talk {
  const { services } = parts;
  const { log } = services;
  const answering = new Map<string, Promise<void>>();
  const hearing = new Map<string, Promise<void>>();
  /** Turns that another process may have begun to answer. */
  const resumed = new Set<number>();
  let unlisten: (() => Promise<void>) | null = null;

  const wake = (conversationId: string): void => {
    if (parts.stop.aborted) return;
    const before = answering.get(conversationId) ?? Promise.resolve();
    const next = before
      .then(() => answer(parts, conversationId, resumed))
      .catch((error: unknown) => {
        if (parts.stop.aborted) return;
        log.error({ err: error, conversationId }, 'a turn could not be answered yet');
        parts.timers.schedule(againMs, () => wake(conversationId));
      })
      .finally(() => {
        if (answering.get(conversationId) === next) answering.delete(conversationId);
      });
    answering.set(conversationId, next);
  };
  const sweep = async (): Promise<void> => {
    const open = await listOpenTurns(services, surface);
    for (const { id } of open) resumed.add(id);
    const untold = await listUnshownTurns(services, unshown(services));
    for (const id of new Set([...open, ...untold].map((turn) => turn.conversationId))) wake(id);
  };
  return {
    async hear(message) {
      const said = readSaid(message);
      if (!said) return;
      const { userId } = said.member;
      // What somebody says is taken in in the order in which it was said.
      const next = (hearing.get(userId) ?? Promise.resolve())
        .catch(() => undefined)
        .then(() => hear(parts, said))
        .finally(() => {
          if (hearing.get(userId) === next) hearing.delete(userId);
        });
      hearing.set(userId, next);
      await next;
    },
    async start() {
      const guarded = () =>
        void sweep().catch((error: unknown) =>
          log.warn({ err: error }, 'open turns were not read'),
        );
      // What was notified while nobody listened is found by looking.
      const listening = await services.database.sql.listen(turnChannel, wake, guarded);
      unlisten = () => listening.unlisten();
    },
    async finish(graceMs) {
      await unlisten?.();
      unlisten = null;
      await withinMs(graceMs, Promise.all(answering.values()));
    },
    async close() {
      await unlisten?.();
      await Promise.all(answering.values());
    },
  };
}

async function hear(parts: Parts, said: Said): Promise<void> {
  const { services } = parts;
  const { member, channelId, messageId } = said;
  const rules = await readRules(services, member.serverId);
  const account = await openMember(services, member);
  const locale = rules.locale ?? languageOf(said.text) ?? account.locale;
  const { timeZone } = account;
  const draw = { locale, timeZone, now: services.clock.now(), owner: member.userId };
  const refusal = refusalOf(rules, member, said.channelIds);
  if (refusal) {
    const view = presentFault(refusal, null, draw);
    await parts.messenger.send(channelId, view, { replyTo: messageId, nonce: `r${messageId}` });
    return;
  }
  if ((await claimWelcome(services, account.id)) || said.text === '')
    await parts.messenger.send(
      channelId,
      presentWelcome(draw, await freeUnitsOf(services, account.id)),
      {
        replyTo: messageId,
        nonce: `w${messageId}`,
      },
    );
  if (said.text !== '') await takeIn(parts, said, account.id);
}

async function takeIn(parts: Parts, said: Said, accountId: string): Promise<void> {
  const { member, channelId, messageId, text } = said;
  const { userId, name, serverId, roles } = member;
  const conversation = await openConversation(parts.services, {
    accountId,
    surface,
    place: channelId,
    serverId,
  });
  const replyTo: ReplyTo = { channelId, messageId, userId, name, serverId, roles: [...roles] };
  await takeInTurn(parts.services, {
    conversationId: conversation.id,
    key: `message:${messageId}`,
    kind: 'person',
    text,
    replyTo,
  });
}

type Telling = { readonly turn: Turn; readonly mouth: DiscordMouth };

async function answer(
  parts: Parts,
  conversationId: string,
  resumed: ReadonlySet<number>,
): Promise<void> {
  await tellUnshown(parts, conversationId);
  const { services } = parts;
  const telling: Telling[] = [];
  const shown = new Set<number>();
  const end = async (): Promise<void> => {
    for (const { turn, mouth } of telling.splice(0)) {
      await mouth.end();
      shown.add(turn.id);
    }
  };
  try {
    const answers = await answerOpenTurns(services, conversationId, async (turn) => {
      // The answer before is whole before the next one begins.
      await end();
      const { prepared, mouth } = await prepare(parts, turn, resumed.has(turn.id));
      telling.push({ turn, mouth });
      return prepared;
    });
    await end();
    for (const { turn } of answered(answers))
      if (shown.has(turn.id)) await markShown(services, turn.id);
  } finally {
    await end();
  }
}

const answered = (answers: readonly Answer[]) =>
  answers.flatMap((one) => (one.kind === 'answered' ? [one] : []));

/** Shows what was answered before a death or while Discord was away; the nonce finds what stands there. */
async function tellUnshown(parts: Parts, conversationId: string): Promise<void> {
  const { services } = parts;
  for (const turn of await listUnshownTurns(services, { ...unshown(services), conversationId })) {
    const { prepared, mouth } = await prepare(parts, turn, true);
    mouth.say(await saidInTurn(services, turn, prepared.context.locale));
    await mouth.end();
    await markShown(services, turn.id);
  }
}

const unshown = ({ clock }: Services) => ({
  surface,
  since: secondsAfter(clock.now(), -tellAgainSeconds),
});

async function prepare(
  parts: Parts,
  turn: Turn,
  isResumed: boolean,
): Promise<{ prepared: PreparedTurn; mouth: DiscordMouth }> {
  const { services, operations, stop } = parts;
  const { channelId, messageId, userId, name, serverId, roles } = replySchema.parse(turn.replyTo);
  const member: Member = {
    userId,
    name,
    language: 'en',
    serverId,
    isManager: false,
    // An event may come long after they were said to hold.
    roles: turn.kind === 'person' ? roles : [],
  };
  const account = await openMember(services, member);
  const rules = await readRules(services, serverId);
  const words = (await lastWords(services, turn.conversationId)) ?? '';
  const locale: Locale = rules.locale ?? languageOf(words) ?? account.locale;
  const context = contextOf(services, account, { member, surface: 'agent', locale, signal: stop });
  const mouth = createMouth(parts, {
    context,
    turn,
    channelId,
    userId,
    // An event is not answered to the message from long ago.
    replyTo: turn.kind === 'person' ? messageId : null,
    isResumed,
  });
  return { prepared: { context, operations, mouth }, mouth };
}
