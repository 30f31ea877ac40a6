import dns from 'node:dns';

import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';

import { createManualClock } from '../../sandbox/clock.ts';
import { startMail, type MailEmulator } from '../../sandbox/mail/mail.ts';
import { renderMail } from '../mail/render.ts';
import type { Mail } from '../ports/mailer.ts';
import { createSmtp, verifySmtp } from './smtp.ts';

const clock = createManualClock(new Date('2026-11-22T08:00:00.000Z'));
const from = 'Jilo <no-reply@jilo.example>';
const mail: Mail = {
  to: 'ada@example.com',
  subject: 'Hello',
  text: 'A line.\n',
  html: '<p>A line.</p>',
};

let open: MailEmulator;
let locked: MailEmulator;
let encrypted: MailEmulator;
beforeAll(async () => {
  const login = { user: 'jilo@example.com', password: 'p@ss: w/ord' };
  [open, locked, encrypted] = await Promise.all([
    startMail({ clock }),
    startMail({ clock, login }),
    startMail({ clock, hasTls: true }),
  ]);
});
afterEach(() => {
  vi.restoreAllMocks();
  for (const one of [open, locked, encrypted]) {
    one.behave();
    one.clear();
  }
});
afterAll(() => Promise.all([open, locked, encrypted].map((one) => one.close())));

const sendTo = (url: string, changes: Partial<Mail> = {}, limitMs = 5000) =>
  createSmtp({ url, from, limitMs }).send({ ...mail, ...changes });

/** The fault of a mail that was not sent. */
async function faultOf(sent: Promise<void>) {
  const error: unknown = await sent.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Error)) throw new Error('the mail was sent');
  const cause = error.cause instanceof Error ? error.cause.message : '';
  return { code: 'code' in error ? error.code : error.name, cause, error };
}

describe('a mail', () => {
  test.each(['en', 'zh'] as const)('in %s arrives as it was written', async (locale) => {
    const link = 'https://jilo.example/reset?token=abc&more=1';
    const written = renderMail({ template: 'reset', link }, { to: 'ada@example.com', locale });
    await createSmtp({ url: open.smtpUrl, from }).send(written);
    const [got] = open.mails('ada@example.com');
    expect(open.mails()).toHaveLength(1);
    expect(got).toMatchObject({
      from: 'no-reply@jilo.example',
      to: ['ada@example.com'],
      subject: written.subject,
      isSecure: false,
    });
    expect(got?.text.trim()).toBe(written.text.trim());
    expect(got?.html?.trim()).toBe(written.html.trim());
    expect(got?.sender).toContain('Jilo');
    expect(got?.headers).toContain('auto-submitted: auto-generated');
  });

  test('goes to a server that asks for a password', async () => {
    await sendTo(locked.smtpUrl);
    expect(locked.mails()).toHaveLength(1);
  });

  test('goes over TLS where a server of this machine offers it', async () => {
    await sendTo(encrypted.smtpUrl);
    expect(encrypted.mails().map(({ isSecure }) => isSecure)).toEqual([true]);
  });

  test.each([
    ['another recipient', { to: 'ada@example.com\r\nBcc: eve@example.com' }],
    ['two recipients', { to: 'ada@example.com, eve@example.com' }],
    ['a name', { to: 'Ada <ada@example.com>' }],
    ['another header in the subject', { subject: 'Hello\r\nBcc: eve@example.com' }],
    ['a line end in the subject', { subject: 'Hello\nthere' }],
    ['a line separator in the subject', { subject: 'Hello\u2028there' }],
  ])('with %s is refused before anything is sent', async (_what, changes) => {
    const before = open.connections();
    expect(await faultOf(sendTo(open.smtpUrl, changes))).toMatchObject({ code: 'ZodError' });
    expect(open.connections()).toBe(before);
  });

  test('that is given up goes nowhere', async () => {
    open.misbehave({ how: 'silent', times: 1 });
    const stop = new AbortController();
    const sent = createSmtp({ url: open.smtpUrl, from }).send(mail, stop.signal);
    const before = open.connections();
    await vi.waitFor(() => expect(open.connections()).toBeGreaterThanOrEqual(before));
    stop.abort(new Error('stopping'));
    await expect(sent).rejects.toThrow('stopping');
    expect(open.mails()).toEqual([]);
  });
});

