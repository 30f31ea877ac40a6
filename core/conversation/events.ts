import type { Services } from '../context.ts';
import { viewFault } from '../fault-view.ts';
import type { Locale } from '../messages/catalogue.ts';
import type { Outcome } from '../operation.ts';
import { plainText } from '../untrusted.ts';
import { lastReplyTo, takeInTurn } from './turns.ts';

/**
 * Tells a conversation what happened meanwhile; false when it knows. Without `replyTo` the answer
 * goes where the last one went. The texts are those of this file.
 */
export async function announce(
  services: Services,
  event: {
    readonly conversationId: string;
    readonly key: string;
    readonly text: string;
    readonly replyTo?: Record<string, unknown>;
  },
): Promise<boolean> {
  const { conversationId, key, text } = event;
  const replyTo = event.replyTo ?? (await lastReplyTo(services, conversationId));
  return takeInTurn(services, { conversationId, key, kind: 'event', text, replyTo });
}

/** How every such text begins; a person's words never do. */
const mark = '[event]';

/** Reasons may quote a provider, so they are told as plain words. */
const reason = (why: string): string => plainText(why, 300);

/** Ids, states, times, numbers and short lists of them: what a stranger has written stays out of an event. */
const isFact = (value: unknown): boolean =>
  typeof value === 'number' ||
  typeof value === 'boolean' ||
  (typeof value === 'string' && /^[\w:.+-]{1,64}$/u.test(value)) ||
  // A list of one repeats what stands beside it.
  (Array.isArray(value) && value.length > 1 && value.length <= longestList && value.every(isFact));

const longestList = 4;

/**
 * `[event] approved and done: video_generate {"video":"vid_…","status":"queued","quota_left":99}`,
 * from the operation's answer. @internal
 */
export function approvedAndDone(operation: string, answer: Record<string, unknown>): string {
  const facts = Object.fromEntries(Object.entries(answer).filter(([, value]) => isFact(value)));
  return `${mark} approved and done: ${operation} ${JSON.stringify(facts)}`;
}

/** `[event] approved but failed: video_generate {"code":"quota_short","why":"…"}` */
const approvedButFailed = (
  operation: string,
  failure: { readonly code: string; readonly why: string },
): string =>
  `${mark} approved but failed: ${operation} ${JSON.stringify({ code: failure.code, why: reason(failure.why) })}`;

/** `[event] declined: publication_create` @internal */
const declined = (operation: string): string => `${mark} declined: ${operation}`;

/** What became of a card: what came of carrying it out, or null when the person declined. */
export function decisionEvent(
  operation: { readonly name: string },
  outcome: Outcome | null,
  locale: Locale,
): string {
  if (outcome === null) return declined(operation.name);
  if (outcome.ok) return approvedAndDone(operation.name, outcome.value);
  const { code, message } = viewFault(outcome.fault, locale);
  return approvedButFailed(operation.name, { code, why: message });
}

/** `[event] video vid_… is ready` */
export const videoReady = (video: string): string => `${mark} video ${video} is ready`;

/** `[event] video vid_… failed: …` */
export const videoFailed = (video: string, why: string): string =>
  `${mark} video ${video} failed: ${reason(why)}`;

/** `[event] publication pub_… is live` */
export const publicationIs = (publication: string, status: 'live' | 'scheduled'): string =>
  `${mark} publication ${publication} is ${status}`;

/** `[event] publication pub_… failed: …` */
export const publicationFailed = (publication: string, why: string): string =>
  `${mark} publication ${publication} failed: ${reason(why)}`;

/** `[event] channel connected: chn_…` */
export const channelConnected = (channel: string): string =>
  `${mark} channel connected: ${channel}`;

/** A person's words with the marks taken off that only the product writes. */
export const withoutMark = (text: string): string =>
  text.replaceAll(/[[［【]\s*(event|summary)\s*[\]］】]/giu, '($1)');
