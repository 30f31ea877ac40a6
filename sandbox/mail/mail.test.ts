import { tmpdir } from 'node:os';

import { createTransport } from 'nodemailer';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { createManualClock } from '../clock.ts';
import { startSandbox } from '../sandbox.ts';
import { startMail, type MailEmulator } from './mail.ts';
import { largestBytes } from './smtp.ts';

const clock = createManualClock(new Date('2026-11-22T08:00:00.000Z'));

let mail: MailEmulator;
beforeAll(async () => {
  mail = await startMail({ clock });
});
afterEach(() => {
  mail.behave();
  mail.clear();
});
afterAll(() => mail.close());

type Wish = {
  readonly to?: string;
  readonly subject?: string;
  readonly text?: string;
  readonly html?: string;
};

async function send(wish: Wish = {}, url = mail.smtpUrl) {
  const { to = 'ada@example.com', subject = 'Hello', text = 'A line.', ...rest } = wish;
  const envelope = { from: 'jilo@example.com', to: [to] };
  const from = 'Jilo <jilo@example.com>';
  return createTransport(url).sendMail({ from, to, envelope, subject, text, ...rest });
}

const open = (path: string, language = 'en') =>
  fetch(new URL(path, mail.url), { headers: { 'accept-language': language } });

const newest = () => {
  const [first] = mail.mails();
  if (!first) throw new Error('there is no mail');
  return first;
};

describe('the server', () => {
  test.each([
    ['a domain without a dot', 'ada@nowhere', 553],
    ['a domain that begins with a hyphen', 'ada@-a.example.com', 553],
    ['somebody whom nobody knows', 'unknown@example.com', 550],
  ])('refuses %s', async (_what, to, responseCode) => {
    await expect(send({ to })).rejects.toMatchObject({ responseCode });
    expect(mail.mails()).toEqual([]);
  });

  test('takes what is large, and refuses what is too large', async () => {
    const line = `${'a'.repeat(75)}\n`;
    const text = line.repeat(Math.floor((largestBytes - 100_000) / 77));
    await send({ text });
    expect(newest().bytes).toBeGreaterThan(24 * 1024 * 1024);
    mail.clear();
    await expect(send({ text: text + line.repeat(3000) })).rejects.toMatchObject({
      responseCode: 552,
    });
    expect(mail.mails()).toEqual([]);
  }, 60_000);

  test('asks for the password that it was given, and takes no other', async () => {
    const login = { user: 'a@b.example', password: 'p@ss/word:' };
    const locked = await startMail({ clock, login });
    try {
      await send({}, locked.smtpUrl);
      expect(locked.mails()).toHaveLength(1);
      const wrong = locked.smtpUrl.replace(/:[^:]*@/u, ':wrong@');
      await expect(send({}, wrong)).rejects.toMatchObject({ responseCode: 535 });
      const none = locked.smtpUrl.replace(/\/\/.*@/u, '//');
      await expect(send({}, none)).rejects.toMatchObject({ responseCode: 530 });
      expect(locked.mails()).toHaveLength(1);
    } finally {
      await locked.close();
    }
  });

  test.each([
    ['code_421', { responseCode: 421 }, 0],
    ['code_451', { responseCode: 451 }, 0],
    ['code_550', { responseCode: 550 }, 0],
    ['reset_before', { code: 'ECONNECTION' }, 0],
    ['reset_after', { code: 'ECONNECTION' }, 1],
  ] as const)('goes wrong with %s as often as it is told', async (how, error, kept) => {
    mail.misbehave({ how, times: 1 });
    await expect(send()).rejects.toMatchObject(error);
    expect(mail.mails()).toHaveLength(kept);
    await send();
    expect(mail.mails()).toHaveLength(kept + 1);
  });

  test('keeps the last 200 mails', async () => {
    const transport = createTransport({ url: mail.smtpUrl, pool: true, maxConnections: 5 });
    const from = 'jilo@example.com';
    const all = Array.from({ length: 203 }, (_, at) =>
      transport.sendMail({ from, to: `p${at}@example.com`, text: 'x' }),
    );
    await Promise.all(all);
    transport.close();
    expect(mail.mails()).toHaveLength(200);
  }, 30_000);
});

const mailsSchema = z.array(z.looseObject({ to: z.array(z.string()), text: z.string() }));

