import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';

import { signInWords } from '../../core/messages/sign-in.ts';
import { keptOf } from '../../test/kit/providers.ts';
import { createVisitor, goodPassword, linkInMail, signUp } from '../../test/kit/visitor.ts';
import { createWorld, type World } from '../../test/kit/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld({ settings: { TRUSTED_PROXIES: '1' } });
});
afterEach(() => void vi.useRealTimers());
afterAll(() => world.close());

const words = signInWords.en;
const next = 'another boat 9';
const chosen = { password: next, repeat: next };
let networks = 0;
const visit = (language = 'en') => {
  networks += 1;
  return createVisitor(world.publicUrl, { language, network: `192.0.2.${networks}` });
};
const enter = (email: string, password: string) => visit().post('/sign-in', { email, password });

/** Somebody who is signed in, and has asked for a link meanwhile. */
async function forgetful(email: string) {
  const visitor = visit();
  await signUp(world, visitor, email);
  const page = await visit().open('/reset');
  const answer = await visit().press(page, '/reset', { email });
  await world.drain();
  return { visitor, answer, link: linkInMail(world, email) };
}

test('a new password is set by the link of the mail, ends every session, and the owner is written to', async () => {
  const email = 'kim@example.org';
  const { visitor, answer, link } = await forgetful(email);
  expect(answer.text).toContain(words.mailSentBody({ email }));
  expect((await enter(email, goodPassword)).status).toBe(200);
  expect(await keptOf(world, email)).toMatchObject({ sessions: 2 });
  const page = await visit().open(link);
  const done = await visit().press(page, '/reset/new', chosen);
  expect([done.status, done.text.includes(words.resetDone)]).toEqual([200, true]);
  expect(done.headers.getSetCookie()).toEqual([]);
  expect(await keptOf(world, email)).toMatchObject({ sessions: 0, providers: ['credential'] });
  expect(new URL((await visitor.open('/account')).url).pathname).toBe('/sign-in');
  expect((await enter(email, goodPassword)).status).toBe(400);
  expect((await enter(email, next)).status).toBe(200);
  await world.drain();
  const [mail] = world.emulators.mail.mails(email);
  expect(mail?.text).toContain(`${world.publicUrl}/reset`);
  expect(mail?.text).not.toContain('token=');
});

test('the link is good once, also when it is pressed twice at once, and for its own login alone', async () => {
  const { link } = await forgetful('once@example.org');
  const other = await forgetful('other@example.org');
  const page = await visit().open(link);
  const pressed = await Promise.all(
    ['first boat 11', 'second boat 22', 'third boat 33'].map(async (password) => ({
      password,
      ...(await visit().press(page, '/reset/new', { password, repeat: password })),
    })),
  );
  const taken = pressed.filter(({ status }) => status === 200);
  expect(taken).toHaveLength(1);
  expect((await enter('once@example.org', taken[0]?.password ?? '')).status).toBe(200);
  const again = await visit().press(page, '/reset/new', chosen);
  expect([again.status, again.text.includes(words.problems.link_not_valid)]).toEqual([400, true]);
  // Nobody else's login has changed, and their link is good still.
  expect((await enter('other@example.org', goodPassword)).status).toBe(200);
  const theirs = await visit().press(await visit().open(other.link), '/reset/new', chosen);
  expect(theirs.status).toBe(200);
});

test('looking at the link uses nothing up, and a password that is refused neither', async () => {
  const { link } = await forgetful('look@example.org');
  const page = await visit().open(link);
  await visit().open(link);
  for (const [filled, said] of [
    [{ password: 'boat 77', repeat: 'boat 77' }, words.lacks.too_short],
    [{ password: 'Password1!', repeat: 'Password1!' }, words.lacks.too_common],
    [{ password: next, repeat: 'x' }, words.notSame],
  ] as const) {
    const refused = await visit().press(page, '/reset/new', filled);
    expect([refused.status, refused.text.includes(said)]).toEqual([400, true]);
    expect(refused.text).not.toContain(next);
  }
  expect((await visit().press(page, '/reset/new', chosen)).status).toBe(200);
});

test.each([
  [3599, 200],
  [3601, 400],
])('%i seconds later the link answers %i', async (seconds, status) => {
  const { link } = await forgetful(`late${seconds}@example.org`);
  const page = await visit().open(link);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + seconds * 1000 });
  expect((await visit().press(page, '/reset/new', chosen)).status).toBe(status);
});

test.each(['', 'x', 'dummy-verification-token', '../x', "' or 1=1 --", '%00', 'x'.repeat(201)])(
  'a link that is made up as %j is refused',
  async (token) => {
    const answer = await visit().post('/reset/new', { token, ...chosen });
    expect([answer.status, answer.text.includes(words.problems.link_not_valid)]).toEqual([
      400,
      true,
    ]);
  },
);

test('the link that proves an address sets no password, and the other proves none', async () => {
  const email = 'mixed@example.org';
  const fields = { email, password: goodPassword, repeat: goodPassword };
  await visit().post('/sign-up', fields);
  await world.drain();
  const proof = new URL(linkInMail(world, email)).searchParams.get('token') ?? '';
  expect((await visit().post('/reset/new', { token: proof, ...chosen })).status).toBe(400);
  await visit().post('/reset', { email });
  await world.drain();
  const reset = new URL(linkInMail(world, email)).searchParams.get('token') ?? '';
  expect((await visit().post('/verify', { token: reset })).status).toBe(400);
  expect((await keptOf(world, email)).login?.emailVerified).toBe(false);
});

test('the words are those of the page, and the mail that of the login', async () => {
  const email = 'lian@example.org';
  await signUp(world, visit('zh-CN'), email);
  const answer = await visit('en').post('/reset', { email });
  expect(answer.text).toContain(words.mailSent);
  await world.drain();
  const [mail] = world.emulators.mail.mails(email);
  expect(mail?.subject).toMatch(/\p{Script=Han}/u);
  const page = await visit('zh-CN').open(linkInMail(world, email));
  expect(page.text).toContain(signInWords.zh.passwordHint);
  const refused = await visit('zh-CN').post('/reset', { email: 'no address' });
  expect(refused.text).toContain(signInWords.zh.emailNotValid);
});

test('somebody else’s password on an address that was never proved is gone with the reset, which proves it', async () => {
  const email = 'prior@example.org';
  const stranger = 'strange harbour 4';
  const form = await visit().open('/sign-up');
  await visit().press(form, '/sign-up', { email, password: stranger, repeat: stranger });
  await world.drain();
  await visit().post('/reset', { email });
  await world.drain();
  const page = await visit().open(linkInMail(world, email));
  await visit().press(page, '/reset/new', chosen);
  expect((await enter(email, stranger)).status).toBe(400);
  expect((await enter(email, next)).status).toBe(200);
});
