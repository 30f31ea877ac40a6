import { listChannels } from '../../core/channel/row.ts';
import { decideApproval } from '../../core/consent/decide.ts';
import { approvalLink } from '../../core/consent/link.ts';
import type { Context } from '../../core/context.ts';
import { announce, channelConnected, decisionEvent } from '../../core/conversation/events.ts';
import { followStarted, isWaiting } from '../../core/conversation/follow.ts';
import { openConversation } from '../../core/conversation/open.ts';
import { takeInTurn, turnChannel } from '../../core/conversation/turns.ts';
import { eventChannel } from '../../core/events.ts';
import { Fault, isFault } from '../../core/fault.ts';
import { viewFault } from '../../core/fault-view.ts';
import { terminalWords } from '../../core/messages/terminal.ts';
import { perform, type AnyOperation } from '../../core/operation.ts';
import type { CardToDraw, Mouth } from '../agent/mouth.ts';
import { answerOpenTurns } from '../agent/queue.ts';
import { cardLines, resultLines } from './lines.ts';
import { openVoice, type Screen, type Voice } from './screen.ts';
import { createWakeUp, type WakeUp } from './wake-up.ts';

export type ChatOptions = {
  /** A request of this machine's person by the surface `terminal`. */
  readonly context: Context;
  readonly operations: readonly AnyOperation[];
  readonly screen: Screen;
  /** Whether every card is approved beforehand. */
  readonly yes: boolean;
  /** What the person says, instead of what they would type; then what was started is waited for. */
  readonly messages?: readonly string[];
  /** How often what has ended is looked for when nobody reports it. */
  readonly lookEveryMs?: number;
};

/** What one person says at one terminal is one conversation, from one start to the next. */
const place = 'terminal';
const usualLookMs = 2000;

type Chat = {
  readonly options: ChatOptions;
  readonly conversationId: string;
  readonly voice: Voice;
  readonly wakeUp: WakeUp;
  /** Cards that were drawn and not decided. */
  readonly cards: CardToDraw[];
  /** The last line of progress of each thing in the making. */
  readonly shown: Map<string, string>;
  /** Channels that were connected when the link was given out; null while none was. */
  channelsBefore: ReadonlySet<string> | null;
  /** What is left to be said of the messages that were given. */
  readonly given: string[];
  /** The line that somebody is typing. */
  line: Promise<string | null> | null;
};

/**
 * Talks with the agent at a terminal until the person leaves or the input ends; then what was started
 * is still waited for. Consent is given here, line by line.
 */
export async function runChat(options: ChatOptions): Promise<void> {
  const { context, screen } = options;
  const { accountId } = context.actor;
  const surface = 'terminal';
  const { id } = await openConversation(context, { accountId, surface, place, serverId: null });
  await using opened = new AsyncDisposableStack();
  const wakeUp = createWakeUp(options.lookEveryMs ?? usualLookMs, context.signal);
  opened.defer(() => wakeUp.stop());
  const { sql } = context.database;
  for (const channel of [eventChannel, turnChannel]) {
    const listening = await sql.listen(channel, () => wakeUp.wake());
    opened.defer(() => listening.unlisten());
  }
  const chat: Chat = {
    options,
    conversationId: id,
    voice: openVoice(screen),
    wakeUp,
    cards: [],
    shown: new Map(),
    channelsBefore: null,
    given: [...(options.messages ?? [])],
    line: null,
  };
  // What an earlier run left behind comes first.
  await catchUp(chat);
  await converse(chat);
}

async function converse(chat: Chat): Promise<void> {
  const { context, screen, messages } = chat.options;
  let hasInput = true;
  while (!context.signal.aborted) {
    const next = hasInput ? await lineOrWake(chat) : await chat.wakeUp.next();
    if (next === 'woken') {
      const goesOn = await catchUp(chat);
      if (!hasInput && !goesOn) return;
      continue;
    }
    if (next.line === null) {
      if (screen.isInteractive && !messages) return;
      hasInput = false;
      chat.wakeUp.wake();
      continue;
    }
    const text = next.line.trim();
    if (text === '/quit' || text === '/exit') return;
    if (text !== '') await say(chat, text);
  }
}

/** The next line, or null at the end of the input; `woken` when something may have happened first. */
async function lineOrWake(chat: Chat): Promise<{ readonly line: string | null } | 'woken'> {
  const { screen, context, messages } = chat.options;
  if (messages) return { line: chat.given.shift() ?? null };
  chat.line ??= screen.readLine(terminalWords(context.locale).you());
  const first = await Promise.race([
    chat.line.then((line) => ({ line })),
    chat.wakeUp.next().then(() => 'woken' as const),
  ]);
  if (first === 'woken') return first;
  chat.line = null;
  return first;
}

