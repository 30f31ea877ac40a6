import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import type { Context } from '../core/context.ts';
import { tokenCreate } from '../core/token/create.ts';
import { hashOf } from '../core/token/text.ts';
import { accessTokens } from '../drizzle/schema/access.ts';
import { accounts } from '../drizzle/schema/people.ts';
import { openOwnPages, type OwnPages } from '../test/kit/own-pages.ts';
import { createWorld, type World } from '../test/kit/world.ts';

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
  person = `holder${people}`;
  context = await world.context('web', person);
});

const rows = () =>
  world.app.database.db
    .select()
    .from(accessTokens)
    .where(eq(accessTokens.accountId, context.actor.accountId));

const wish = { name: 'Claude', scopes: ['read', 'spend'], days: '30' };

/** The cookie that an answer has set, as a browser sends it back. */
const cookieOf = (headers: Headers): string => headers.get('set-cookie')?.split(';')[0] ?? '';

const shownToken = (text: string): string | undefined => /jilo_[\w-]{49}/.exec(text)?.[0];

describe('a new token', () => {
  test('is made by a press, and shown once on the page after it', async () => {
    const pressed = await pages.post(person, '/tokens', wish);
    expect([pressed.status, pressed.location]).toEqual([303, '/tokens']);
    expect(pressed.headers.get('set-cookie')).toMatch(
      /Max-Age=60; Path=\/; .*HttpOnly; SameSite=Strict/,
    );
    const cookie = cookieOf(pressed.headers);
    const page = await pages.get(person, '/tokens', { cookie });
    const token = shownToken(page.text) ?? '';
    const [row] = await rows();
    expect(row).toMatchObject({ name: 'Claude', scopes: ['read', 'spend'], hash: hashOf(token) });
    expect(cookie).not.toContain(token);
    expect(page.text).toContain('Authorization: Bearer');
    expect(page.headers.get('set-cookie')).toContain('jilo_new_token=;');
    expect(shownToken((await pages.get(person, '/tokens')).text)).toBeUndefined();
  });

  test('is shown to nobody else who has the cookie', async () => {
    const { headers } = await pages.post(person, '/tokens', wish);
    const cookie = cookieOf(headers);
    for (const carried of [cookie, `${cookie}x`, 'jilo_new_token=', 'jilo_new_token=a.b']) {
      const page = await pages.get('somebody', '/tokens', { cookie: carried });
      expect([carried, page.status, shownToken(page.text)]).toEqual([carried, 200, undefined]);
    }
  });

  test('keeps what was typed, and says beside each field what is wrong', async () => {
    const bad = { name: '  ', scopes: ['read', 'fly'], days: '999' };
    const { status, text } = await pages.post(person, '/tokens', bad);
    expect(status).toBe(400);
    for (const name of ['name', 'days']) {
      expect(text).toMatch(
        new RegExp(`name="${name}" aria-describedby="${name}-hint ${name}-wrong"\\s+aria-invalid`),
      );
      expect(text).toMatch(new RegExp(`id="${name}-wrong"[^>]*>[^<]+<`));
    }
    expect(text).toContain('value="999"');
    expect(text).toMatch(/value="read"\s+checked/);
    expect(text).not.toMatch(/value="write"\s+checked/);
    expect(await rows()).toEqual([]);
    const unknown = await pages.post(person, '/tokens', { ...wish, scopes: 'fly' });
    expect(unknown.text).toMatch(/id="scopes-wrong"[^>]*>&quot;fly&quot; is none of/);
    expect((await pages.post(person, '/tokens', { name: 'x', days: '1' })).status).toBe(400);
  });

  test('says it in the language of the person', async () => {
    const { accountId } = context.actor;
    const chinese = { locale: 'zh' } as const;
    await world.app.database.db.update(accounts).set(chinese).where(eq(accounts.id, accountId));
    const { text } = await pages.post(person, '/tokens', { ...wish, name: '', days: '' });
    expect(text).toMatch(/id="name-wrong"[^>]*>[^<]*[\u4e00-\u9fff]/);
    expect(text).toMatch(/id="days-wrong"[^>]*>[^<]*[\u4e00-\u9fff]/);
  });

  test('one too many says what to do here', async () => {
    for (let index = 0; index < 20; index += 1)
      await world.must(tokenCreate, { name: `t${index}` }, context);
    const { status, text } = await pages.post(person, '/tokens', wish);
    expect(status).toBe(400);
    expect(text).toContain('Revoke one that you no longer use');
    expect(text).not.toContain('token_revoke');
    expect(await rows()).toHaveLength(20);
  });
});

describe('the list', () => {
  test('has each token with what it may, when it was made, used and ends', async () => {
    await world.must(tokenCreate, { name: '<b>Desk</b>', scopes: 'read,publish' }, context);
    const { text } = await pages.get(person, '/tokens');
    expect(text).toContain('&lt;b&gt;Desk&lt;/b&gt;');
    for (const words of ['may read, publish', 'made', 'last used never', 'ends', 'active'])
      expect(text.replaceAll(/\s+/g, ' ')).toContain(words);
    expect((await pages.get(`${person}-other`, '/tokens')).text).not.toContain('Desk');
  });

  test('is empty at first', async () => {
    expect((await pages.get(person, '/tokens')).text).toContain('You have no token yet.');
  });
});

describe('revoking', () => {
  test('ends it at once, and a second press changes nothing', async () => {
    const { id } = await world.must(tokenCreate, { name: 'Desk' }, context);
    const path = `/tokens/${String(id)}/revoke`;
    for (const _ of [1, 2]) {
      const { status, location } = await pages.post(person, path, {});
      expect([status, location]).toEqual([303, '/tokens?revoked=1']);
    }
    expect((await rows())[0]?.revokedAt).not.toBe(null);
    const { text } = await pages.get(person, '/tokens?revoked=1');
    expect(text).toContain('The token is revoked.');
    expect(text).not.toContain(path);
  });

  test('reaches nobody else’s', async () => {
    const { id } = await world.must(tokenCreate, { name: 'Desk' }, context);
    const { status } = await pages.post('thief', `/tokens/${String(id)}/revoke`, {});
    expect(status).toBe(404);
    expect((await rows())[0]?.revokedAt).toBe(null);
  });
});

describe('a press that is not of our own page', () => {
  test.each([
    ['without the field', { csrf: '' }, {}],
    ['with a made-up field', { csrf: 'x'.repeat(43) }, {}],
    ['with the field twice', { csrf: ['a', 'b'] }, {}],
    ['from another site', {}, { origin: 'https://evil.example' }],
    ['that the browser calls cross-site', {}, { 'sec-fetch-site': 'cross-site' }],
  ])('%s changes nothing', async (_, form, headers) => {
    const { id } = await world.must(tokenCreate, { name: 'Desk' }, context);
    for (const path of ['/tokens', `/tokens/${String(id)}/revoke`]) {
      const { status } = await pages.post(person, path, { ...wish, ...form }, headers);
      expect([path, status]).toEqual([path, 403]);
    }
    expect(await rows()).toMatchObject([{ name: 'Desk', revokedAt: null }]);
  });

  test('with the field of another session changes nothing', async () => {
    const csrf = pages.csrfOf('somebody');
    expect((await pages.post(person, '/tokens', { ...wish, csrf })).status).toBe(403);
    expect(await rows()).toEqual([]);
  });
});
