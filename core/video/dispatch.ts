import { and, eq, inArray, isNull, lte, or, sql } from 'drizzle-orm';
import { z } from 'zod';

import type { Tx } from '../../drizzle/client.ts';
import { shotAttempts, shots, videos } from '../../drizzle/schema/videos.ts';
import type { JobContext, Services } from '../context.ts';
import { defineJob } from '../job.ts';
import { videoProviders, type VideoProvider } from '../ports/video-models.ts';
import { modelIds, videoModels } from './models.ts';
import { shotDispatch, shotSubmit } from './queue.ts';
import { voiceProvider } from './voice.ts';

/** How many requests a provider works on at once; more would only wait there, with the clock running. */
export const concurrencyOf = ({ config }: Pick<Services, 'config'>, provider: VideoProvider) =>
  ({ fal: config.FAL_CONCURRENCY, runway: config.RUNWAY_CONCURRENCY })[provider];

/** Asks for a look at who is next: a place is free, or a shot has come. `cause` names what happened. */
export async function askForDispatch(
  tx: Tx,
  services: Pick<Services, 'queue'>,
  ask: { readonly cause: string; readonly delaySeconds?: number },
): Promise<void> {
  const { cause, delaySeconds = 0 } = ask;
  await services.queue.enqueue(tx, shotDispatch, {}, { key: cause, delaySeconds });
}

/** Gives waiting shots their turn; each minute too, should every other cause have been lost. */
export const dispatchShots = defineJob({
  ...shotDispatch,
  attempts: 5,
  backoff: { seconds: 2, maxSeconds: 60 },
  timeoutSeconds: 60,
  cron: '* * * * *',
  async run({ provider }, context) {
    for (const one of provider ? [provider] : videoProviders)
      await context.database.db.transaction((tx) => giveTurns(tx, context, one));
  },
});

/** Workers take turns here, so that together they never give out more places than there are. */
async function giveTurns(tx: Tx, context: JobContext, provider: VideoProvider): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`shots:${provider}`}, 0))`);
  const [used] = await tx
    .select({ places: sql<number>`count(*)::int` })
    .from(shots)
    .innerJoin(videos, eq(videos.id, shots.videoId))
    .where(and(isOut, madeBy(provider)));
  const free = concurrencyOf(context, provider) - (used?.places ?? 0);
  if (free <= 0) return;
  for (const { id, attempts } of await readNext(tx, provider, context.clock.now(), free)) {
    const turned = await tx
      .update(shots)
      .set({ status: 'due', notBefore: null })
      .where(and(eq(shots.id, id), eq(shots.status, 'planned')))
      .returning({ id: shots.id });
    if (turned.length > 0)
      await context.queue.enqueue(tx, shotSubmit, { shotId: id }, { key: `${id}:${attempts + 1}` });
  }
}

const isBeingMade = inArray(videos.status, ['queued', 'generating']);

/** With the provider, or on the way there, for a video that somebody waits for. */
const isOut = and(inArray(shots.status, ['due', 'submitted']), isBeingMade);

const madeBy = (provider: VideoProvider) => {
  const models = modelIds.filter((id) => videoModels[id].provider === provider);
  const clips = and(eq(shots.kind, 'clip'), inArray(videos.model, models));
  return provider === voiceProvider ? or(eq(shots.kind, 'voice'), clips) : clips;
};

const nextRows = z.array(z.object({ id: z.string(), attempts: z.coerce.number() }));

/**
 * Who is next: the person with the fewest shots out and before them in line; of two, who came first.
 * Rows that another transaction holds are passed over: it asks for a look itself when it ends.
 */
async function readNext(tx: Tx, provider: VideoProvider, now: Date, limit: number) {
  const waiting = and(
    eq(shots.status, 'planned'),
    isBeingMade,
    madeBy(provider),
    or(isNull(shots.notBefore), lte(shots.notBefore, now)),
  );
  const rows = await tx.execute(sql`
    with out as (
      select ${videos.accountId} as account_id, count(*) as places
      from ${shots} join ${videos} on ${videos.id} = ${shots.videoId}
      where ${and(isOut, madeBy(provider))} group by 1
    ), line as (
      select ${shots.id} as id, ${videos.createdAt} as since,
        coalesce(out.places, 0) + row_number() over (
          partition by ${videos.accountId}
          order by ${videos.createdAt}, ${videos.take}, ${videos.id}, ${shots.position}, ${shots.kind}
        ) as turn
      from ${shots} join ${videos} on ${videos.id} = ${shots.videoId}
        left join out on out.account_id = ${videos.accountId}
      where ${waiting}
    )
    select ${shots.id} as id,
      (select count(*) from ${shotAttempts} where ${shotAttempts.shotId} = ${shots.id}) as attempts
    from ${shots} join line on line.id = ${shots.id}
    where ${shots.status} = 'planned'
    order by line.turn, line.since, ${shots.id}
    limit ${limit} for update of ${shots} skip locked`);
  return nextRows.parse([...rows]);
}
