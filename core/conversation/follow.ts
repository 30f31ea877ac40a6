import { and, eq, like } from 'drizzle-orm';

import { conversationTurns } from '../../drizzle/schema/chat.ts';
import type { Context, Services } from '../context.ts';
import { isFault, type Fault } from '../fault.ts';
import { perform } from '../operation.ts';
import { publicationShow } from '../publication/show.ts';
import { videoShow } from '../video/show.ts';
import { announce, publicationFailed, publicationIs, videoFailed, videoReady } from './events.ts';

/** How something that a conversation has started is getting on. */
export type Following = {
  readonly id: string;
  readonly status: string;
  /** 0 to 100. */
  readonly percent: number;
  readonly hasEnded: boolean;
};

/** Under this key a conversation is told that something has ended. */
const endKey = (id: string): string => `ended:${id}`;

/** What starts something that takes its time; what cancels or deletes starts nothing. */
const begun =
  /^\[event\] approved and done: (?<operation>video_generate|video_retry|publication_create) /u;

/** The ids of what such an event tells was started: every take of a video, or a publication. */
function startedIn(text: string): string[] {
  const operation = begun.exec(text)?.groups?.['operation'];
  if (operation === undefined) return [];
  const kind = operation === 'publication_create' ? 'pub' : 'vid';
  const ids = text.matchAll(new RegExp(`"(?<id>${kind}_[0-9a-z]{16})"`, 'gu'));
  return Array.from(ids, ({ groups }) => groups?.['id'] ?? '');
}

/** Videos and publications that approvals of this conversation have started and whose end it was not told. */
async function listAwaited(services: Services, conversationId: string): Promise<string[]> {
  const own = eq(conversationTurns.conversationId, conversationId);
  const { db } = services.database;
  const started = await db
    .select({ text: conversationTurns.text })
    .from(conversationTurns)
    .where(
      and(
        own,
        eq(conversationTurns.kind, 'event'),
        like(conversationTurns.text, '[event] approved and done:%'),
      ),
    )
    .orderBy(conversationTurns.id);
  const ended = await db
    .select({ key: conversationTurns.key })
    .from(conversationTurns)
    .where(and(own, like(conversationTurns.key, 'ended:%')));
  const told = new Set(ended.map(({ key }) => key));
  const ids = started.flatMap(({ text }) => startedIn(text));
  return [...new Set(ids)].filter((id) => !told.has(endKey(id)));
}

/** Whether a conversation waits for the end of something that it has started. */
export const isWaiting = async (services: Services, conversationId: string): Promise<boolean> =>
  (await listAwaited(services, conversationId)).length > 0;

/**
 * Looks at everything that a conversation waits for and announces what has ended; each end is
 * announced once, whoever looks. @returns how each of them is getting on.
 */
export async function followStarted(
  context: Context,
  conversationId: string,
): Promise<Following[]> {
  const found: Following[] = [];
  for (const id of await listAwaited(context, conversationId)) {
    const seen = id.startsWith('vid_')
      ? await seeVideo(context, id)
      : await seePublication(context, id);
    if (!seen) continue;
    const { text, ...following } = seen;
    if (text !== null) await announce(context, { conversationId, key: endKey(id), text });
    found.push({ id, ...following, hasEnded: text !== null });
  }
  return found;
}

type Seen = {
  readonly status: string;
  readonly percent: number;
  /** What the conversation is told; null while it goes on. */
  readonly text: string | null;
};

/** What is gone has ended as well; any other failure says nothing about it. */
const goneOrUnknown = (fault: Fault, text: string): Seen | null =>
  isFault(fault, 'not_found') ? { status: 'deleted', percent: 0, text } : null;

async function seeVideo(context: Context, id: string): Promise<Seen | null> {
  const outcome = await perform(videoShow, { video: id }, context, { isUncounted: true });
  if (!outcome.ok) return goneOrUnknown(outcome.fault, videoFailed(id, 'deleted'));
  const { status, percent, why } = videoShow.output.parse(outcome.value);
  if (status === 'ready') return { status, percent, text: videoReady(id) };
  if (status !== 'failed' && status !== 'cancelled') return { status, percent, text: null };
  return { status, percent, text: videoFailed(id, why ?? status) };
}

async function seePublication(context: Context, id: string): Promise<Seen | null> {
  const outcome = await perform(publicationShow, { publication: id }, context, {
    isUncounted: true,
  });
  if (!outcome.ok) return goneOrUnknown(outcome.fault, publicationFailed(id, 'deleted'));
  const { status, percent, why } = publicationShow.output.parse(outcome.value);
  if (status === 'live' || status === 'scheduled')
    return { status, percent, text: publicationIs(id, status) };
  if (status !== 'failed' && status !== 'unconfirmed') return { status, percent, text: null };
  return { status, percent, text: publicationFailed(id, why ?? status) };
}
