import { and, eq } from 'drizzle-orm';

import { approvals } from '../../drizzle/schema/consent.ts';
import { identities } from '../../drizzle/schema/people.ts';
import { quotaTransfers, wallets } from '../../drizzle/schema/quota.ts';
import { videos } from '../../drizzle/schema/videos.ts';
import type { ChatModel } from '../../core/ports/chat-model.ts';
import type { Person, Place, Seen } from '../../sandbox/discord/discord.ts';
import type { Chat } from './chat.ts';
import { scriptedModel, type ScriptedStep } from './scripted-model.ts';

/** The id of the button that does this, whatever its label. */
export function buttonOf(message: Seen, action: string): string {
  const found = message.buttons.find(({ customId }) => customId?.split(':')[1] === action);
  if (!found?.customId) throw new Error(`no button does ${action} in: ${message.text}`);
  return found.customId;
}

const asksForConsent = (message: Seen): boolean =>
  message.buttons.some(({ customId }) => customId?.startsWith('v1:consent-yes:'));

let prompts = 0;
/** A prompt that nobody has used yet. */
export const newPrompt = (): string =>
  `A paper boat crosses the quiet city, take ${(prompts += 1)}`;

/** Asks by command for a video; the card that asks for consent. */
export async function askForVideo(place: Place, prompt = newPrompt()): Promise<Seen> {
  const turn = await place.slash('/video generate', { prompt });
  const card = await turn.reply();
  if (!asksForConsent(card)) throw new Error(`no question but: ${card.text}`);
  return card;
}

/** Asks the agent for a video; `mention` where it has to be named. */
export async function askAgentForVideo(place: Place, mention = '@Jilo '): Promise<Seen> {
  const prompt = newPrompt();
  await place.say(`${mention}make ${prompt}`);
  return place.waitFor((message) => asksForConsent(message) && message.text.includes(prompt));
}

/** The id of the approval that a card asks for. */
export const approvalOf = (card: Seen): string => buttonOf(card, 'consent-yes').split(':')[3] ?? '';

/** What a card is now. */
export function now(place: Place, message: Seen): Seen {
  const found = place.sees().find(({ id }) => id === message.id);
  if (!found) throw new Error(`gone: ${message.text}`);
  return found;
}

/** The account behind a person; fails when there are two. */
export async function accountOf({ world }: Chat, person: Person): Promise<string> {
  const rows = await world.app.database.db
    .select({ id: identities.accountId })
    .from(identities)
    .where(and(eq(identities.provider, 'discord'), eq(identities.subject, person.id)));
  const [row] = rows;
  if (!row || rows.length > 1) throw new Error(`${rows.length} accounts`);
  return row.id;
}

/** What a person has started and what was moved for it. */
export async function spentBy(
  chat: Chat,
  person: Person,
): Promise<{ readonly videos: number; readonly holds: number; readonly held: number }> {
  const accountId = await accountOf(chat, person);
  const { db } = chat.world.app.database;
  const made = await db.select().from(videos).where(eq(videos.accountId, accountId));
  const holds = await db
    .select()
    .from(quotaTransfers)
    .where(and(eq(quotaTransfers.walletId, accountId), eq(quotaTransfers.verb, 'hold')));
  const [wallet] = await db.select().from(wallets).where(eq(wallets.accountId, accountId));
  return { videos: made.length, holds: holds.length, held: wallet?.held ?? 0 };
}

export async function statusOf({ world }: Chat, approvalId: string): Promise<string | undefined> {
  const [row] = await world.app.database.db
    .select({ status: approvals.status })
    .from(approvals)
    .where(eq(approvals.id, approvalId));
  return row?.status;
}

/**
 * A model that answers plainly: what `special` has an answer to (given the words, and all it was told), `make …` calls for a video, an event
 * is told, anything else is repeated after "You said:".
 */
export function plainModel(
  special: (words: string, everything: string) => ScriptedStep | null = () => null,
): ChatModel {
  return scriptedModel(({ prompt }) => {
    const last = prompt.at(-1);
    if (last?.role === 'tool') return { text: 'Please decide.' };
    const parts = last?.role === 'user' ? last.content : [];
    const words = parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
    const own = special(words, JSON.stringify(prompt));
    if (own) return own;
    if (words.startsWith('[event]')) return { text: `Noted: ${words.slice(8, 60)}` };
    const wish = /^make (?<prompt>.+)$/u.exec(words)?.groups?.['prompt'];
    if (wish) return { calls: [['video_generate', { prompt: wish }]] };
    return { text: `You said: ${words}` };
  });
}
