import { z } from 'zod';

import type { Context } from '../context.ts';
import { catalogue } from '../messages/catalogue.ts';
import { forecastWords } from '../messages/forecast.ts';
import { defineOperation } from '../operation.ts';
import { privacies } from '../ports/video-host.ts';
import { progressLink } from '../progress/link.ts';
import { waitForEnd, waitSeconds } from '../progress/wait.ts';
import { forecastViewSchema, readForecast } from '../trend/forecast.ts';
import type { Extra } from './extra.ts';
import { extraNoteOf, whyOf } from './notes.ts';
import { readPublication, uploadPercentOf, type PublicationRow as Row } from './row.ts';
import { publicationStatuses } from './statuses.ts';
import { thumbnails } from './thumbnails.ts';
import { undoUntil } from './undo.ts';

/** Where people watch it; null until the host has it. */
export const watchUrlOf = (context: Context, { hostVideoId }: Row): string | null =>
  hostVideoId === null ? null : (context.ports.videoHost?.watchUrl(hostVideoId) ?? null);

const studioUrlOf = (context: Context, { hostVideoId }: Row): string | null =>
  hostVideoId === null ? null : (context.ports.videoHost?.studioUrl(hostVideoId) ?? null);

const extraStatus = z.enum(['none', 'waiting', 'set', 'refused']);

export const publicationShow = defineOperation({
  name: 'publication_show',
  summary: {
    en: 'Show a publication: upload progress, then its true state.',
    zh: '查看发布：上传进度及真实状态。',
  },
  guidance: 'Give wait_seconds 40 instead of polling.',
  effect: 'read',
  audience: 'everyone',
  needs: [],
  input: z.object({
    publication: z.string().min(1).describe('Id from publication_create'),
    wait_seconds: waitSeconds,
  }),
  output: z.object({
    publication: z.string(),
    status: z.enum(publicationStatuses),
    percent: z.int().describe('Bytes that YouTube has acknowledged'),
    uploaded_bytes: z.int(),
    total_bytes: z.int(),
    url: z.string().nullable(),
    why: z.string().nullable().describe('Why it failed, waits, or is less visible than approved'),
    video: z.string(),
    channel: z.string(),
    title: z.string(),
    description: z.string(),
    tags: z.array(z.string()),
    privacy: z.enum(privacies).describe('As YouTube reports it, once it does; before, as approved'),
    publish_at: z.iso.datetime().nullable(),
    waiting_for: z
      .string()
      .nullable()
      .describe('channel, allowance, or a service that is away; it goes on by itself'),
    waiting_until: z.iso.datetime().nullable(),
    undo_until: z.iso
      .datetime()
      .nullable()
      .describe('Until then publication_cancel takes it back to private'),
    studio_url: z
      .string()
      .nullable()
      .describe('Where the owner sets comments, age limit and monetisation, which Jilo cannot'),
    thumbnail: z.enum(thumbnails).describe('What was chosen to be seen before it is played'),
    thumbnail_status: extraStatus.describe('Whether YouTube has it; none: YouTube picks by itself'),
    thumbnail_note: z.string().nullable().describe('Why YouTube did not take it, and what helps'),
    playlist: z.string().nullable(),
    playlist_status: extraStatus,
    playlist_note: z.string().nullable(),
    captions_status: extraStatus,
    captions_note: z.string().nullable(),
    progress_url: z
      .string()
      .nullable()
      .default(null)
      .describe('Signed address of live progress, as server-sent events'),
    forecast: forecastViewSchema
      .nullable()
      .default(null)
      .describe('For a public video that takes up the idea of a trend'),
  }),
  async run({ publication: id, wait_seconds }, context) {
    if (wait_seconds > 0) {
      await readPublication(context, id);
      await waitForEnd(context, id, wait_seconds);
    }
    const { row, channel } = await readPublication(context, id);
    const noteOf = (extra: Extra) => extraNoteOf(row, extra, { channel, context });
    const { status, videoId, title, description, tags } = row;
    return {
      publication: id,
      status,
      video: videoId,
      channel,
      title,
      description,
      tags,
      percent: uploadPercentOf(row),
      uploaded_bytes: row.uploadedBytes,
      total_bytes: row.totalBytes,
      url: watchUrlOf(context, row),
      why: whyOf(row, channel, context),
      privacy: row.hostPrivacy ?? row.privacy,
      publish_at: row.publishAt?.toISOString() ?? null,
      thumbnail: row.thumbnail,
      thumbnail_status: row.thumbnailStatus,
      thumbnail_note: noteOf('thumbnail'),
      playlist: row.playlist,
      playlist_status: row.playlistStatus,
      playlist_note: noteOf('playlist'),
      captions_status: row.captionsStatus,
      captions_note: noteOf('captions'),
      waiting_for: row.waitingFor,
      waiting_until: row.waitingUntil?.toISOString() ?? null,
      undo_until: undoUntil(row, context.clock.now())?.toISOString() ?? null,
      studio_url: studioUrlOf(context, row),
      progress_url: progressLink(context, row),
      forecast: await readForecast(context, id),
    };
  },
  say: (output, locale) => {
    const forecast = output.forecast && forecastWords[locale](output.forecast);
    return catalogue(locale).say.publication_show({ ...output, forecast });
  },
});