async function say(chat: Chat, text: string): Promise<void> {
  const { context } = chat.options;
  const { conversationId } = chat;
  const key = context.ids.next('msg');
  await takeInTurn(context, { conversationId, key, kind: 'person', text, replyTo: {} });
  await answer(chat);
}

/** Tells what has ended meanwhile and lets the agent go on; false when nothing is waited for. */
async function catchUp(chat: Chat): Promise<boolean> {
  const { context } = chat.options;
  const { locale } = context;
  const following = await followStarted(context, chat.conversationId);
  for (const { id, status, percent } of following) {
    const line = terminalWords(locale).progress({ id, status, percent });
    if (chat.shown.get(id) === line) continue;
    chat.shown.set(id, line);
    chat.voice.line(line);
  }
  await noticeChannel(chat);
  await answer(chat);
  // Only a person who sits there can open the link of a channel.
  if (chat.channelsBefore !== null && chat.options.screen.isInteractive) return true;
  // What was approved while catching up is waited for as well.
  return isWaiting(context, chat.conversationId);
}

async function noticeChannel(chat: Chat): Promise<void> {
  const { context } = chat.options;
  if (chat.channelsBefore === null) return;
  const now = await listChannels(context);
  const known = chat.channelsBefore;
  const added = now.filter(({ id }) => !known.has(id));
  if (added.length === 0) return;
  chat.channelsBefore = null;
  for (const { id } of added) {
    const key = `channel:${id}`;
    const { conversationId } = chat;
    await announce(context, { conversationId, key, text: channelConnected(id) });
  }
}

/** Answers what is open; what is decided on its cards is answered in turn. */
async function answer(chat: Chat): Promise<void> {
  const { context, operations } = chat.options;
  const { conversationId } = chat;
  for (;;) {
    await answerOpenTurns(context, conversationId, async () => {
      chat.voice.end();
      return {
        context: { ...context, actor: { ...context.actor, surface: 'agent', serverId: null } },
        operations,
        mouth: mouthOf(chat),
        commandOf: (name) => `npm run call -- ${name}`,
      };
    });
    chat.voice.end();
    const card = chat.cards.shift();
    if (!card) return;
    await decide(chat, card);
  }
}

function mouthOf(chat: Chat): Mouth {
  const { context } = chat.options;
  const { locale } = context;
  return {
    say: (text) => chat.voice.say(text),
    working: ({ summary }) => chat.voice.line(`… ${summary[locale]}`),
    async drawCard(card) {
      for (const line of cardLines(card.preview)) chat.voice.line(line);
      chat.cards.push(card);
    },
    async show(operation, output) {
      for (const line of resultLines(operation, output, locale)) chat.voice.line(line);
      if (operation.name === 'channel_connect')
        chat.channelsBefore = new Set((await listChannels(context)).map(({ id }) => id));
      // Links are told in words.
      return false;
    },
  };
}

/** Puts a card before the person, carries out what they approve, and tells the agent. */
async function decide(chat: Chat, card: CardToDraw): Promise<void> {
  const { context, yes, screen } = chat.options;
  const { locale, actor } = context;
  const words = terminalWords(locale);
  if (!yes && !screen.isInteractive) {
    chat.voice.line(words.nobodyToAsk({ link: approvalLink(context, card.id) }));
    return;
  }
  const approved = yes || (await ask(chat, words.decide()));
  const outcome = await carryOut(context, card, approved);
  if (!approved) chat.voice.line(words.declined());
  else if (outcome.ok) chat.voice.line(`→ ${outcome.text}`);
  else chat.voice.line(viewFault(outcome.fault, locale).message);
  // Decided on another surface meanwhile: that one tells the agent.
  if (!outcome.ok && isFault(outcome.fault, 'approval_not_valid')) return;
  await announce(context, {
    conversationId: chat.conversationId,
    key: `approval:${card.id}`,
    text: decisionEvent(card.operation, approved ? outcome : null, locale),
  });
  context.log.info(
    { approval: card.id, account: actor.accountId, approved },
    'decided at a terminal',
  );
}

async function carryOut(context: Context, card: CardToDraw, approved: boolean) {
  const by = context.actor.accountId;
  try {
    await decideApproval(context, { id: card.id, approved, by, surface: 'terminal' });
  } catch (error) {
    if (isFault(error)) return { ok: false as const, fault: error, reference: null };
    throw error;
  }
  if (!approved)
    return { ok: false as const, fault: new Fault('approval_refused', {}), reference: null };
  return perform(card.operation, card.input, context, { approvalId: card.id });
}

/** Whoever says anything but yes, or leaves, has not approved. */
async function ask(chat: Chat, question: string): Promise<boolean> {
  const { screen } = chat.options;
  // A line that is being typed already is the answer.
  if (chat.line) chat.voice.line(question.trim());
  const line = await (chat.line ?? screen.readLine(question));
  chat.line = null;
  return /^(?:y|yes|是|好|批准)$/iu.test(line?.trim() ?? '');
}
