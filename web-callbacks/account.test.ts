import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { decideApproval } from '../core/consent/decide.ts';
import type { Context } from '../core/context.ts';
import { isFault } from '../core/fault.ts';
import { perform } from '../core/operation.ts';
import { operations } from '../core/operations.ts';
import { videoGenerate } from '../core/video/generate.ts';
import { approvals } from '../drizzle/schema/consent.ts';
import { accounts } from '../drizzle/schema/people.ts';
import { openOwnPages, type OwnPages } from '../test/kit/own-pages.ts';
import { createWorld, type World } from '../test/kit/world.ts';
import { html } from './pages.ts';

let world: World;
let pages: OwnPages;
beforeAll(async () => {
  world = await createWorld();
  pages = await openOwnPages(world);
});
afterAll(async () => {
  await pages.close();
  await world.close();
});

let people = 0;
let person: string;
let context: Context;
beforeEach(async () => {
  people += 1;
  person = `member${people}`;
  context = await world.context('web', person);
});

async function account() {
  const [row] = await world.app.database.db
    .select()
    .from(accounts)
    .where(eq(accounts.id, context.actor.accountId));
  return row;
}

const typed = {
  locale: 'zh',
  time_zone: 'asia/shanghai',
  purpose: 'creator',
  leash: '3',
  daily_cap: '40',
};
/** The value of a field as the page has it. */
const valueOf = (text: string, name: string): string | undefined =>
  new RegExp(`name="${name}"[^>]*? value="([^"]*)"`).exec(text)?.[1];

describe('the settings', () => {
  test('are changed by a press, and read in the new language on the page after it', async () => {
    const { status, location } = await pages.post(person, '/account', typed);
    expect([status, location]).toEqual([303, '/account?saved=1']);
    expect(await account()).toMatchObject({
      locale: 'zh',
      timeZone: 'Asia/Shanghai',
      purpose: 'creator',
      // A box without its tick is not sent.
      notices: false,
      leashUnits: 3,
      dailyCapUnits: 40,
    });
    const { text } = await pages.get(person, '/account?saved=1');
    expect(text).toContain('设置已保存。');
    expect(text).toContain('<html lang="zh-CN">');
    expect(valueOf(text, 'time_zone')).toBe('Asia/Shanghai');
    expect(text).toMatch(/<option value="creator" selected>/);
    expect([valueOf(text, 'leash'), valueOf(text, 'daily_cap')]).toEqual(['3', '40']);
  });

  test('an empty limit is none, and what is not chosen stays', async () => {
    await pages.post(person, '/account', typed);
    const rest = { ...typed, purpose: '', daily_cap: ' ', notices: 'on' };
    expect((await pages.post(person, '/account', rest)).status).toBe(303);
    expect(await account()).toMatchObject({
      dailyCapUnits: null,
      purpose: 'creator',
      notices: true,
    });
  });

  test.each([
    ['time_zone', 'Mars/Olympus<b>', 'is no time zone'],
    ['leash', '21', '20'],
    ['leash', '', 'number'],
    ['leash', '1.5', 'int'],
    ['daily_cap', '-1', '100000'],
    ['locale', 'fr', 'en'],
    ['purpose', 'world', 'creator'],
  ])(
    '%s "%s": it says so beside the field, and keeps what was typed',
    async (name, value, said) => {
      const form = { ...typed, time_zone: 'Europe/Berlin', [name]: value };
      const { status, text } = await pages.post(person, '/account', form);
      expect(status).toBe(400);
      const problem = new RegExp(`id="${name}-wrong" role="alert">([^<]+)<`).exec(text)?.[1];
      expect(problem).toContain(said);
      expect(text).toMatch(new RegExp(`name="${name}"\\s+aria-describedby="[^"]*${name}-wrong"`));
      expect(text.match(/role="alert"/g)).toHaveLength(1);
      expect(text).not.toContain('<b>');
      expect(await account()).toMatchObject({ timeZone: 'UTC', locale: 'en', leashUnits: 0 });
    },
  );

  test('two that are wrong are each told at their own place', async () => {
    const form = { ...typed, locale: 'en', leash: '99', daily_cap: 'many' };
    const { text } = await pages.post(person, '/account', form);
    expect(text).toMatch(/id="leash-wrong"[^>]*>(?!.*daily_cap)[^<]*20/);
    expect(text).toMatch(/id="daily_cap-wrong"[^>]*>(?!.*leash)[^<]+</);
    expect(valueOf(text, 'daily_cap')).toBe('many');
  });

  test('the reason is in the language of the person', async () => {
    await pages.post(person, '/account', { ...typed, leash: '0' });
    const { text } = await pages.post(person, '/account', { ...typed, time_zone: 'Mars' });
    expect(text).toMatch(/id="time_zone-wrong"[^>]*>“Mars”不是时区/);
  });

  test('every zone is suggested, and the page stays below 50 KB', async () => {
    const { text } = await pages.get(person, '/account');
    const zones = Intl.supportedValuesOf('timeZone');
    for (const zone of ['UTC', ...zones]) expect(text).toContain(`<option>${zone}</option>`);
    expect(Buffer.byteLength(text)).toBeLessThan(50 * 1024);
  });

  test.each([
    ['without the field', { csrf: '' }, {}],
    ['with a made-up field', { csrf: 'x'.repeat(43) }, {}],
    ['from another site', {}, { origin: 'https://evil.example' }],
  ])('a press %s changes nothing', async (_, form, headers) => {
    for (const path of ['/account', '/account/delete']) {
      const { status } = await pages.post(person, path, { ...typed, ...form }, headers);
      expect([path, status]).toEqual([path, 403]);
    }
    const csrf = pages.csrfOf('somebody');
    expect((await pages.post(person, '/account', { ...typed, csrf })).status).toBe(403);
    expect(await account()).toMatchObject({ locale: 'en', leashUnits: 0 });
  });
});

