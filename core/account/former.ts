import { gt, inArray, lte, and, max } from 'drizzle-orm';
import { z } from 'zod';

import type { Tx } from '../../drizzle/client.ts';
import { formerIdentities } from '../../drizzle/schema/people.ts';
import { secondsAfter } from '../clock.ts';
import type { Services } from '../context.ts';
import { defineJob, type JobKind } from '../job.ts';
import type { Identity } from './open.ts';

/** For so long after a deletion the same person gets no free units anew. */
export const formerSeconds = 30 * 86_400;

type Hashing = Pick<Services, 'crypto' | 'clock'>;

/** An e-mail address as somebody is known by it, however it is written. */
export const emailIdentity = (email: string): Identity => ({
  provider: 'email',
  subject: email.trim().toLowerCase(),
});

const hashOf = ({ crypto }: Hashing, { provider, subject }: Identity): string =>
  crypto.sign('former-identity', provider, subject);

/** Keeps that an account of these identities is deleted now; the later time counts. */
export async function rememberFormer(
  tx: Pick<Tx, 'insert'>,
  services: Hashing,
  identities: readonly Identity[],
): Promise<void> {
  if (identities.length === 0) return;
  const deletedAt = services.clock.now();
  const hashes = new Set(identities.map((identity) => hashOf(services, identity)));
  await tx
    .insert(formerIdentities)
    .values([...hashes].map((hash) => ({ hash, deletedAt })))
    .onConflictDoUpdate({ target: formerIdentities.hash, set: { deletedAt } });
}

/** When an account of one of these identities was deleted, within the time that this counts; else null. */
export async function readFormer(
  tx: Pick<Tx, 'select'>,
  services: Hashing,
  identities: readonly Identity[],
): Promise<Date | null> {
  const hashes = identities.map((identity) => hashOf(services, identity));
  const since = secondsAfter(services.clock.now(), -formerSeconds);
  const [row] = await tx
    .select({ at: max(formerIdentities.deletedAt) })
    .from(formerIdentities)
    .where(and(inArray(formerIdentities.hash, hashes), gt(formerIdentities.deletedAt, since)));
  return row?.at ?? null;
}

const forgetKind: JobKind<Record<never, never>> = { name: 'account.forget', payload: z.object({}) };

/** Forgets each day what counts no more: a hash that serves nothing is not kept. */
export const forgetFormer = defineJob({
  ...forgetKind,
  attempts: 3,
  backoff: { seconds: 30, maxSeconds: 300 },
  timeoutSeconds: 60,
  cron: '29 3 * * *',
  async run(_, { clock, database }) {
    const limit = secondsAfter(clock.now(), -formerSeconds);
    await database.db.delete(formerIdentities).where(lte(formerIdentities.deletedAt, limit));
  },
});
