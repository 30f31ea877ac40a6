import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { signInWords } from '../../core/messages/sign-in.ts';
import { keptOf } from '../kit/providers.ts';
import { createVisitor, goodPassword, signUp, type Seen, type Visitor } from '../kit/visitor.ts';
import { createWorld, type World } from '../kit/world.ts';
import { hashRows } from '../authorisation/rows.ts';
import { ask, submit } from './wire.ts';

let world: World;
let networks = 0;
beforeAll(async () => {
  world = await createWorld({ settings: { TRUSTED_PROXIES: '1' } });
  await signUp(world, visit(), 'known@example.org');
  await begin('waiting@example.org');
});
afterAll(() => world.close());

function visit(): Visitor {
  networks += 1;
  const network = `10.0.${networks >> 8}.${networks & 255}`;
  return createVisitor(world.publicUrl, { network, follow: false });
}
const passwords = { password: goodPassword, repeat: goodPassword };
const begin = (email: string) => visit().post('/sign-up', { email, ...passwords });
const enter = (email: string, password: string) => visit().post('/sign-in', { email, password });

/** All that an answer tells but the address that was typed in and what is another one each time. */
const told = ({ status, text, headers }: Seen, email: string) => {
  const changing = ['date', 'x-request-id', 'content-length', 'etag'];
  const lines = [...headers]
    .filter(([name]) => !changing.includes(name))
    .map((pair) => pair.join(': '))
    .toSorted();
  return { status, lines, text: text.replaceAll(email, 'ADDRESS') };
};
async function mailsTo(email: string): Promise<readonly string[]> {
  await world.drain();
  return world.emulators.mail.mails(email).map(({ text }) => text);
}

describe('nobody learns who has an account', () => {
  test('by signing up: only the owner is told', async () => {
    const before = (await mailsTo('known@example.org')).length;
    const answers = await Promise.all(
      ['known@example.org', 'fresh1@example.org', 'waiting@example.org'].map(async (email) =>
        told(await begin(email), email),
      ),
    );
    expect(answers[0]?.text).toContain(signInWords.en.mailSent);
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    const mails = await mailsTo('known@example.org');
    expect(mails).toHaveLength(before + 1);
    expect(mails[0]).toContain('/sign-in');
    expect(mails.join('\n').match(/verify\?token/gu)).toHaveLength(1);
    // The password of the stranger is not the owner's.
    expect(await keptOf(world, 'known@example.org')).toMatchObject({ providers: ['credential'] });
  });

  test('by asking for a new password', async () => {
    const answers = await Promise.all(
      ['known@example.org', 'nobody1@example.org', 'waiting@example.org'].map(async (email) =>
        told(await visit().post('/reset', { email }), email),
      ),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(await mailsTo('nobody1@example.org')).toEqual([]);
  });

  test('by signing in with a wrong password', async () => {
    const answers = await Promise.all(
      ['known@example.org', 'nobody1@example.org', 'waiting@example.org'].map(async (email) =>
        told(await enter(email, 'wrong horse 7'), email),
      ),
    );
    expect(answers[0]?.text).toContain(signInWords.en.problems.wrong_password);
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  });

  test('by how long it takes to be refused', async () => {
    const took = async (email: string): Promise<number> => {
      const from = performance.now();
      await enter(email, 'wrong horse 7');
      return performance.now() - from;
    };
    const times: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] };
    // By turns, so that what else the machine does is the same for both.
    for (let at = 0; at < 15; at += 1) {
      times.known.push(await took('known@example.org'));
      times.unknown.push(await took('nobody2@example.org'));
    }
    const median = (all: readonly number[]) => all.toSorted((a, b) => a - b)[7] ?? 0;
    const [known, unknown] = [median(times.known), median(times.unknown)];
    process.stdout.write(
      `sign-in: ${known.toFixed(0)} ms known, ${unknown.toFixed(0)} ms unknown\n`,
    );
    expect(Math.max(known, unknown) / Math.min(known, unknown)).toBeLessThan(1.5);
  }, 60_000);
});

