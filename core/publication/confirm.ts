import { and, eq } from 'drizzle-orm';

import type { Tx } from '../../drizzle/client.ts';
import { publications } from '../../drizzle/schema/publishing.ts';
import { withAccess } from '../channel/access.ts';
import { requirePort, type Services } from '../context.ts';
import { recordEvent } from '../events.ts';
import { isFault } from '../fault.ts';
import { defineJob } from '../job.ts';
import type { HostVideo, Visibility } from '../ports/video-host.ts';
import { findForecast, recordForecast } from '../trend/forecast.ts';
import { recordEnd } from './notice.ts';
import { publicationConfirm } from './queue.ts';
import { isShownAs, isShownTooWidely, visibilityOf } from './visibility.ts';
import { withWait } from './wait.ts';

type Row = typeof publications.$inferSelect;
type Changes = Partial<Row> & Pick<Row, 'status'>;
/** `round`: how often it was looked at; `told`: how often the host was told who may see it. */
type Turn = { readonly round: number; readonly told: number };
/** What a look leads to: what is true now, or another look; `at` is the earliest time for that. */
type Finding = { readonly changes: Changes } | { readonly next: Turn; readonly at?: Date };

/** YouTube processes for some minutes; it is asked less and less often, for about a day. */
const roundSeconds = (round: number): number => Math.min(600, 2 * 2 ** Math.min(round, 9));
const maxRounds = 150;
/** A project that YouTube keeps private accepts every wish and follows none. */
const maxTold = 4;
/** What is seen by more people than may is worth more patience. */
const maxToldToHide = 20;
/** How late the host may be with a schedule before it is told again. */
const lateMs = 10 * 60_000;

/**
 * Reads back what YouTube made of an upload, and tells it who may see the video once it is processed:
 * until then it is private. One that is to go public by itself is looked at again when its time has come.
 */
export const confirmPublication = defineJob({
  ...publicationConfirm,
  attempts: 10,
  backoff: { seconds: 5, maxSeconds: 300 },
  timeoutSeconds: 120,
  concurrency: 2,
  run: ({ publicationId, round, told }, context) =>
    withWait(context, publicationId, () =>
      settlePublication(context, publicationId, { round, told }),
    ),
  // YouTube that was out of reach for so long has the video all the same.
  async exhausted({ publicationId, round, told }, context) {
    await context.database.db.transaction(async (tx) => {
      const row = await lockOpen(tx, publicationId);
      if (row) await lookAgain(tx, context, row, { next: { round: round + 1, told } });
    });
  },
});

/**
 * One look at a publication. Its row stays locked meanwhile, so that nobody changes what is approved
 * between reading it and telling the host.
 */
export async function settlePublication(services: Services, id: string, turn: Turn): Promise<void> {
  await services.database.db.transaction(async (tx) => {
    const row = await lockOpen(tx, id);
    if (!row) return;
    const finding = await look(services, row, turn);
    if ('next' in finding) {
      const isOver = finding.next.round > maxRounds && row.status === 'processing';
      if (isOver) await change(tx, services, row, { status: 'unconfirmed' });
      else await lookAgain(tx, services, row, finding);
      return;
    }
    await change(tx, services, row, finding.changes);
    const isWaiting = finding.changes.status === 'scheduled';
    const at = finding.changes.publishAt ?? row.publishAt;
    if (isWaiting && at) await lookWhenDue(tx, services, row, at);
  });
}

/** The row, locked, when something about it is still to come: its end, or what was approved since. */
async function lockOpen(tx: Tx, id: string): Promise<Row | null> {
  const [row] = await tx.select().from(publications).where(eq(publications.id, id)).for('update');
  if (!row || row.hostVideoId === null) return null;
  const isOpen = row.status === 'processing' || row.status === 'scheduled';
  return isOpen || (row.status === 'live' && row.toldAt === null) ? row : null;
}

async function look(services: Services, row: Row, turn: Turn): Promise<Finding> {
  const now = services.clock.now();
  const again = { next: { ...turn, round: turn.round + 1 } };
  const found = await fetchNow(services, row);
  if (found === null) return gone(row, turn, now) ?? again;
  if (found.uploadStatus === 'uploaded') return again;
  if (found.uploadStatus !== 'processed') return { changes: failed(found) };
  const wanted = visibilityOf(row, now);
  if (wanted === 'soon') return { ...again, ...(row.publishAt ? { at: row.publishAt } : {}) };
  if (isShownAs(found, wanted)) return { changes: shown(row, found, now) };
  if (row.toldAt !== null) {
    const isLate = found.publishAt !== null && now.getTime() > found.publishAt.getTime() + lateMs;
    // What the owner has changed in Studio since then counts.
    if (!isLate)
      return found.publishAt !== null && found.publishAt <= now
        ? again
        : { changes: shown(row, found, now) };
  }
  return tell(services, row, wanted, turn);
}

