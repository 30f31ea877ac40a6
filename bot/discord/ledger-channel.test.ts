import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';

import type { Context } from '../../core/context.ts';
import { serverFund } from '../../core/server/fund.ts';
import { readServer } from '../../core/server/settings.ts';
import { serverUpdate } from '../../core/server/update.ts';
import { videoCancel } from '../../core/video/cancel.ts';
import { openDatabase } from '../../drizzle/client.ts';
import { servers } from '../../drizzle/schema/chat.ts';
import { accounts, identities } from '../../drizzle/schema/people.ts';
import { createManualClock } from '../../sandbox/clock.ts';
import {
  createMortal,
  recordChat,
  shownIn,
  type RecordedChat,
} from '../../test/kit/recorded-chat.ts';
import {
  givePacks,
  make,
  memberContext,
  newId,
  openPayingServer,
} from '../../test/kit/server-wallet.ts';
import { quickWish } from '../../test/kit/trips.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import { startLedgerChannels } from './ledger-channel.ts';
import type { Messenger } from './messenger.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

let chat: RecordedChat;
let clock: ReturnType<typeof createManualClock>;
let running: { close(): Promise<void> }[];
let serverId: string;
let channel: string;
let manager: Context;
let member: Context;
/** A server with five units and a ledger channel, which has been told of nothing yet. */
beforeEach(async () => {
  chat = recordChat();
  clock = createManualClock(world.now());
  running = [];
  ({ serverId, manager } = await openPayingServer(world, { units: 5, limits: 'everyone=100' }));
  channel = newId('7');
  await world.must(serverUpdate, { ledger_channel: channel }, manager);
  member = await memberContext(world, { name: `ann of ${serverId}`, serverId });
  const { accountId } = member.actor;
  await world.app.database.db
    .insert(identities)
    .values({ provider: 'discord', subject: `42${serverId}`, accountId, createdAt: world.now() });
});
afterEach(async () => {
  for (const one of running) await one.close();
  // What other tests move is told here no more.
  await world.app.database.db.update(servers).set({ ledgerChannel: null });
});

async function start(messenger: Messenger = chat.messenger, services = world.app) {
  const started = await startLedgerChannels({ services, messenger, timers: clock });
  running.push(started);
  return started;
}

/** Lets time pass until it holds. */
const until = (check: () => void | Promise<void>) =>
  vi.waitFor(
    async () => {
      clock.advance(3000);
      await check();
    },
    { timeout: 10_000 },
  );
/** What stands in the channel, line by line, without the headings. */
const linesIn = (where = channel) =>
  chat
    .in(where)
    .flatMap((message) => shownIn(message).split('\n'))
    .filter((line) => line.startsWith('`'));
const fund = async (units: number) => {
  await givePacks(world, manager.actor.accountId, units);
  await world.must(serverFund, { units }, manager);
};