describe('the inbox', () => {
  test('lists the newest first, in the language of the browser', async () => {
    const empty = await (await open('/')).text();
    expect(empty).toContain('No mail yet');
    await send({ subject: 'The first' });
    await send({ subject: 'The <b>second</b>', to: 'eve@example.com' });
    const page = await (await open('/')).text();
    expect(page.indexOf('The &lt;b&gt;second')).toBeGreaterThan(0);
    expect(page.indexOf('The first')).toBeGreaterThan(page.indexOf('The &lt;b&gt;second'));
    expect(await (await open('/', 'zh-CN')).text()).toContain('收件箱');
    const only = await (await open('/?to=eve@example.com')).text();
    expect([only.includes('second'), only.includes('The first')]).toEqual([true, false]);
  });

  test('answers programs, for one address or for all', async () => {
    await send();
    await send({ to: 'Eve@example.com', text: 'For Eve.' });
    const ask = async (path: string) => mailsSchema.parse(await (await open(path)).json());
    expect(await ask('/api/mails')).toHaveLength(2);
    expect(await ask('/api/mails?to=eve@example.com')).toMatchObject([{ text: 'For Eve.\n' }]);
    expect(await ask('/api/mails?to=nobody@example.com')).toEqual([]);
  });

  test('shows a mail as text, with links that can be pressed', async () => {
    const text = 'Open https://jilo.example/v?a=1&b=2 <script>alert(1)</script>';
    await send({ text });
    const page = await (await open(`/mails/${newest().id}`)).text();
    expect(page).toContain('href="https://jilo.example/v?a=1&amp;b=2"');
    expect(page).toContain('&lt;script&gt;alert(1)');
    expect(page).not.toMatch(/<script/u);
    expect(page).toContain('only text');
  });

  test.each(['/mails/999', '/mails/999/html'])('has nothing at %s', async (path) => {
    expect((await open(path)).status).toBe(404);
  });
});

/** The directives of a policy by their names. */
const policyOf = (answer: Response) =>
  new Map(
    (answer.headers.get('content-security-policy') ?? '').split('; ').map((one) => {
      const [name = '', ...values] = one.split(' ');
      return [name, values.join(' ')];
    }),
  );

describe('a mail with a page in which something would run', () => {
  const html = `<p onclick="alert(1)">Hi</p><script>fetch('/api/mails')</script><img src="https://tracker.example/x.png">`;

  test('is shown in a frame that runs nothing', async () => {
    await send({ html });
    const answer = await open(`/mails/${newest().id}`);
    const page = await answer.text();
    expect(page).not.toMatch(/<script|onclick|tracker\.example/u);
    const [frame = ''] = /<iframe[^>]*>/u.exec(page) ?? [];
    expect(frame).toContain(`src="/mails/${newest().id}/html"`);
    const allowed = /sandbox="(?<allowed>[^"]*)"/u.exec(frame)?.groups?.['allowed'];
    expect(allowed?.split(' ')).toEqual(['allow-popups', 'allow-popups-to-escape-sandbox']);
    const policy = policyOf(answer);
    expect(policy.get('default-src')).toBe("'none'");
    expect([policy.has('script-src'), policy.get('frame-src')]).toEqual([false, "'self'"]);
  });

  test('runs nothing where its page is opened by itself', async () => {
    await send({ html });
    const answer = await open(`/mails/${newest().id}/html`);
    expect(await answer.text()).toContain('<script>');
    const policy = policyOf(answer);
    expect(policy.get('sandbox')).toBe('allow-popups allow-popups-to-escape-sandbox');
    expect(policy.get('default-src')).toBe("'none'");
    expect(policy.get('img-src')).toBe('data:');
    expect([policy.has('script-src'), policy.has('connect-src')]).toEqual([false, false]);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  });
});

test('the sandbox leads the settings to it, and says where the inbox is', async () => {
  const sandbox = await startSandbox({ services: ['mail'], folder: tmpdir(), clock });
  try {
    const { settings, mailPage = '' } = sandbox;
    await send({ subject: 'By the settings' }, settings['SMTP_URL']);
    expect(await (await fetch(mailPage)).text()).toContain('By the settings');
    expect(settings['MAIL_FROM']).toContain('@');
  } finally {
    await sandbox.close();
  }
});
