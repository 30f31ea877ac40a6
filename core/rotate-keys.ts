import { isNotNull, lte, or } from 'drizzle-orm';

import { oauthStates } from '../drizzle/schema/publishing.ts';
import type { Services } from './context.ts';
import { createCrypto } from './crypto.ts';
import { resealAll, type Resealed } from './reseal.ts';
import { forgetPreviousSecret, loadSecrets, replaceSecret } from './secret.ts';

/** The advisory lock of whoever rotates; `drizzle/embedded.ts` has the one before it. */
const rotationLock = 7_240_021;
/** Running processes may seal under an older key until they meet a value of the new one. */
const maxPasses = 10;

export type Rotation = Resealed & {
  /**
   * What became of the older secrets: `removed`, `kept` because something needs them, or `set` by the
   * settings, where the operator removes them.
   */
  readonly previous: 'removed' | 'kept' | 'set';
};

type Tools = Pick<Services, 'config' | 'ids' | 'clock' | 'database'>;

/**
 * Brings everything that is sealed under the current key. Where the secret was created in the data
 * folder, a new one takes its place first. May be broken off anywhere and run again.
 * @param isInUse whether a process that still knows only the older secret may be running.
 * @throws Error when somebody else is at it.
 */
export async function rotateKeys(tools: Tools, isInUse: () => Promise<boolean>): Promise<Rotation> {
  const { config, ids, clock, database } = tools;
  const held = await database.sql.reserve();
  try {
    const [lock] = await held`select pg_try_advisory_lock(${rotationLock}) as taken`;
    if (lock?.['taken'] !== true) throw new Error('The keys are being rotated by another process.');
    // Nobody can use these any more, so nothing of them is sealed anew.
    await database.db
      .delete(oauthStates)
      .where(or(isNotNull(oauthStates.usedAt), lte(oauthStates.expiresAt, clock.now())));
    replaceSecret(config, ids);
    const crypto = createCrypto(() => loadSecrets(config, ids), ids);
    const done = await resealUntilCurrent({ database, crypto });
    if (config.JILO_SECRET) return { ...done, previous: 'set' };
    if (done.unreadable.length > 0 || (await isInUse())) return { ...done, previous: 'kept' };
    forgetPreviousSecret(config);
    return { ...done, previous: 'removed' };
  } finally {
    await held`select pg_advisory_unlock(${rotationLock})`;
    held.release();
  }
}

async function resealUntilCurrent(tools: Parameters<typeof resealAll>[0]): Promise<Resealed> {
  const first = await resealAll(tools);
  let { resealed } = first;
  let last = first;
  for (let pass = 1; last.resealed > 0 && pass < maxPasses; pass += 1) {
    last = await resealAll(tools);
    resealed += last.resealed;
  }
  return { resealed, current: first.current, unreadable: last.unreadable };
}
