import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';

import { signInWords } from '../../core/messages/sign-in.ts';
import { accounts } from '../../drizzle/schema/people.ts';
import { quotaTransfers, wallets } from '../../drizzle/schema/quota.ts';
import { logins } from '../../drizzle/schema/sign-in.ts';
import { keptOf } from '../../test/kit/providers.ts';
import { createVisitor, goodPassword, linkInMail, signUp } from '../../test/kit/visitor.ts';
import { createWorld, type World } from '../../test/kit/world.ts';

let world: World;
let other: World;
beforeAll(async () => {
  const settings = { TRUSTED_PROXIES: '1' };
  [world, other] = await Promise.all([createWorld({ settings }), createWorld({ settings })]);
});
afterEach(() => void vi.useRealTimers());
afterAll(() => Promise.all([world.close(), other.close()]));

let networks = 0;
const visit = (language = 'en', of = world) => {
  networks += 1;
  return createVisitor(of.publicUrl, { language, network: `192.0.2.${networks}` });
};
const passwords = { password: goodPassword, repeat: goodPassword };

/** Sends the form of sign-up, and takes the link of the mail. */
async function begin(email: string, filled: Record<string, string> = {}, language = 'en') {
  const visitor = visit(language);
  const form = await visitor.open('/sign-up');
  const answer = await visitor.press(form, '/sign-up', { email, ...passwords, ...filled });
  await world.drain();
  return { visitor, answer };
}

async function accountOf(email: string) {
  const { accountId } = await keptOf(world, email);
  const { db } = world.app.database;
  const [account] = await db
    .select()
    .from(accounts)
    .where(eq(accounts.id, accountId ?? ''));
  const grants = await db
    .select({ amount: quotaTransfers.amount })
    .from(quotaTransfers)
    .where(eq(quotaTransfers.walletId, accountId ?? ''));
  const [wallet] = await db
    .select()
    .from(wallets)
    .where(eq(wallets.id, accountId ?? ''));
  return { account, grants: grants.map(({ amount }) => amount), available: wallet?.available };
}

describe('somebody who signs up', () => {
  test('takes the link of the mail and stands before the dashboard, welcomed, with 100 units', async () => {
    const visitor = visit();
    const page = await signUp(world, visitor, 'kim@example.org');
    expect([page.status, page.url]).toEqual([200, `${world.publicUrl}/dashboard?welcome=1`]);
    expect([...visitor.cookies.keys()]).toEqual(['jilo.session_token']);
    const { account, grants, available } = await accountOf('kim@example.org');
    expect(account).toMatchObject({ displayName: 'kim', locale: 'en', purpose: null });
    expect([grants, available]).toEqual([[100], 100]);
    expect(page.text).toContain('title="kim"');
    // Looking again opens nothing, and grants nothing.
    await visitor.open('/dashboard');
    expect(await accountOf('kim@example.org')).toMatchObject({ grants: [100], available: 100 });
  });

  test('in Chinese is written to in Chinese, and has an account in Chinese', async () => {
    const filled = { name: ' 小船 ', purpose: 'marketing' };
    const { visitor, answer } = await begin('lian@example.org', filled, 'zh-CN');
    expect(answer.text).toContain('我们已向 lian@example.org 发送邮件');
    const [mail] = world.emulators.mail.mails('lian@example.org');
    expect(mail?.text).toMatch(/\p{Script=Han}/u);
    await visitor.press(await visitor.open(linkInMail(world, 'lian@example.org')), '/verify');
    const { account } = await accountOf('lian@example.org');
    expect(account).toMatchObject({ displayName: '小船', locale: 'zh', purpose: 'marketing' });
  });

  test('with a disposable address has an account without free units', async () => {
    await signUp(world, visit(), 'thief@mailinator.com');
    const { account, grants, available } = await accountOf('thief@mailinator.com');
    expect([account?.displayName, grants, available]).toEqual(['thief', [], 0]);
  });

  test('and presses the button in two tabs at once has one account, one wallet, one grant', async () => {
    const { visitor } = await begin('twice@example.org');
    const page = await visitor.open(linkInMail(world, 'twice@example.org'));
    const pressed = await Promise.all([1, 2, 3].map(() => visitor.press(page, '/verify')));
    expect(pressed.map(({ status }) => status)).toEqual([200, 200, 200]);
    await visitor.open('/dashboard');
    expect(await accountOf('twice@example.org')).toMatchObject({ grants: [100], available: 100 });
    const all = await world.app.database.db.select({ name: accounts.displayName }).from(accounts);
    expect(all.filter(({ name }) => name === 'twice')).toHaveLength(1);
  });

  test('and sends the form in two tabs at once is answered in both, and has one login', async () => {
    const both = await Promise.all([begin('race@example.org'), begin('race@example.org')]);
    for (const { answer } of both) {
      expect(answer.status).toBe(200);
      expect(answer.text).toContain(signInWords.en.mailSent);
    }
    expect(await keptOf(world, 'race@example.org')).toMatchObject({ providers: ['credential'] });
    const [{ visitor }] = both;
    await visitor.open('/sign-in');
    const mails = world.emulators.mail.mails('race@example.org');
    expect(mails.some(({ text }) => text.includes('/verify?token='))).toBe(true);
  });

  test('is sent to the dashboard where they are signed in already', async () => {
    const visitor = visit();
    await signUp(world, visitor, 'again@example.org');
    for (const path of ['/sign-up', '/sign-in'])
      expect(new URL((await visitor.open(path)).url).pathname).toBe('/dashboard');
  });
});