describe('a ledger channel', () => {
  test('tells each movement once and in order: how much, who, what for, what is left', async () => {
    await start();
    await until(() => expect(linesIn()).toHaveLength(1));
    const { video } = await make(world, { ...quickWish, prompt: 'a secret boat' }, member);
    await until(() => expect(linesIn()).toHaveLength(2));
    await world.must(videoCancel, { video }, member);
    await until(() => expect(linesIn()).toHaveLength(3));
    const name = `manager of ${serverId}`;
    const who = `<@42${serverId}>`;
    const id = video.replace('_', '\\_');
    expect(linesIn()).toEqual([
      `\`+5\` · ${name} · given to the server · 5 left`,
      `\`−1\` · ${who} · set aside for a video (${id}) · 4 left`,
      `\`+1\` · ${who} · given back: a video was not made (${id}) · 5 left`,
    ]);
    expect(JSON.stringify(chat.messages)).not.toContain('boat');
    clock.advance(120_000);
    await fund(1);
    await until(() => expect(linesIn()).toHaveLength(4));
  });

  test("speaks the server's language, and else that of its manager", async () => {
    await world.must(serverUpdate, { locale: 'zh' }, manager);
    await start();
    await until(() => expect(linesIn()[0]).toContain('转入服务器 · 剩余 5'));
    await world.must(serverUpdate, { locale: 'person' }, manager);
    await fund(2);
    await until(() => expect(linesIn()[1]).toContain('given to the server · 7 left'));
    const { accountId } = manager.actor;
    await world.app.database.db
      .update(accounts)
      .set({ locale: 'zh' })
      .where(eq(accounts.id, accountId));
    await fund(1);
    await until(() => expect(linesIn()[2]).toContain('剩余 8'));
  });

  test('puts what has moved meanwhile into one message, and more than 20 lines into the next', async () => {
    for (let units = 1; units <= 20; units += 1) await fund(units);
    await start();
    await until(() => expect(linesIn()).toHaveLength(21));
    expect(chat.in(channel).map((message) => shownIn(message).split('\n').length - 1)).toEqual([
      20, 1,
    ]);
    expect(linesIn().at(-1)).toContain('· 215 left');
  });

  test('sends one message in three seconds at most', async () => {
    await start();
    await vi.waitFor(() => expect(linesIn()).toHaveLength(1));
    await fund(1);
    await fund(2);
    clock.advance(2999);
    // What was asked for is looked at in its turn: an answer of the database shows that it was not.
    await readServer(world.app, serverId);
    expect(linesIn()).toHaveLength(1);
    clock.advance(1);
    await vi.waitFor(() => expect(linesIn()).toHaveLength(3));
    expect(chat.in(channel)).toHaveLength(2);
  });

  test('of another server is told nothing of it', async () => {
    const other = await openPayingServer(world, { units: 3, limits: 'everyone=1' });
    const elsewhere = newId('7');
    await world.must(serverUpdate, { ledger_channel: elsewhere }, other.manager);
    await start();
    await until(() => {
      expect(linesIn()).toHaveLength(1);
      expect(linesIn(elsewhere)).toHaveLength(1);
    });
    expect(linesIn(elsewhere)[0]).toContain('`+3`');
  });

  test('that is chosen later goes on where the one before ended', async () => {
    await start();
    await until(() => expect(linesIn()).toHaveLength(1));
    await world.must(serverUpdate, { ledger_channel: 'off' }, manager);
    await fund(2);
    const next = newId('7');
    await world.must(serverUpdate, { ledger_channel: next }, manager);
    await until(() => expect(linesIn(next)).toHaveLength(1));
    expect(linesIn(next)[0]).toContain('`+2`');
    expect(linesIn()).toHaveLength(1);
  });
});

describe('a channel that is gone or closed', () => {
  test('is switched off, and its manager hears of it once', async () => {
    const { accountId } = manager.actor;
    const subject = `77${serverId}`;
    await world.app.database.db
      .insert(identities)
      .values({ provider: 'discord', subject, accountId, createdAt: world.now() });
    chat.closed.add(channel);
    await start();
    await until(() => expect(chat.in(`dm${subject}`)).toHaveLength(1));
    expect(shownIn(chat.in(`dm${subject}`)[0])).toContain(`I cannot write in <#${channel}>`);
    expect(await readServer(world.app, serverId)).toMatchObject({ ledgerChannel: null });
    expect(world.logs.join('')).toContain('a ledger channel cannot be written to');
    chat.closed.clear();
    await world.must(serverUpdate, { ledger_channel: channel }, manager);
    await until(() => expect(linesIn()).toHaveLength(1));
    expect(chat.in(`dm${subject}`)).toHaveLength(1);
  });

  test('is switched off for a manager who takes no messages, too', async () => {
    chat.closed.add(channel);
    await start();
    await until(async () =>
      expect(await readServer(world.app, serverId)).toMatchObject({ ledgerChannel: null }),
    );
    expect(chat.messages).toEqual([]);
  });
});

describe('a process that dies', () => {
  test.each([
    [1, 'before'],
    [1, 'after'],
    [2, 'before'],
    [2, 'after'],
  ] as const)('at call %i, %s it: every movement stands there once', async (diesAt, when) => {
    const mortal = createMortal(diesAt, when);
    const dying = await start(mortal.wrap(chat.messenger));
    await until(() => expect(mortal.isDead()).toBe(true));
    await dying.close();
    // More has moved before the next one comes.
    await fund(2);
    await start();
    await until(() => expect(linesIn()).toHaveLength(2));
    await fund(3);
    await until(() => expect(linesIn()).toHaveLength(3));
    expect(linesIn().map((line) => line.slice(0, 4))).toEqual(['`+5`', '`+2`', '`+3`']);
  });

  test('two at once tell everything once', async () => {
    const database = openDatabase(world.databaseUrl);
    try {
      await start();
      await start(chat.messenger, { ...world.app, database });
      for (let units = 1; units <= 5; units += 1) await fund(units);
      await until(() => expect(linesIn()).toHaveLength(6));
      expect(linesIn().map((line) => line.slice(0, 4))).toEqual(
        [5, 1, 2, 3, 4, 5].map((units) => `\`+${units}\``),
      );
    } finally {
      for (const one of running.splice(0)) await one.close();
      await database.close();
    }
  });
});
