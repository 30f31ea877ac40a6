import type { publications } from '../../drizzle/schema/publishing.ts';
import type { HostVideo, Privacy, Visibility } from '../ports/video-host.ts';

type Row = typeof publications.$inferSelect;

/** Shortly before its time a schedule is left alone: the host may be ahead of us and refuse it. */
const marginMs = 60_000;

/** Who may see it now by what the person approved: what has passed its time is public. */
export function visibilityOf(
  { privacy, publishAt }: Pick<Row, 'privacy' | 'publishAt'>,
  now: Date,
): Visibility | 'soon' {
  if (publishAt === null) return { privacy, publishAt: null };
  if (publishAt <= now) return { privacy: 'public', publishAt: null };
  if (publishAt.getTime() < now.getTime() + marginMs) return 'soon';
  return { privacy: 'private', publishAt };
}

/** Whether the host shows a video to exactly those who may see it; it keeps no parts of a second. */
export function isShownAs(found: HostVideo, wanted: Visibility): boolean {
  const second = (at: Date | null) => at && Math.floor(at.getTime() / 1000);
  const isSame = found.privacy === wanted.privacy;
  return isSame && second(found.publishAt) === second(wanted.publishAt);
}

const reach: Record<Privacy, number> = { private: 0, unlisted: 1, public: 2 };

/** Whether more people see it, or will, than may. */
export const isShownTooWidely = (found: HostVideo, wanted: Visibility): boolean =>
  reach[found.privacy] > reach[wanted.privacy] ||
  (found.publishAt !== null && wanted.publishAt === null && wanted.privacy !== 'public');
