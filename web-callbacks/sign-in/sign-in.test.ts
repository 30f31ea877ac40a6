import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { signInWords } from '../../core/messages/sign-in.ts';
import { createVisitor, goodPassword, linkInMail, signUp } from '../../test/kit/visitor.ts';
import { createWorld, type World } from '../../test/kit/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld({ settings: { TRUSTED_PROXIES: '1' } });
  for (const email of ['kim@example.org', 'lee@example.org', 'ada@example.org'])
    await signUp(world, visit(), email);
});
afterAll(() => world.close());
beforeEach(() => world.emulators.mail.clear());

let networks = 0;
const nextNetwork = () => {
  networks += 1;
  return `10.0.${networks >> 8}.${networks & 255}`;
};
const visit = (network = nextNetwork()) =>
  createVisitor(world.publicUrl, { network, follow: false });
const enter = (email: string, { network = nextNetwork(), password = 'wrong horse 7' } = {}) =>
  visit(network).post('/sign-in', { email, password });

describe('the tries for one login', () => {
  test('are ten from one network; the eleventh is refused even with the right password', async () => {
    const network = nextNetwork();
    const statuses: number[] = [];
    for (let at = 1; at <= 9; at += 1)
      statuses.push((await enter('kim@example.org', { network })).status);
    expect(statuses).toEqual(Array.from({ length: 9 }, () => 400));
    const right = { network, password: goodPassword };
    expect((await enter('kim@example.org', right)).status).toBe(200);
    const refused = await enter(' KIM@example.org ', right);
    expect(refused.status).toBe(429);
    expect(refused.headers.getSetCookie()).toEqual([]);
    const seconds = Number(refused.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(800);
    expect(seconds).toBeLessThanOrEqual(900);
    // Nobody locks somebody out from elsewhere, nor somebody else.
    expect((await enter('kim@example.org', { password: goodPassword })).status).toBe(200);
    expect((await enter('lee@example.org', right)).status).toBe(200);
  });

  test('are fifty from everywhere', async () => {
    const statuses: number[] = [];
    for (let at = 1; at <= 51; at += 1) {
      const password = at >= 50 ? goodPassword : 'wrong horse 7';
      statuses.push((await enter('lee2@example.org', { password })).status);
    }
    expect(statuses.slice(0, 50)).toEqual(Array.from({ length: 50 }, () => 400));
    expect(statuses[50]).toBe(429);
  }, 60_000);

  test('are counted for an address that nobody has as for one that somebody has', async () => {
    const network = nextNetwork();
    const answers = [];
    for (let at = 1; at <= 11; at += 1)
      answers.push((await enter('nobody@example.org', { network })).status);
    expect(answers).toEqual([...Array.from({ length: 10 }, () => 400), 429]);
  });
});

describe('the mails to one address', () => {
  const reset = (email: string) => visit().post('/reset', { email });
  const mailed = async (email: string) => {
    await world.drain();
    return world.emulators.mail.mails(email).length;
  };

  test('are five an hour, of all kinds together, and nobody who asks is told', async () => {
    const answers = [];
    for (let at = 1; at <= 6; at += 1) {
      answers.push(await reset('ada@example.org'));
      // One was the mail of sign-up.
      expect(await mailed('ada@example.org')).toBe(Math.min(at, 4));
    }
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    await visit().post('/sign-up', {
      email: 'ada@example.org',
      password: goodPassword,
      repeat: goodPassword,
    });
    expect(await mailed('ada@example.org')).toBe(4);
  });

  test('are five too when somebody signs in with an address that is not confirmed', async () => {
    const email = 'new@example.org';
    const fields = { email, password: goodPassword, repeat: goodPassword };
    await visit().post('/sign-up', fields);
    for (let at = 1; at <= 7; at += 1) {
      const answer = await enter(email, { password: goodPassword });
      expect([answer.status, answer.text.includes(signInWords.en.problems.not_verified)]).toEqual([
        400,
        true,
      ]);
    }
    expect(await mailed(email)).toBe(5);
  });
});

describe('the forms of one network', () => {
  test('are thirty in a quarter of an hour, sign-up and reset together; what is refused is not counted', async () => {
    const network = nextNetwork();
    const send = (at: number) =>
      at % 2 === 0
        ? visit(network).post('/reset', { email: `unknown${at}@example.org` })
        : visit(network).post('/sign-up', {
            email: 'kim@example.org',
            password: goodPassword,
            repeat: goodPassword,
          });
    expect((await visit(network).post('/sign-up', { email: 'x' })).status).toBe(400);
    const statuses: number[] = [];
    for (let at = 1; at <= 31; at += 1) statuses.push((await send(at)).status);
    expect(statuses).toEqual([...Array.from({ length: 30 }, () => 200), 429]);
    expect((await visit().post('/reset', { email: 'unknown@example.org' })).status).toBe(200);
  }, 60_000);
});

describe('signing in', () => {
  test('leads to what was asked for, by a page that has the words of the language', async () => {
    for (const [language, words] of [
      ['en', signInWords.en],
      ['zh-CN', signInWords.zh],
    ] as const) {
      const visitor = createVisitor(world.publicUrl, {
        language,
        network: nextNetwork(),
        follow: false,
      });
      const page = await visitor.open('/sign-in?next=%2Ftokens%3Fa%3D1');
      const filled = { email: 'kim@example.org', password: goodPassword };
      const answer = await visitor.press(page, '/sign-in', filled);
      expect(answer.text).toContain('content="0;url=/tokens?a=1"');
      expect(answer.text).toContain(words.onwardBody.replaceAll("'", '&#39;'));
      expect((await visitor.open('/tokens?a=1')).status).toBe(200);
    }
  });

  test('keeps the address, but no password, when it is refused', async () => {
    const answer = await enter('kim@example.org', { password: 'wrong horse 7 here' });
    expect(answer.text).toContain('value="kim@example.org"');
    expect(answer.text).not.toContain('wrong horse');
  });

  test('takes a password of 128 characters that have two halves each, and of spaces at its ends', async () => {
    for (const [email, password] of [
      ['long@example.org', `${'🚀'.repeat(126)}w7`],
      ['space@example.org', '  a boat 7  '],
    ] as const) {
      const visitor = visit();
      await visitor.post('/sign-up', { email, password, repeat: password });
      await world.drain();
      const page = await visitor.open(linkInMail(world, email));
      expect((await visitor.press(page, '/verify')).status).toBe(200);
      expect((await enter(email, { password })).status).toBe(200);
      for (const other of [password.trim().slice(1), password.slice(0, -1), password.toUpperCase()])
        expect((await enter(email, { password: other })).status).toBe(400);
    }
  });

  test.each(['xyz', 'email', 'Google', '..%2fgoogle', '%00'])(
    'with the provider %s, which there is not, is no page',
    async (provider) => {
      expect((await visit().post(`/sign-in/${provider}`, {})).status).toBe(404);
    },
  );

  test('with a provider that is not set up is refused in words', async () => {
    const answer = await visit().post('/sign-in/discord', {});
    expect([answer.status, answer.text.includes(signInWords.en.problems.provider_refused)]).toEqual(
      [400, true],
    );
  });
});
