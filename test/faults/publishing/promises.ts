import { createHash } from 'node:crypto';

import { inArray } from 'drizzle-orm';

import { notices } from '../../../drizzle/schema/chat.ts';
import { channels, publications } from '../../../drizzle/schema/publishing.ts';
import type { SandboxVideo } from '../../../sandbox/google/google.ts';
import type { Wish } from './schedule.ts';
import type { PublishingWorld } from './world.ts';

type Row = typeof publications.$inferSelect;

/** What a person asked for, and how often they changed their mind. */
export type Asked = {
  readonly publication: string;
  readonly title: string;
  readonly wish: Wish;
  /** When it was asked for, in milliseconds since 1970. */
  readonly at: number;
  /** When it was taken back, and told so. */
  readonly cancelledAt: number | null;
  /** When it was approved to be unlisted, whatever came of it. */
  readonly triedAt: number | null;
  /** When it was made unlisted, and told so. */
  readonly unlistedAt: number | null;
};

const isSeen = (privacy: string): boolean => privacy !== 'private';

/** Everything that must hold after a run, whatever happened; each breach in words. */
export async function breachesOf(
  world: PublishingWorld,
  asked: readonly Asked[],
  file: Buffer,
): Promise<string[]> {
  const { db } = world.web.database;
  const ids = asked.map(({ publication }) => publication);
  const rows = await db.select().from(publications).where(inArray(publications.id, ids));
  const told = await db.select().from(notices).where(inArray(notices.subjectId, ids));
  const sha256 = createHash('sha256').update(file).digest('hex');
  const titles = new Set(asked.map(({ title }) => title));
  const found = world.google.videos.filter(({ title }) => titles.has(title));
  const breaches: string[] = [];
  for (const one of asked) {
    const row = rows.find(({ id }) => id === one.publication);
    if (!row) return [`${one.publication} is not in the books`];
    const own = found.filter(({ title }) => title === one.title);
    const say = (what: string) => breaches.push(`${one.title} (${row.status}): ${what}`);
    for (const what of [
      ...countBreaches(row, own, sha256),
      ...visibilityBreaches(one, row, own),
      ...extraBreaches(world, row, own),
    ])
      say(what);
    const kinds = told.filter(({ subjectId }) => subjectId === row.id).map(({ kind }) => kind);
    for (const kind of new Set(kinds))
      if (kinds.filter((other) => other === kind).length > 1 && kind !== 'publication_waiting')
        say(`its person is told ${kind} more than once`);
  }
  if (found.length > asked.length) breaches.push('more videos than publications');
  const kept = await db.select().from(channels);
  for (const { accessTokenSealed, refreshTokenSealed } of kept)
    if ([accessTokenSealed, refreshTokenSealed].some((sealed) => sealed?.match(/ya29|1\/\/0/)))
      breaches.push('a token lies open');
  return breaches;
}

/** Publications on the channel are those that were approved, byte for byte. */
function countBreaches(row: Row, own: readonly SandboxVideo[], sha256: string): string[] {
  const breaches: string[] = [];
  if (own.length > 1) breaches.push(`is on the channel ${own.length} times`);
  const isOver = ['live', 'cancelled', 'failed', 'unconfirmed'].includes(row.status);
  if (!isOver) breaches.push(`did not come to an end, waiting for ${row.waitingFor}`);
  if (row.status === 'live' && own[0]?.id !== row.hostVideoId)
    breaches.push('is said to be on the channel and is not');
  if (row.status === 'cancelled' && own.length > 0) breaches.push('was stopped and is there');
  if (own.some((video) => video.sha256 !== sha256)) breaches.push('arrived with other bytes');
  if (own.some(({ syntheticMedia }) => syntheticMedia !== true))
    breaches.push('is not declared as synthetic');
  return breaches;
}

/** Nobody sees what was not approved to be seen, nor before its time, nor after it was taken back. */
const visibilityBreaches = (one: Asked, row: Row, own: readonly SandboxVideo[]): string[] =>
  own.flatMap((video) => [...historyBreaches(one, video), ...endBreaches(one, row, video)]);

/** When it may be public, in milliseconds since 1970; Infinity: never. */
function publicFrom({ wish, at }: Asked): number {
  if (wish.publishAt !== null) return Math.floor((at + wish.publishAt * 1000) / 1000) * 1000;
  return wish.privacy === 'public' ? 0 : Infinity;
}

/** When it may be unlisted. */
function unlistedFrom({ wish, triedAt }: Asked): number {
  if (wish.privacy === 'unlisted' && wish.publishAt === null) return 0;
  return triedAt ?? Infinity;
}

function historyBreaches(one: Asked, { history }: SandboxVideo): string[] {
  const cancelledAt = one.cancelledAt ?? Infinity;
  return history.flatMap(({ at, privacy }) => [
    ...(privacy === 'public' && at < publicFrom(one)
      ? ['was public without being approved so']
      : []),
    ...(privacy === 'unlisted' && at < unlistedFrom(one)
      ? ['was unlisted without being approved so']
      : []),
    ...(isSeen(privacy) && at > cancelledAt ? ['was shown after it was taken back'] : []),
  ]);
}

/** What it is in the end: as approved last, and as it is said to be. */
function endBreaches(one: Asked, row: Row, video: SandboxVideo): string[] {
  const { wish, cancelledAt, unlistedAt } = one;
  if (row.status !== 'live') return [];
  const approved = wish.publishAt === null ? wish.privacy : 'public';
  const changed = unlistedAt === null ? approved : 'unlisted';
  const due = cancelledAt === null ? changed : 'private';
  return [
    ...(row.hostPrivacy === video.privacy
      ? []
      : [`is said to be ${row.hostPrivacy} and is ${video.privacy}`]),
    ...(video.uploadStatus === 'processed' && video.privacy !== due
      ? [`is ${video.privacy} and was to be ${due}`]
      : []),
  ];
}

/** What goes with a video is there once, or is said not to be. */
function extraBreaches(
  { google }: PublishingWorld,
  row: Row,
  own: readonly SandboxVideo[],
): string[] {
  const breaches: string[] = [];
  const [video] = own;
  if (row.status !== 'live' || !video) return breaches;
  const statuses = [row.thumbnailStatus, row.playlistStatus, row.captionsStatus];
  if (statuses.includes('waiting')) breaches.push('something beside it did not come to an end');
  if (row.thumbnailStatus === 'set' && video.thumbnail === null)
    breaches.push('its thumbnail is said to be set and is not');
  const lists = google.playlists.filter(({ title }) => title === row.playlist);
  const places = lists.flatMap(({ videoIds }) => videoIds).filter((id) => id === video.id);
  if (lists.length > 1) breaches.push('its playlist was made twice');
  if (places.length > 1 || (row.playlistStatus === 'set' && places.length === 0))
    breaches.push(`is in its playlist ${places.length} times`);
  const tracks = google.captions(video.id).length;
  if (tracks > 1 || (row.captionsStatus === 'set' && tracks === 0))
    breaches.push(`has ${tracks} caption tracks`);
  return breaches;
}