describe('the form', () => {
  test.each([
    ['no address', { email: 'kim' }, signInWords.en.emailNotValid],
    [
      'a short password',
      { password: 'boat 77', repeat: 'boat 77' },
      signInWords.en.lacks.too_short,
    ],
    [
      'a known password',
      { password: 'Password1!', repeat: 'Password1!' },
      signInWords.en.lacks.too_common,
    ],
    [
      'the address as a password',
      { password: 'typed.in 2041', repeat: 'typed.in 2041' },
      signInWords.en.lacks.like_address,
    ],
    ['two passwords', { repeat: 'another horse 7' }, signInWords.en.notSame],
    ['a long name', { name: 'n'.repeat(61) }, signInWords.en.nameTooLong],
  ])(
    'with %s says so, keeps what was typed but the passwords, and writes to nobody',
    async (_, filled, words) => {
      const typed = {
        email: 'typed.in@example.org',
        name: 'Typed "in"',
        purpose: 'creator',
        ...filled,
      };
      const { visitor, answer } = await begin(typed.email, typed);
      expect(answer.status).toBe(400);
      expect(answer.text).toContain(words);
      expect(answer.text).toContain('aria-invalid="true"');
      expect(answer.text).toMatch(new RegExp(`name="email"\\s+value="${typed.email}"`, 'u'));
      expect(answer.text).toContain(`value="${typed.name.replaceAll('"', '&quot;')}"`);
      expect(answer.text).toMatch(/<option value="creator" selected>/u);
      expect(answer.text).not.toContain(goodPassword);
      expect(visitor.cookies.size).toBe(0);
      expect((await keptOf(world, typed.email)).login).toBeUndefined();
    },
  );

  test.each(['', 'text/plain', 'application/json', 'multipart/form-data; boundary=x'])(
    'of the type %j is an empty form, and no defect',
    async (type) => {
      for (const path of ['/sign-up', '/sign-in', '/verify', '/reset', '/reset/new', '/sign-out']) {
        const headers = { origin: world.publicUrl, ...(type ? { 'content-type': type } : {}) };
        const body = new TextEncoder().encode('{"email":"kim@example.org"}');
        const init = { method: 'POST', headers, body, redirect: 'manual' } as const;
        const { status } = await fetch(`${world.publicUrl}${path}`, init);
        expect([path, status < 500]).toEqual([path, true]);
      }
    },
  );

  test('takes no character of control in a name', async () => {
    const { answer } = await begin('nul@example.org', { name: 'a\u0000b\r\nc' });
    expect(answer.status).toBe(200);
    expect((await keptOf(world, 'nul@example.org')).login?.name).toBe('ab c');
  });
});

describe('the link of the mail', () => {
  const proved = async (email: string) => (await keptOf(world, email)).login?.emailVerified;

  test('confirms nothing when it is looked at', async () => {
    const { visitor } = await begin('look@example.org');
    const page = await visitor.open(linkInMail(world, 'look@example.org'));
    expect([page.status, page.headers.get('referrer-policy')]).toEqual([200, 'same-origin']);
    expect(await proved('look@example.org')).toBe(false);
    expect(visitor.cookies.size).toBe(0);
  });

  test('used once more leads to the form, without a session', async () => {
    await signUp(world, visit(), 'used@example.org');
    const stranger = visit();
    const page = await stranger.open(linkInMail(world, 'used@example.org'));
    const after = await stranger.press(page, '/verify');
    expect(new URL(after.url).pathname).toBe('/sign-in');
    expect(stranger.cookies.size).toBe(0);
    expect(await keptOf(world, 'used@example.org')).toMatchObject({ sessions: 1 });
  });

  test.each([
    [3599, 200],
    [3601, 400],
  ])('after %i seconds answers %i', async (seconds, status) => {
    const email = `late${seconds}@example.org`;
    const { visitor } = await begin(email);
    const page = await visitor.open(linkInMail(world, email));
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + seconds * 1000 });
    const after = await visitor.press(page, '/verify');
    expect([after.status, await proved(email)]).toEqual([status, status === 200]);
  });

  test.each(['', 'x', 'a.b.c', 'eyJhbGciOiJub25lIn0.eyJlbWFpbCI6ImxvbmVAZXhhbXBsZS5vcmcifQ.'])(
    'made up as %j is refused',
    async (token) => {
      const answer = await visit().post('/verify', { token });
      expect([answer.status, answer.text.includes(signInWords.en.problems.link_not_valid)]).toEqual(
        [400, true],
      );
    },
  );

  test('of another installation, or changed by a letter, is refused', async () => {
    const email = 'moved@example.org';
    await begin(email);
    const there = visit('en', other);
    const form = await there.open('/sign-up');
    await there.press(form, '/sign-up', { email, ...passwords });
    await other.drain();
    const foreign = new URL(linkInMail(other, email)).searchParams.get('token') ?? '';
    const own = new URL(linkInMail(world, email)).searchParams.get('token') ?? '';
    const at = own.indexOf('.') + 5;
    const changed = `${own.slice(0, at)}${own[at] === 'A' ? 'B' : 'A'}${own.slice(at + 1)}`;
    for (const token of [foreign, changed])
      expect((await visit().post('/verify', { token })).status).toBe(400);
    expect(await proved(email)).toBe(false);
    const { db } = world.app.database;
    await db.delete(logins).where(eq(logins.email, email));
    // Of an address that is free again nothing is left to confirm.
    expect((await visit().post('/verify', { token: own })).status).toBe(400);
  });
});
