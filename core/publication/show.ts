import { and, eq } from 'drizzle-orm';
import { z } from 'zod';

import { channels, publications } from '../../drizzle/schema/publishing.ts';
import type { Context } from '../context.ts';
import { Fault, faultWords } from '../fault.ts';
import { catalogue, joinSentences } from '../messages/catalogue.ts';
import type { Catalogue, FaultWords } from '../messages/en.ts';
import { forecastWords } from '../messages/forecast.ts';
import { defineOperation } from '../operation.ts';
import { privacies, requiredScopes } from '../ports/video-host.ts';
import { inScope } from '../scope.ts';
import { forecastViewSchema, readForecast } from '../trend/forecast.ts';
import { thumbnails } from './thumbnails.ts';

type Row = typeof publications.$inferSelect;

export const publicationStatuses = [
  'uploading',
  'processing',
  'scheduled',
  'live',
  'unconfirmed',
  'failed',
] as const;

/** Where people watch it; null until the host has it. */
export const watchUrlOf = (context: Context, { hostVideoId }: Row): string | null =>
  hostVideoId === null ? null : (context.ports.videoHost?.watchUrl(hostVideoId) ?? null);

const requiredScopeNames = requiredScopes
  .map((scope) => scope.slice(scope.lastIndexOf('/') + 1))
  .join(', ');

export const publicationShow = defineOperation({
  name: 'publication_show',
  summary: {
    en: 'Show a publication: upload progress, then its true state.',
    zh: '查看发布：上传进度及真实状态。',
  },
  guidance: 'While uploading or processing, wait some seconds between two calls.',
  effect: 'read',
  audience: 'everyone',
  needs: [],
  input: z.object({ publication: z.string().min(1).describe('Id from publication_create') }),
  output: z.object({
    publication: z.string(),
    status: z.enum(publicationStatuses),
    percent: z.int().describe('Bytes that YouTube has acknowledged'),
    uploaded_bytes: z.int(),
    total_bytes: z.int(),
    url: z.string().nullable(),
    why: z.string().nullable().describe('Why it failed, or is less visible than approved'),
    video: z.string(),
    channel: z.string(),
    title: z.string(),
    description: z.string(),
    tags: z.array(z.string()),
    privacy: z.enum(privacies).describe('As YouTube reports it, once it does; before, as approved'),
    publish_at: z.iso.datetime().nullable(),
    thumbnail: z.enum(thumbnails).describe('What was chosen to be seen before it is played'),
    thumbnail_status: z
      .enum(['none', 'waiting', 'set', 'refused'])
      .describe('Whether YouTube has it; none: YouTube picks by itself'),
    thumbnail_note: z.string().nullable().describe('Why YouTube did not take it, and what helps'),
    forecast: forecastViewSchema
      .nullable()
      .default(null)
      .describe('For a public video that takes up the idea of a trend'),
  }),
  async run({ publication: id }, context) {
    const [found] = await context.database.db
      .select({ row: publications, channel: channels.title })
      .from(publications)
      .innerJoin(channels, eq(channels.id, publications.channelId))
      .where(and(eq(publications.id, id), inScope(context.actor, publications)));
    if (!found) throw new Fault('not_found', { what: 'publication', id }, { field: 'publication' });
    const { row, channel } = found;
    const { status, videoId, title, description, tags } = row;
    return {
      publication: id,
      status,
      video: videoId,
      channel,
      title,
      description,
      tags,
      percent: Math.floor((100 * row.uploadedBytes) / Math.max(1, row.totalBytes)),
      uploaded_bytes: row.uploadedBytes,
      total_bytes: row.totalBytes,
      url: watchUrlOf(context, row),
      why: whyOf(row, channel, context),
      privacy: row.hostPrivacy ?? row.privacy,
      publish_at: row.publishAt?.toISOString() ?? null,
      thumbnail: row.thumbnail,
      thumbnail_status: row.thumbnailStatus,
      thumbnail_note: thumbnailNoteOf(row, channel, context),
      forecast: await readForecast(context, id),
    };
  },
  say: (output, locale) => {
    const forecast = output.forecast && forecastWords[locale](output.forecast);
    return catalogue(locale).say.publication_show({ ...output, forecast });
  },
});

function whyOf(row: Row, channel: string, { locale, actor }: Context): string | null {
  const words = catalogue(locale);
  if (row.failure !== null) {
    const { message, next } = failureWords(row, channel, words);
    // On a card the next step is a button.
    return actor.surface === 'discord' ? message : joinSentences([message, next], locale);
  }
  // A scheduled video is private until its time, as it should be.
  const wasToBeSeen = row.publishAt === null ? row.privacy !== 'private' : row.status === 'live';
  return wasToBeSeen && row.hostPrivacy === 'private' ? words.words.lockedPrivate : null;
}

/** Why the thumbnail was not taken, with the way to help; the video itself is not affected. */
function thumbnailNoteOf(row: Row, channel: string, { locale }: Context): string | null {
  const words = catalogue(locale);
  if (row.thumbnailStatus !== 'refused') return null;
  switch (row.thumbnailFailure) {
    case 'thumbnail_not_allowed': {
      const { message, next } = faultWords(words, 'thumbnail_not_allowed', {});
      return joinSentences([message, next], locale);
    }
    case 'channel_reconnect': {
      const { message } = faultWords(words, 'channel_reconnect', { channel });
      return joinSentences([message, words.words.thumbnailRefused], locale);
    }
    case 'thumbnail_refused':
    case null:
    default:
      return words.words.thumbnailRefused;
  }
}

function failureWords(row: Row, channel: string, words: Catalogue): FaultWords {
  switch (row.failure) {
    case 'channel_reconnect':
      return faultWords(words, 'channel_reconnect', { channel });
    case 'channel_scope_missing':
      return faultWords(words, 'channel_scope_missing', { scopes: requiredScopeNames });
    case 'provider_failed':
      return faultWords(words, 'provider_failed', { provider: 'YouTube' });
    case null:
    default: {
      const reason = row.failureReason ?? words.words.unknown;
      return faultWords(words, 'publication_refused', { reason });
    }
  }
}
