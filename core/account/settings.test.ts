import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { accounts } from '../../drizzle/schema/people.ts';
import { refused } from '../../test/kit/trips.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import type { Context } from '../context.ts';
import { openAccount } from './open.ts';
import { accountShow } from './show.ts';
import { accountUpdate } from './update.ts';
import { claimWelcome } from './welcome.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

describe('account_update', () => {
  let context: Context;
  beforeAll(async () => {
    context = await world.context();
  });
  const shown = () => world.must(accountShow, {}, context);

  test('changes what is named and leaves the rest', async () => {
    const outcome = await world.perform(
      accountUpdate,
      { time_zone: ' asia/shanghai ', notices: false },
      context,
    );
    expect(outcome).toMatchObject({
      ok: true,
      value: { locale: 'en', time_zone: 'Asia/Shanghai', notices: false },
      text: 'Saved: English, Asia/Shanghai, messages off.',
    });
    expect(await shown()).toMatchObject({
      locale: 'en',
      time_zone: 'Asia/Shanghai',
      notices: false,
    });
    await world.must(accountUpdate, { notices: true }, context);
    expect(await shown()).toMatchObject({ time_zone: 'Asia/Shanghai', notices: true });
  });

  test('takes what Jilo is used for, and nothing that is not in the list', async () => {
    expect(await shown()).toMatchObject({ purpose: null });
    const set = await world.perform(accountUpdate, { purpose: 'marketing' }, context);
    expect(set).toMatchObject({
      value: { purpose: 'marketing' },
      text: 'Saved: English, Asia/Shanghai, messages on, used for marketing.',
    });
    expect(await shown()).toMatchObject({ purpose: 'marketing' });
    for (const purpose of ['', 'Marketing', 'spam', null])
      expect(await refused(world, accountUpdate, { purpose }, context)).toMatchObject({
        code: 'invalid_input',
        field: 'purpose',
      });
    const zh = await world.perform(accountUpdate, { locale: 'zh', purpose: 'creator' }, context);
    expect(zh.ok && zh.text).toContain('用途：个人创作');
    await world.must(accountUpdate, { locale: 'en' }, context);
    const { accountId } = context.actor;
    await world.app.database.db
      .update(accounts)
      .set({ purpose: null })
      .where(eq(accounts.id, accountId));
  });

  test('says what models may spend without asking, and how much of it is used', async () => {
    const set = await world.perform(accountUpdate, { leash: 5 }, context);
    expect(set).toMatchObject({
      value: { leash: 5 },
      text: 'Saved: English, Asia/Shanghai, messages on, models may spend 5 a day without asking.',
    });
    expect(await shown()).toMatchObject({ leash: 5, leash_used: 0 });
    expect(await world.perform(accountShow, {}, context)).toMatchObject({
      text: 'owner: 100 quota left. Models may spend 5 a day without asking; 0 of it is used today.',
    });
    const inChinese = { ...context, locale: 'zh' } as const;
    expect(await world.perform(accountShow, {}, inChinese)).toMatchObject({
      text: 'owner：剩余配额 100。模型每天可不经询问使用 5，今天已用 0。',
    });
    await world.must(accountUpdate, { leash: 0 }, context);
    expect(await world.perform(accountShow, {}, context)).toMatchObject({
      text: 'owner: 100 quota left.',
    });
  });

  test.each<[unknown, number | null, string]>([
    [100_000, 100_000, ', at most 100000 a day may be spent.'],
    ['5', 5, ', at most 5 a day may be spent.'],
    [0, 0, ', at most 0 a day may be spent.'],
    [' OFF ', null, ', messages on.'],
  ])('takes %j as the most that may be spent a day', async (daily_cap, kept, words) => {
    const set = await world.perform(accountUpdate, { daily_cap }, context);
    expect(set).toMatchObject({ ok: true, value: { daily_cap: kept } });
    expect(set.ok && set.text.endsWith(words)).toBe(true);
    expect(await shown()).toMatchObject({ daily_cap: kept, spent_today: 0 });
  });

  test('says in both languages what may be spent a day and what is', async () => {
    await world.must(accountUpdate, { daily_cap: 5 }, context);
    expect(await world.perform(accountShow, {}, context)).toMatchObject({
      text: 'owner: 100 quota left. At most 5 a day may be spent; 0 is spent today.',
    });
    expect(await world.perform(accountShow, {}, { ...context, locale: 'zh' })).toMatchObject({
      text: 'owner：剩余配额 100。每天最多使用 5，今天已用 0。',
    });
    await world.must(accountUpdate, { daily_cap: 'off' }, context);
  });

  test('lets no model decide about money', async () => {
    for (const surface of ['mcp', 'agent'] as const)
      for (const input of [{ daily_cap: 'off' }, { leash: 20 }]) {
        const asking = { ...context, actor: { ...context.actor, surface } };
        expect(await refused(world, accountUpdate, input, asking)).toMatchObject({
          code: 'invalid_input',
        });
      }
  });

  test('answers in the language that was just chosen', async () => {
    const outcome = await world.perform(accountUpdate, { locale: 'zh' }, context);
    expect(outcome).toMatchObject({ text: '已保存：中文，Asia/Shanghai，消息通知开启。' });
    await world.must(accountUpdate, { locale: 'en' }, context);
  });

  test.each<[object, string]>([
    [{}, 'locale'],
    [{ locale: 'fr' }, 'locale'],
    [{ time_zone: 'Mars/Base' }, 'time_zone'],
    [{ time_zone: '+08:00' }, 'time_zone'],
    [{ time_zone: '' }, 'time_zone'],
    [{ time_zone: 'A'.repeat(65) }, 'time_zone'],
    [{ notices: 'yes' }, 'notices'],
    [{ leash: -1 }, 'leash'],
    [{ leash: 21 }, 'leash'],
    [{ leash: 1.5 }, 'leash'],
    [{ daily_cap: -1 }, 'daily_cap'],
    [{ daily_cap: 1.5 }, 'daily_cap'],
    [{ daily_cap: 100_001 }, 'daily_cap'],
    [{ daily_cap: '1e3' }, 'daily_cap'],
    [{ daily_cap: '' }, 'daily_cap'],
    [{ daily_cap: 'none' }, 'daily_cap'],
    [{ daily_cap: null }, 'daily_cap'],
    [{ daily_cap: { most: 1 } }, 'daily_cap'],
  ])('refuses %j', async (input, field) => {
    const before = await shown();
    expect(await refused(world, accountUpdate, input, context)).toMatchObject({
      code: 'invalid_input',
      field,
    });
    expect(await shown()).toEqual(before);
  });

  test('is for the account that asks', async () => {
    const other = await world.context('terminal', 'other');
    await world.must(accountUpdate, { time_zone: 'Europe/Berlin' }, other);
    expect(await shown()).toMatchObject({ time_zone: 'Asia/Shanghai' });
    const opened = await openAccount(
      world.app,
      { provider: 'local', subject: 'other' },
      { displayName: 'x', locale: 'zh' },
    );
    expect(opened).toMatchObject({ timeZone: 'Europe/Berlin', notices: true, locale: 'en' });
  });
});

describe('the welcome', () => {
  test('is claimed once by twenty first messages at once, for each account', async () => {
    for (const name of ['first', 'second']) {
      const { actor } = await world.context('discord', name);
      const claims = await Promise.all(
        Array.from({ length: 20 }, () => claimWelcome(world.app, actor.accountId)),
      );
      expect(claims.filter(Boolean)).toHaveLength(1);
      expect(await claimWelcome(world.app, actor.accountId)).toBe(false);
      const { db } = world.app.database;
      const [row] = await db.select().from(accounts).where(eq(accounts.id, actor.accountId));
      expect(row?.welcomedAt).toEqual(world.now());
    }
  });

  test('is nobody’s for an account that does not exist', async () => {
    expect(await claimWelcome(world.app, 'acc_none')).toBe(false);
  });
});
