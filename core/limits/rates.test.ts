import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';

import { openDatabase } from '../../drizzle/client.ts';
import { auditLog } from '../../drizzle/schema/consent.ts';
import { rateLimits } from '../../drizzle/schema/limits.ts';
import { jobContext } from '../../test/kit/trips.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import { accountShow } from '../account/show.ts';
import { accountUpdate } from '../account/update.ts';
import { parseConfig } from '../config.ts';
import type { Context } from '../context.ts';
import { isFault } from '../fault.ts';
import { viewFault } from '../fault-view.ts';
import { defineOperation, perform, type Outcome } from '../operation.ts';
import { sweepRates } from './sweep.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

type Limits = { readonly account?: number; readonly server?: number };

/** Somebody who has asked for nothing yet, where these limits hold. */
async function asker(name: string, { account = 1000, server = 1000 }: Limits): Promise<Context> {
  const context = await world.context('terminal', name);
  const config = {
    ...context.config,
    RATE_ACCOUNT_PER_MINUTE: account,
    RATE_SERVER_PER_MINUTE: server,
  };
  return { ...context, config };
}

const inServer = (context: Context, serverId: string | null): Context => ({
  ...context,
  actor: { ...context.actor, serverId },
});

const codeOf = (outcome: Outcome): string => (outcome.ok ? 'ok' : outcome.fault.code);

/** How so many requests at once end, those that went through first. */
const ask = async (context: Context, times: number): Promise<string[]> => {
  const asked = Array.from({ length: times }, () => perform(accountShow, {}, context));
  return (await Promise.all(asked)).map(codeOf).toSorted();
};

const count = (codes: readonly string[], code: string): number =>
  codes.filter((one) => one === code).length;

const pointsOf = async (key: string): Promise<number> => {
  const rows = await world.app.database.db.select().from(rateLimits);
  return rows.find((row) => row.key === key)?.points ?? 0;
};

describe('the rate of an account', () => {
  test('is as the settings say, and generous by default', () => {
    expect(parseConfig({})).toMatchObject({
      RATE_ACCOUNT_PER_MINUTE: 120,
      RATE_SERVER_PER_MINUTE: 600,
      RATE_ADDRESS_PER_MINUTE: 240,
      TRUSTED_PROXIES: 0,
    });
  });

  test('holds by default', async () => {
    const { RATE_ACCOUNT_PER_MINUTE: limit } = parseConfig({});
    const context = await asker('default', { account: limit });
    const codes = await ask(context, limit + 1);
    expect(count(codes, 'ok')).toBe(limit);
  });

  test('lets through exactly as many as it says, whatever processes they come to', async () => {
    const context = await asker('race', { account: 100 });
    const pools = [openDatabase(world.databaseUrl), openDatabase(world.databaseUrl)];
    try {
      const outcomes = await Promise.all(
        Array.from({ length: 150 }, (_, index) => {
          const database = pools[index % 2] ?? context.database;
          return perform(accountShow, {}, { ...context, database });
        }),
      );
      const codes = outcomes.map(codeOf);
      expect(count(codes, 'ok')).toBe(100);
      expect(count(codes, 'rate_limited')).toBe(50);
    } finally {
      await Promise.all(pools.map((pool) => pool.close()));
    }
  });

  test('ends at the limit, and says when to come again, and that nothing was charged', async () => {
    const context = await asker('edge', { account: 3 });
    for (const expected of ['ok', 'ok', 'ok', 'rate_limited'])
      expect(await ask(context, 1)).toEqual([expected]);
    const refused = await perform(accountShow, {}, context);
    if (refused.ok || !isFault(refused.fault, 'rate_limited')) throw new Error('it went through');
    const { seconds } = refused.fault.params;
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
    expect(viewFault(refused.fault, 'en')).toEqual({
      code: 'rate_limited',
      message: 'Too many requests came in a short time.',
      next: `Send it again in ${seconds} s.`,
      charged: false,
      retry_after_seconds: seconds,
    });
    expect(viewFault(refused.fault, 'zh')).toMatchObject({
      message: '短时间内请求过多。',
      next: `请在 ${seconds} 秒后重新发送。`,
    });
  });

  test('is that of one account', async () => {
    const [one, other] = [await asker('one', { account: 1 }), await asker('other', { account: 1 })];
    expect(await ask(one, 2)).toContain('rate_limited');
    expect(await ask(other, 1)).toEqual(['ok']);
  });

  test('comes before anything else: nothing is read, run, recorded or asked', async () => {
    const context = await asker('first', { account: 1 });
    const run = vi.fn<() => Promise<{ done: string }>>().mockResolvedValue({ done: 'yes' });
    const preview = vi
      .fn<() => Promise<{ title: string; lines: []; cost: number }>>()
      .mockResolvedValue({ title: 'x', lines: [], cost: 1 });
    const spend = defineOperation({
      name: 'thing_make',
      summary: { en: 'Make a thing.', zh: '做一个东西。' },
      effect: 'spend',
      audience: 'everyone',
      needs: [],
      input: z.object({}),
      output: z.object({ done: z.string() }),
      preview,
      run,
      say: ({ done }) => done,
    });
    expect(await ask(context, 1)).toEqual(['ok']);
    const { db } = world.app.database;
    const before = await db.select().from(auditLog);
    expect(codeOf(await perform(spend, { odd: 1 }, context))).toBe('rate_limited');
    expect(codeOf(await perform(accountUpdate, { notices: false }, context))).toBe('rate_limited');
    expect(preview).not.toHaveBeenCalled();
    expect(run).not.toHaveBeenCalled();
    expect(await db.select().from(auditLog)).toEqual(before);
  });

  test('does not count what the product asks for by itself, nor a repeat of ours', async () => {
    const context = await asker('ours', { account: 2 });
    for (let time = 0; time < 5; time += 1) {
      expect((await perform(accountShow, {}, context, { isUncounted: true })).ok).toBe(true);
      expect((await perform(accountShow, {}, context, { isRepeat: true })).ok).toBe(true);
    }
    expect(await ask(context, 3)).toEqual(['ok', 'ok', 'rate_limited']);
  });
});