describe('the data of an account', () => {
  test('is linked where it can be had', async () => {
    const { text } = await pages.get(person, '/account');
    const [, path = ''] = /href="(\/exports\/[^"]+)"/.exec(text) ?? [];
    const answer = await fetch(`${world.publicUrl}${path.replaceAll('&amp;', '&')}`);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain(context.actor.accountId);
  });

  test('has no part where nothing of it is offered', async () => {
    const kept = operations.filter(({ name }) => !/^account_(?:export|delete)$/.test(name));
    const some = await openOwnPages(world, {
      operations: kept,
      identities: () => Promise.resolve(html`<p>Two ways in</p>`),
    });
    const { text } = await some.get(person, '/account');
    expect(text).not.toContain('data-heading');
    expect(text).toContain('Two ways in');
    expect((await some.post(person, '/account/delete', {})).status).toBe(404);
    await some.close();
  });
});

describe('deleting the account', () => {
  /** Presses the button of the account page; the page that asks. */
  async function askIt(): Promise<string> {
    const { status, location } = await pages.post(person, '/account/delete', {});
    expect(status).toBe(303);
    return location ?? '';
  }
  const idIn = (location: string): string => location.split('approval=')[1] ?? '';

  test('shows first what would go; a second press does it, once', async () => {
    const location = await askIt();
    const { text } = await pages.get(person, location);
    expect(text).toContain('Delete your account for good');
    expect(text).toContain('100 units are lost');
    expect(await account()).toMatchObject({ deletedAt: null });
    const decision = { approval: idIn(location), decision: 'approve' };
    const done = await pages.post(person, '/account/delete', decision);
    expect([done.status, done.text.includes('Your account is deleted')]).toEqual([200, true]);
    expect((await account())?.deletedAt).toEqual(world.now());
    const [row] = await world.app.database.db
      .select()
      .from(approvals)
      .where(eq(approvals.id, decision.approval));
    expect(row?.status ?? 'erased').toMatch(/^(?:used|erased)$/);
  });

  test('keeps it where the person says so', async () => {
    const decision = { approval: idIn(await askIt()), decision: 'decline' };
    const { status, location } = await pages.post(person, '/account/delete', decision);
    expect([status, location]).toEqual([303, '/account']);
    const late = { ...decision, decision: 'approve' };
    expect((await pages.post(person, '/account/delete', late)).status).toBe(410);
    expect(await account()).toMatchObject({ deletedAt: null });
  });

  test('is nobody else’s to decide, nor a way to approve anything else', async () => {
    const location = await askIt();
    expect((await pages.get('thief', location)).status).toBe(410);
    const stolen = { approval: idIn(location), decision: 'approve' };
    expect((await pages.post('thief', '/account/delete', stolen)).status).toBe(410);
    const asked = await world.context('mcp', person);
    const wish = { prompt: 'a heron waits at the weir', model: 'kling', seconds: 15 };
    const outcome = await perform(videoGenerate, wish, asked);
    if (outcome.ok || !isFault(outcome.fault, 'approval_required')) throw new Error('not asked');
    const { id } = outcome.fault.params;
    const other = { approval: id, decision: 'approve' };
    expect((await pages.post(person, '/account/delete', other)).status).toBe(410);
    // It is still open.
    await decideApproval(world.app, { id, approved: false, by: null, surface: 'web' });
    expect(await account()).toMatchObject({ deletedAt: null });
  });

  test('says why it cannot be yet', async () => {
    const started = await world.perform(
      videoGenerate,
      { prompt: 'a paper boat in the rain', model: 'kling', seconds: 15 },
      context,
    );
    expect(started.ok).toBe(true);
    const { status, text } = await pages.post(person, '/account/delete', {});
    expect(status).toBe(409);
    expect(text).toContain('Work is still going on');
    expect(text).toContain('href="/account"');
  });
});
