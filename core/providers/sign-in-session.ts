import type { GenericEndpointContext } from 'better-auth';
import { z } from 'zod';

import { secondsAfter } from '../clock.ts';
import type { Services } from '../context.ts';

const daySeconds = 86_400;
/** A session ends so long after its last use, and however it is used so long after the sign-in. */
const idleDays = 30;
const mostDays = 90;

/** A session that is used is prolonged once a day. */
export const sessionTimes = { expiresIn: idleDays * daySeconds, updateAge: daySeconds };

const going = z.object({
  context: z.object({ session: z.object({ session: z.object({ createdAt: z.date() }) }) }),
});

/**
 * What the library is about to write to a session that is being read, with the end that it can have: the
 * library itself prolongs for ever.
 */
export async function endInTime<T extends { readonly expiresAt?: Date | undefined }>(
  change: T,
  endpoint: unknown,
): Promise<{ data: T } | undefined> {
  const read = going.safeParse(endpoint);
  if (!read.success || change.expiresAt === undefined) return undefined;
  const last = secondsAfter(read.data.context.session.session.createdAt, mostDays * daySeconds);
  return change.expiresAt <= last ? undefined : { data: { ...change, expiresAt: last } };
}

type Entered = { readonly id: string; readonly userId: string; readonly token: string };

/** What the library knows of the request in which a session is made. */
type Entering = Pick<GenericEndpointContext, 'context' | 'getSignedCookie'>;

/** Tells the log who came in, and ends the session that the browser had until then. */
export async function enter(
  { log }: Pick<Services, 'log'>,
  { id, userId, token }: Entered,
  endpoint: Entering | null,
): Promise<void> {
  log.info({ login: userId, session: id }, 'signed in');
  if (!endpoint) return;
  const { authCookies, secret, internalAdapter } = endpoint.context;
  const former = await endpoint.getSignedCookie(authCookies.sessionToken.name, secret);
  if (former && former !== token) await internalAdapter.deleteSession(former);
}

/** Whether a session as it was read is over: it was prolonged to an end that had gone by. */
export const isOver = (session: { readonly expiresAt: Date; readonly updatedAt: Date }): boolean =>
  session.expiresAt <= session.updatedAt;
