import type { Context } from '../context.ts';
import { faultWords } from '../fault.ts';
import { formatMoment } from '../local-time.ts';
import { catalogue, joinSentences } from '../messages/catalogue.ts';
import type { Catalogue, FaultWords } from '../messages/en.ts';
import { waitingWords } from '../messages/waiting.ts';
import { requiredScopes } from '../ports/video-host.ts';
import type { Extra } from './extra.ts';
import type { PublicationRow } from './row.ts';
import { isServiceName } from './statuses.ts';

const requiredScopeNames = requiredScopes
  .map((scope) => scope.slice(scope.lastIndexOf('/') + 1))
  .join(', ');

/** Why a publication failed, waits, or is less visible than approved; null when there is nothing to say. */
export function whyOf(row: PublicationRow, channel: string, context: Context): string | null {
  const { locale, actor } = context;
  const words = catalogue(locale);
  const told = (faultTold: FaultWords) =>
    // On a card the next step is a button.
    actor.surface === 'discord'
      ? faultTold.message
      : joinSentences([faultTold.message, faultTold.next], locale);
  if (row.waitingFor === 'channel')
    return told(faultWords(words, 'channel_reconnect', { channel }));
  if (row.waitingFor === 'allowance') {
    const until = row.waitingUntil && formatMoment(row.waitingUntil, context.timeZone, locale);
    return words.allowanceUsedUp({ until });
  }
  if (isServiceName(row.waitingFor)) return waitingWords[locale](row.waitingFor);
  if (row.failure !== null) return told(failureWords(row, channel, words));
  // A scheduled video is private until its time, as it should be.
  const wasToBeSeen = row.publishAt === null ? row.privacy !== 'private' : row.status === 'live';
  const isSettled = row.toldAt !== null && row.status === 'live';
  return isSettled && wasToBeSeen && row.hostPrivacy === 'private'
    ? words.words.lockedPrivate
    : null;
}

/** Why something beside the video was not taken, and what helps; the video itself is not affected. */
export function extraNoteOf(
  row: PublicationRow,
  extra: Extra,
  { channel, context }: { readonly channel: string; readonly context: Context },
): string | null {
  const { locale } = context;
  const words = catalogue(locale);
  if (row[`${extra}Status`] !== 'refused') return null;
  const refused = words.refused[extra];
  switch (row[`${extra}Failure`]) {
    case 'thumbnail_not_allowed': {
      const { message, next } = faultWords(words, 'thumbnail_not_allowed', {});
      return joinSentences([message, next], locale);
    }
    case 'channel_reconnect': {
      const { message } = faultWords(words, 'channel_reconnect', { channel });
      return joinSentences([message, refused], locale);
    }
    case 'channel_scope_missing': {
      const { message } = faultWords(words, 'channel_access_missing', { channel });
      return joinSentences([message, refused], locale);
    }
    case null:
    default:
      return refused;
  }
}

function failureWords(row: PublicationRow, channel: string, words: Catalogue): FaultWords {
  switch (row.failure) {
    case 'channel_reconnect':
      return faultWords(words, 'channel_reconnect', { channel });
    case 'channel_missing':
      return faultWords(words, 'channel_missing', {});
    case 'channel_scope_missing':
      return faultWords(words, 'channel_scope_missing', { scopes: requiredScopeNames });
    case 'provider_failed':
      return faultWords(words, 'provider_failed', { provider: 'YouTube' });
    case null:
    default:
      return faultWords(words, 'publication_refused', { reason: row.failureReason ?? '' });
  }
}
