import { desc, eq } from 'drizzle-orm';
import { z } from 'zod';

import { channels, publications } from '../../drizzle/schema/publishing.ts';
import type { Context } from '../context.ts';
import { catalogue } from '../messages/catalogue.ts';
import { defineOperation } from '../operation.ts';
import { privacies } from '../ports/video-host.ts';
import { inScope } from '../scope.ts';
import { readForecastGrade } from '../trend/forecast.ts';
import { watchUrlOf } from './show.ts';
import { publicationStatuses } from './statuses.ts';

/** How well scores have foretold views so far; null while none was compared. */
async function readForecasts(context: Context) {
  const { graded, correlation } = await readForecastGrade(
    context,
    inScope(context.actor, publications),
  );
  if (graded === 0) return null;
  return { graded, correlation: correlation === null ? null : Math.round(correlation * 100) / 100 };
}

export const publicationList = defineOperation({
  name: 'publication_list',
  summary: { en: 'List your publications, newest first.', zh: '列出我的发布，最新在前。' },
  guidance: 'publication_show has the texts and the reason of one that failed.',
  effect: 'read',
  audience: 'chat',
  needs: [],
  input: z.object({
    limit: z.int().min(1).max(50).default(10).describe('How many publications, newest first'),
  }),
  output: z.object({
    publications: z.array(
      z.object({
        publication: z.string().describe('Pass this to publication_show'),
        status: z.enum(publicationStatuses),
        title: z.string(),
        video: z.string(),
        channel: z.string(),
        privacy: z.enum(privacies),
        url: z.string().nullable(),
        publish_at: z.iso.datetime().nullable(),
        created_at: z.iso.datetime(),
      }),
    ),
    forecasts: z
      .object({
        graded: z.int().describe('Published videos whose views were compared with the score'),
        correlation: z
          .number()
          .nullable()
          .describe('Rank correlation of score and views, -1 to 1; null for fewer than 5'),
      })
      .nullable()
      .default(null),
  }),
  async run({ limit }, context) {
    const rows = await context.database.db
      .select({ row: publications, channel: channels.title })
      .from(publications)
      .innerJoin(channels, eq(channels.id, publications.channelId))
      .where(inScope(context.actor, publications))
      .orderBy(desc(publications.createdAt), desc(publications.id))
      .limit(limit);
    return {
      publications: rows.map(({ row, channel }) => ({
        publication: row.id,
        status: row.status,
        title: row.title,
        video: row.videoId,
        channel,
        privacy: row.hostPrivacy ?? row.privacy,
        url: watchUrlOf(context, row),
        publish_at: row.publishAt?.toISOString() ?? null,
        created_at: row.createdAt.toISOString(),
      })),
      forecasts: await readForecasts(context),
    };
  },
  say: (output, locale) =>
    catalogue(locale).say.publication_list({ count: output.publications.length }),
});
