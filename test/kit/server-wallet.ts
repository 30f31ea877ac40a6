import { eq } from 'drizzle-orm';
import { z } from 'zod';

import { decideApproval } from '../../core/consent/decide.ts';
import type { Context } from '../../core/context.ts';
import { isFault } from '../../core/fault.ts';
import { perform } from '../../core/operation.ts';
import { postTransfer } from '../../core/quota/ledger.ts';
import { serverFund } from '../../core/server/fund.ts';
import { serverUpdate } from '../../core/server/update.ts';
import { walletOfServer } from '../../core/server/wallet.ts';
import { videoGenerate } from '../../core/video/generate.ts';
import { videos } from '../../drizzle/schema/videos.ts';
import { wallets } from '../../drizzle/schema/quota.ts';
import type { World } from './world.ts';

let last = 0;

/** An id as Discord gives them. */
export const newId = (first = '4'): string => `${first}${String((last += 1)).padStart(17, '0')}`;

/** A request from a member of a server. */
export async function memberContext(
  world: World,
  of: {
    readonly name: string;
    readonly serverId: string | null;
    readonly roleIds?: readonly string[];
    readonly isServerManager?: boolean;
  },
): Promise<Context> {
  const context = await world.context('discord', of.name);
  const { name: _, ...actor } = of;
  return { ...context, actor: { ...context.actor, ...actor } };
}

/** Gives an account so many units of packs. */
export async function givePacks(world: World, accountId: string, amount: number): Promise<void> {
  await postTransfer(world.app.database.db, {
    verb: 'grant',
    walletId: accountId,
    amount,
    lasting: true,
    reference: 'pack',
    key: `pack:${newId()}`,
    at: world.now(),
  });
}

/** A server that pays for its members, with so many units in its wallet; and its manager. */
export async function openPayingServer(
  world: World,
  settled: { readonly units: number; readonly limits: string },
): Promise<{ readonly serverId: string; readonly manager: Context }> {
  const serverId = newId('5');
  const name = `manager of ${serverId}`;
  const manager = await memberContext(world, { name, serverId, isServerManager: true });
  if (settled.units > 0) {
    await givePacks(world, manager.actor.accountId, settled.units);
    await world.must(serverFund, { units: settled.units }, manager);
  }
  await world.must(serverUpdate, { pays: 'server', role_limits: settled.limits }, manager);
  return { serverId, manager };
}

/** What is in the wallet of a server, or of an account. */
export async function walletOf(world: World, owner: { serverId: string } | { accountId: string }) {
  const id = 'serverId' in owner ? walletOfServer(owner.serverId) : owner.accountId;
  const [row] = await world.app.database.db.select().from(wallets).where(eq(wallets.id, id));
  if (!row) throw new Error(`there is no wallet ${id}`);
  const { available, held, spent } = row;
  return { available, held, spent };
}

/** Approvals of their person for making this, so many, none of them used. */
export async function approve(
  world: World,
  input: Record<string, unknown>,
  context: Context,
  times = 1,
): Promise<string[]> {
  const ids = await Promise.all(
    Array.from({ length: times }, async () => {
      const asked = await perform(videoGenerate, input, context);
      if (asked.ok || !isFault(asked.fault, 'approval_required'))
        throw new Error(asked.ok ? 'nobody was asked' : asked.fault.message);
      return asked.fault.params.id;
    }),
  );
  const by = context.actor.accountId;
  for (const id of ids)
    await decideApproval(world.app, { id, approved: true, by, surface: 'discord' });
  return ids;
}

const startedSchema = z.object({
  video: z.string(),
  quota_left: z.int(),
  paid_by: z.literal('server').optional(),
});

/** Starts a video as an approving person. */
export const make = async (world: World, input: Record<string, unknown>, context: Context) =>
  startedSchema.parse(await world.must(videoGenerate, input, context));

export const videosOf = (world: World, { actor }: Context) =>
  world.app.database.db.select().from(videos).where(eq(videos.accountId, actor.accountId));
