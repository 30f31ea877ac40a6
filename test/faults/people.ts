import { eq } from 'drizzle-orm';
import { z } from 'zod';

import { openAccount } from '../../core/account/open.ts';
import type { Context } from '../../core/context.ts';
import { isFault } from '../../core/fault.ts';
import { deliverNext } from '../../core/notice/deliver.ts';
import { perform, type AnyOperation, type Outcome } from '../../core/operation.ts';
import { operations } from '../../core/operations.ts';
import { videos } from '../../drizzle/schema/videos.ts';
import type { CancelFact, TellFact } from './facts.ts';
import type { Act, Order, Schedule } from './schedule.ts';
import type { WebWork } from './web-errors.ts';
import type { FaultWorld } from './world.ts';
import { approveIt } from './decide.ts';

/** The people of one run: what they ask for, press and are told. */
export type People = {
  readonly accounts: readonly string[];
  readonly cancels: readonly CancelFact[];
  readonly tells: readonly TellFact[];
  order(index: number): Promise<void>;
  act(act: Pick<Act, 'what' | 'order'>): Promise<void>;
  /** Brings every open notice to its person. */
  tell(): Promise<void>;
};

const find = (name: string): AnyOperation | null =>
  operations.find((operation) => operation.name === name) ?? null;

export async function createPeople(
  world: FaultWorld,
  schedule: Schedule,
  note: (line: string) => void,
): Promise<People> {
  const contexts: Context[] = [];
  for (let person = 0; person < schedule.people; person += 1)
    contexts.push(await contextOf(world, `person ${person}`));
  const cancels: CancelFact[] = [];
  const tells: TellFact[] = [];
  /** First takes and retries of each order, oldest first. */
  const ordered = new Map<number, string[]>();
  const contextFor = (order: Order | undefined, work: WebWork): Context => {
    const context = contexts[order?.person ?? 0];
    if (!context) throw new Error('the schedule names a person who is not there');
    return { ...context, database: world.webAt(work).database };
  };
  const known = () => new Set([...ordered.values()].flat());
  const learn = async (index: number, context: Context) => {
    const rows = await context.database.db
      .select({ id: videos.id })
      .from(videos)
      .where(eq(videos.accountId, context.actor.accountId))
      .orderBy(videos.createdAt, videos.take, videos.id);
    const seen = known();
    const fresh = rows.map(({ id }) => id).filter((id) => !seen.has(id));
    ordered.set(index, [...(ordered.get(index) ?? []), ...fresh]);
    if (fresh.length > 0) note(`order ${index} is ${fresh.join(' and ')}`);
  };

  return {
    get accounts() {
      return contexts.map(({ actor }) => actor.accountId);
    },
    cancels,
    tells,
    async order(index) {
      const order = schedule.orders[index];
      const operation = find('video_generate');
      if (!order || !operation) return;
      const context = contextFor(order, 'order');
      const { model, seconds, variants, voice, captions } = order;
      const wish = {
        prompt: `a paper boat, number ${index}, sails down a rainy street`,
        model,
        seconds,
        variants,
        voice,
        captions,
      };
      const outcome = await approve(operation, wish, context);
      note(`order ${index}: ${outcome.ok ? 'taken' : outcome.fault.code}`);
      await learn(index, context);
    },
    async act({ what, order: index }) {
      const operation = find(`video_${what}`);
      const order = schedule.orders[index];
      const context = contextFor(order, what);
      const own = ordered.get(index) ?? [];
      if (!operation) return;
      for (const video of what === 'cancel' ? own.slice(-1) : own) {
        const at = world.clock.now();
        const outcome = await approve(operation, { video }, context);
        note(`${what} ${video}: ${outcome.ok ? 'done' : outcome.fault.code}`);
        if (what === 'cancel' && outcome.ok)
          cancels.push({ video, at, charged: z.boolean().parse(outcome.value['charged']) });
      }
      if (what === 'retry') await learn(index, context);
    },
    async tell() {
      const deliver = async ({ subjectId, kind }: { subjectId: string; kind: string }) => {
        tells.push({ video: subjectId, kind });
      };
      while (await deliverNext(world.web, 'discord', { skip: [], deliver }));
    },
  };
}

async function contextOf(world: FaultWorld, name: string): Promise<Context> {
  // Nobody is known from another run, and everybody has been at Discord since its first days.
  const digits = world.web.ids.next('person').replaceAll(/\D/g, '').slice(-16);
  const identity = { provider: 'discord', subject: `1${digits.padStart(16, '0')}` };
  const account = await openAccount(world.web, identity, { displayName: name, locale: 'en' });
  return {
    ...world.web,
    actor: { accountId: account.id, surface: 'terminal' },
    locale: 'en',
    timeZone: 'UTC',
    signal: new AbortController().signal,
  };
}

/** Performs as a person who approves whatever is asked. */
async function approve(
  operation: AnyOperation,
  input: unknown,
  context: Context,
): Promise<Outcome> {
  const first = await insist(() => perform(operation, input, context));
  if (first.ok || !isFault(first.fault, 'approval_required')) return first;
  const { id } = first.fault.params;
  await approveIt(context, id);
  return insist(() => perform(operation, input, context, { approvalId: id }));
}

/** Who is told that something broke presses once more. */
async function insist(press: () => Promise<Outcome>): Promise<Outcome> {
  const outcome = await press();
  return !outcome.ok && isFault(outcome.fault, 'internal') ? press() : outcome;
}