describe('the rate of a chat server', () => {
  test('is shared by its members and by nobody else', async () => {
    const members = await Promise.all(
      ['ann', 'ben', 'cem'].map((name) => asker(name, { server: 4 })),
    );
    const codes: string[] = [];
    for (const member of members) codes.push(...(await ask(inServer(member, '7001'), 2)));
    expect(codes).toEqual(['ok', 'ok', 'ok', 'ok', 'rate_limited', 'rate_limited']);
    const [ann] = members;
    if (!ann) throw new Error('nobody');
    expect(await ask(inServer(ann, '7002'), 1)).toEqual(['ok']);
    expect(await ask(inServer(ann, null), 1)).toEqual(['ok']);
    expect(await ask(ann, 1)).toEqual(['ok']);
  });

  test('is not used up by one member who has been stopped', async () => {
    const loud = inServer(await asker('loud', { account: 2, server: 5 }), '7003');
    expect(count(await ask(loud, 20), 'ok')).toBe(2);
    expect(await pointsOf('server:7003')).toBe(2);
  });
});

describe('a minute', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  test('begins with the first request and lasts sixty seconds', async () => {
    const context = await asker('minute', { account: 1 });
    const begun = Date.now();
    vi.useFakeTimers({ toFake: ['Date'], now: begun });
    expect(await ask(context, 2)).toEqual(['ok', 'rate_limited']);
    vi.setSystemTime(begun + 59_999);
    expect(await ask(context, 1)).toEqual(['rate_limited']);
    vi.setSystemTime(begun + 60_001);
    expect(await ask(context, 2)).toEqual(['ok', 'rate_limited']);
  });

  test('is not the one that a test moves', async () => {
    const context = await asker('moved', { account: 1 });
    expect(await ask(context, 1)).toEqual(['ok']);
    await world.advance(3600);
    expect(await ask(context, 1)).toEqual(['rate_limited']);
  });

  test('that is over is swept away, and one that goes on is not', async () => {
    const { db, sql } = world.app.database;
    await sql`insert into rate_limits values
      ('old', 5, now() - interval '61 seconds'), ('late', 5, now() - interval '50 seconds'),
      ('open', 5, now() + interval '9 seconds')`;
    await sweepRates.run({}, jobContext(world));
    const keys = (await db.select().from(rateLimits)).map(({ key }) => key);
    expect(keys).not.toContain('old');
    expect(keys).toEqual(expect.arrayContaining(['late', 'open']));
  });
});

test('somebody who goes on asking is refused without a word to the database', async () => {
  const context = await asker('insistent', { account: 2 });
  await ask(context, 50);
  const points = await pointsOf(`account:${context.actor.accountId}`);
  await ask(context, 50);
  expect(await pointsOf(`account:${context.actor.accountId}`)).toBe(points);
});

test('a database that is down is what the person is told', async () => {
  const context = await asker('down', {});
  const database = openDatabase(world.databaseUrl);
  await database.close();
  expect(codeOf(await perform(accountShow, {}, { ...context, database }))).toBe('database_down');
});