describe('a mail server', () => {
  test.each([
    ['code_421', 'provider_busy', 0],
    ['code_451', 'provider_busy', 0],
    ['code_550', 'provider_failed', 0],
    ['reset_before', 'provider_busy', 0],
    ['reset_after', 'provider_busy', 1],
    ['silent', 'provider_busy', 0],
  ] as const)('with %s is %s', async (how, code, kept) => {
    open.misbehave({ how, times: 1 });
    const fault = await faultOf(sendTo(open.smtpUrl, {}, 300));
    expect(fault).toMatchObject({ code, error: { params: { provider: 'Mail' } } });
    expect(fault.error).not.toHaveProperty('retryAfterSeconds', expect.any(Number));
    expect(open.mails()).toHaveLength(kept);
    await sendTo(open.smtpUrl);
    expect(open.mails()).toHaveLength(kept + 1);
  });

  test('that is not there is busy', async () => {
    const gone = await startMail({ clock });
    await gone.close();
    const { code, cause } = await faultOf(sendTo(gone.smtpUrl));
    expect([code, cause]).toEqual(['provider_busy', expect.stringContaining('ECONNREFUSED')]);
  });

  test.each([
    ['an unknown recipient', 'unknown@example.com', '550'],
    ['a domain that is too long', `ada@${'a'.repeat(70)}.example.com`, '553'],
  ])('refuses %s for good, without the address in the cause', async (_what, to, status) => {
    const { code, cause } = await faultOf(sendTo(open.smtpUrl, { to }));
    expect([code, cause]).toEqual(['provider_failed', expect.stringContaining(status)]);
    expect(cause).not.toContain(to);
  });

  test.each([
    ['a wrong password', 'jilo%40example.com:canary-wrong@', '535'],
    ['no password', '', '530'],
  ])('with %s does not let us in', async (_what, login, status) => {
    const url = locked.smtpUrl.replace(/\/\/.*@/u, `//${login}`);
    const { code, cause } = await faultOf(sendTo(url));
    expect([code, cause]).toEqual(['provider_locked', expect.stringContaining(status)]);
    expect(cause).not.toContain('canary');
  });

  test('that asks for no password is not the one of the settings', async () => {
    const url = open.smtpUrl.replace('//', '//user:canary@');
    expect(await faultOf(sendTo(url))).toMatchObject({ code: 'provider_locked' });
    expect(open.mails()).toEqual([]);
  });
});

describe('a mail server that is not on this machine', () => {
  /** Names lead here, whatever this machine's own network is like. */
  function named(server: MailEmulator, name: string): string {
    const answering =
      (found: readonly unknown[]) =>
      (...given: readonly unknown[]) => {
        const done = given.at(-1);
        if (typeof done === 'function') done(null, found);
      };
    const { prototype } = dns.Resolver;
    vi.spyOn(prototype, 'resolve4').mockImplementation(answering(['127.0.0.1']));
    vi.spyOn(prototype, 'resolve6').mockImplementation(answering([]));
    const lookup = answering([{ address: '127.0.0.1', family: 4 }]);
    vi.spyOn(dns, 'lookup').mockImplementation(Object.assign(lookup, dns.lookup));
    return server.smtpUrl.replace('127.0.0.1', name);
  }

  test('is told nothing without TLS', async () => {
    const { code, cause } = await faultOf(sendTo(named(open, 'mail.example')));
    expect([code, cause]).toEqual(['provider_locked', expect.stringContaining('STARTTLS')]);
    expect(open.mails()).toEqual([]);
  });

  test('is told nothing with a certificate that does not hold', async () => {
    const { code, cause } = await faultOf(sendTo(named(encrypted, 'tls.mail.example')));
    expect([code, cause]).toEqual(['provider_locked', expect.stringMatching(/certificate/iu)]);
    expect(encrypted.mails()).toEqual([]);
  });
});

describe('looking at a mail server', () => {
  const verify = (url: string) => verifySmtp({ url, from, limitMs: 300 });

  test('finds nothing wrong, and sends nothing', async () => {
    for (const { smtpUrl } of [open, locked, encrypted]) expect(await verify(smtpUrl)).toBeNull();
    expect([...open.mails(), ...locked.mails(), ...encrypted.mails()]).toEqual([]);
  });

  test.each(['code_421', 'silent'] as const)('with %s says so', async (how) => {
    open.misbehave({ how, times: 1 });
    const kind = how === 'silent' ? 'silent' : 'busy';
    expect(await verify(open.smtpUrl)).toMatchObject({ kind });
  });

  test('finds a wrong password', async () => {
    const url = locked.smtpUrl.replace(/:[^:]*@/u, ':wrong@');
    expect(await verify(url)).toMatchObject({ kind: 'refused', status: 535 });
  });
});