describe('a form of another site', () => {
  const forms: Readonly<Record<string, Record<string, string>>> = {
    '/sign-in': { email: 'known@example.org', password: goodPassword },
    '/sign-in/google': { next: '/dashboard' },
    '/sign-in/discord': {},
    '/sign-up': { email: 'pressed@example.org', ...passwords },
    '/verify': { token: 'x' },
    '/reset': { email: 'known@example.org' },
    '/reset/new': { token: 'x', ...passwords },
    '/consent': { question: 'x', decision: 'allow' },
  };
  const strangers = {
    'another site': { origin: 'https://evil.example' },
    'an opaque page': { origin: 'null' },
    'a page that hides its name': { origin: '' },
    'another site, says the browser': { 'sec-fetch-site': 'cross-site' },
    'a sister site': { 'sec-fetch-site': 'same-site' },
    'no page at all': { 'sec-fetch-site': 'none' },
  };

  test.each(Object.keys(forms))(
    '%s is refused, signs nobody in, and changes nothing',
    async (path) => {
      const before = await hashRows(world);
      for (const [who, headers] of Object.entries(strangers)) {
        const answer = await submit(`${world.publicUrl}${path}`, forms[path] ?? {}, headers);
        expect([who, answer.status, answer.headers['set-cookie']]).toEqual([who, 403, undefined]);
      }
      expect(await hashRows(world)).toEqual(before);
    },
  );

  test.each(['/sign-in', '/sign-up', '/verify', '/reset', '/reset/new'])(
    '%s stands in no frame, is kept by no cache, and is read by no other site',
    async (path) => {
      const { headers, status } = await ask(`${world.publicUrl}${path}`, {
        headers: { origin: 'https://evil.example' },
      });
      expect(status).toBe(200);
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
      expect(headers['x-frame-options']).toBe('DENY');
      expect(headers['cache-control']).toContain('no-store');
      expect(headers['access-control-allow-origin']).toBeUndefined();
      expect(headers['set-cookie']).toBeUndefined();
    },
  );
});

describe('what somebody calls themselves', () => {
  const hostile = `<img src=x onerror=alert(1)>"'\`</title>`;

  test('is text on every page and in every mail', async () => {
    const visitor = createVisitor(world.publicUrl, { network: '203.0.113.1' });
    const email = 'markup@example.org';
    await visitor.post('/sign-up', { email, ...passwords, name: hostile });
    await world.drain();
    const link = /https?:\/\/\S+/u.exec(world.emulators.mail.mails(email)[0]?.text ?? '')?.[0];
    await visitor.press(await visitor.open(link ?? ''), '/verify');
    for (const path of ['/dashboard', '/account', '/tokens']) {
      const { status, text } = await visitor.open(path);
      expect([path, status, text.includes('<img src=x')]).toEqual([path, 200, false]);
      expect(text).toContain('&lt;img src=x onerror=alert(1)&gt;');
    }
    for (const { html } of world.emulators.mail.mails(email))
      expect(html).not.toContain('<img src=x');
    for (const [field, value] of [
      ['email', `"${hostile}"@example.org`],
      ['name', hostile.repeat(9)],
    ]) {
      const filled = { email: 'x', ...passwords, [field ?? '']: value ?? '' };
      expect((await visit().post('/sign-up', filled)).text).not.toContain('<img');
    }
    const refused = await visit().post('/sign-in', { email: hostile, password: 'x' });
    expect(refused.text).not.toContain('<img');
    expect((await visit().open(`/verify?token=${encodeURIComponent(hostile)}`)).text).not.toContain(
      '<img',
    );
    const reset = await visit().open(`/reset/new?token=${encodeURIComponent(hostile)}`);
    expect(reset.text).not.toContain('<img');
  });

  test.each([
    'kim@example.org\r\nBcc: victim@example.org',
    'kim@example.org\nTo: victim@example.org',
    'kim@example.org,victim@example.org',
    'kim@example.org;victim@example.org',
    '<kim@example.org> victim@example.org',
    '"kim@example.org" <victim@example.org>',
    'kim@example.org%0d%0aBcc: victim@example.org',
    'kim\u0000@example.org',
  ])('and the address %j writes to nobody', async (email) => {
    for (const answer of [await begin(email), await visit().post('/reset', { email })])
      expect(answer.status).toBe(400);
    await world.drain();
    expect(await mailsTo('victim@example.org')).toEqual([]);
  });

  test('and a name with lines writes to nobody else', async () => {
    const name = 'Kim\r\nBcc: victim@example.org\r\n\r\nBuy';
    await visit().post('/sign-up', { email: 'lines@example.org', ...passwords, name });
    expect(await mailsTo('lines@example.org')).toHaveLength(1);
    expect(await mailsTo('victim@example.org')).toEqual([]);
    const { login } = await keptOf(world, 'lines@example.org');
    expect(login?.name).toBe('Kim Bcc: victim@example.org Buy');
  });
});
