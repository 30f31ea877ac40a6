import type { PublicationRow } from './row.ts';

/** How long after going out a publication is taken back by one press. */
const undoMs = 10 * 60_000;

/** Until when a publication that others see can be taken back; null when it cannot, or not any more. */
export function undoUntil({ status, hostPrivacy, liveAt }: PublicationRow, now: Date): Date | null {
  if (status !== 'live' || hostPrivacy === 'private' || liveAt === null) return null;
  const until = new Date(liveAt.getTime() + undoMs);
  return until > now ? until : null;
}

/** Whether it can still be stopped, or taken back. */
export const canCancel = (row: PublicationRow, now: Date): boolean =>
  row.status === 'uploading' ||
  row.status === 'processing' ||
  row.status === 'scheduled' ||
  undoUntil(row, now) !== null;