/** Tells the host who may see it, and reads back at once whether it follows. */
async function tell(
  services: Services,
  row: Row,
  wanted: Visibility,
  turn: Turn,
): Promise<Finding> {
  const host = requirePort(services.ports, 'videoHost');
  const id = row.hostVideoId ?? '';
  const refused = await withAccess(services, row.channelId, (token) =>
    host.updateVideo(token, id, { visibility: wanted }),
  ).then(() => null, refusalOf);
  const found = await fetchNow(services, row);
  const now = services.clock.now();
  const told = turn.told + 1;
  if (found === null) return { next: { round: told, told } };
  if (refused && row.status !== 'live')
    return { changes: { ...refused, status: 'failed', hostPrivacy: found.privacy, toldAt: now } };
  const most = isShownTooWidely(found, wanted) ? maxToldToHide : maxTold;
  const isOver = refused !== null || told >= most || isShownAs(found, wanted);
  return isOver ? { changes: shown(row, found, now) } : { next: { round: told, told } };
}

/** What no further wish would change; anything else is thrown again. */
function refusalOf(error: unknown): Pick<Row, 'failure' | 'failureReason'> {
  if (isFault(error, 'publication_refused'))
    return { failure: error.code, failureReason: error.params.reason };
  if (isFault(error, 'channel_scope_missing')) return { failure: error.code, failureReason: null };
  throw error;
}

const fetchNow = (services: Services, row: Row): Promise<HostVideo | null> =>
  withAccess(services, row.channelId, (token) =>
    requirePort(services.ports, 'videoHost').fetchVideo(token, row.hostVideoId ?? ''),
  );

/** What to do about one that the host does not know; null: a new one may show up yet. */
function gone(row: Row, turn: Turn, now: Date): Finding | null {
  if (row.status === 'live') return { changes: { status: 'live', toldAt: now } };
  if (row.status === 'processing' || turn.round < maxRounds) return null;
  return {
    changes: { status: 'failed', failure: 'publication_refused', failureReason: 'videoNotFound' },
  };
}

function failed({ uploadStatus, reason, privacy: hostPrivacy }: HostVideo): Changes {
  // Reasons are single words such as `invalidFile`; anything longer is not ours to repeat.
  const failureReason = reason && /^[A-Za-z]{1,40}$/.test(reason) ? reason : uploadStatus;
  return { status: 'failed', failure: 'publication_refused', failureReason, hostPrivacy };
}

/** As the host shows it. A locked project drops the schedule: then it is as live as it will get. */
function shown(row: Row, { privacy: hostPrivacy, publishAt }: HostVideo, now: Date): Changes {
  const toldAt = row.toldAt ?? now;
  if (publishAt !== null && hostPrivacy === 'private')
    return { status: 'scheduled', hostPrivacy, publishAt, toldAt };
  return { status: 'live', hostPrivacy, toldAt, liveAt: row.liveAt ?? now };
}

/** Nobody comes across a video that is unlisted or private: its views would tell nothing of its idea. */
const isPublic = ({ status, hostPrivacy }: Changes): boolean =>
  status === 'live' && hostPrivacy === 'public';

async function change(tx: Tx, services: Services, row: Row, changes: Changes): Promise<void> {
  const isNew = changes.status !== row.status;
  const isOther = isNew || (changes.hostPrivacy ?? row.hostPrivacy) !== row.hostPrivacy;
  await tx
    .update(publications)
    .set(changes)
    .where(and(eq(publications.id, row.id)));
  if (!isOther) return;
  const at = services.clock.now();
  const data = { privacy: changes.hostPrivacy ?? null };
  await recordEvent(tx, { at, subjectId: row.id, kind: changes.status, data });
  if (!isNew) return;
  const forecast = isPublic(changes) ? await findForecast(services, row) : null;
  const { accountId, id: publicationId } = row;
  if (forecast) await recordForecast(tx, services, { ...forecast, accountId, publicationId });
  await recordEnd(tx, { ...row, status: changes.status }, at);
}

async function lookAgain(
  tx: Tx,
  services: Services,
  row: Row,
  { next, at }: { readonly next: Turn; readonly at?: Date },
): Promise<void> {
  const untilThen = at ? secondsUntil(services, at) : 0;
  const delaySeconds = Math.max(roundSeconds(next.round), untilThen);
  const key = `${row.id}:${next.told}:${next.round}`;
  const payload = { publicationId: row.id, ...next };
  await services.queue.enqueue(tx, publicationConfirm, payload, { key, delaySeconds });
}

async function lookWhenDue(tx: Tx, services: Services, row: Row, at: Date): Promise<void> {
  const payload = { publicationId: row.id, round: 1, told: 0 };
  const how = { key: `${row.id}:due:${at.getTime()}`, delaySeconds: secondsUntil(services, at) };
  await services.queue.enqueue(tx, publicationConfirm, payload, how);
}

const secondsUntil = ({ clock }: Services, at: Date): number =>
  Math.max(0, Math.ceil((at.getTime() - clock.now().getTime()) / 1000));
