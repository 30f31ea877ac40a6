import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { systemClock } from '../../core/clock.ts';
import { parseConfig } from '../../core/config.ts';
import { systemIds } from '../../core/ids.ts';
import { wallClock } from '../../sandbox/clock.ts';
import { startMail, type MailEmulator } from '../../sandbox/mail/mail.ts';
import { createCaller } from './call.ts';
import { mailCheck } from './mail.ts';
import { withoutSecrets } from './report.ts';
import { doctorWords } from './words/words.ts';

const login = { user: 'jilo@example.com', password: 'canary/of a password' };

let open: MailEmulator;
let locked: MailEmulator;
beforeAll(async () => {
  [open, locked] = await Promise.all([
    startMail({ clock: wallClock }),
    startMail({ clock: wallClock, login }),
  ]);
});
afterEach(() => open.behave());
afterAll(() => Promise.all([open.close(), locked.close()]));

const production = {
  NODE_ENV: 'production',
  JILO_SECRET: 'a secret of at least 32 characters',
  PUBLIC_URL: 'https://jilo.example',
};

function look(settings: Readonly<Record<string, string>>, locale: 'en' | 'zh' = 'en') {
  const config = parseConfig(settings);
  const tools = {
    config,
    clock: systemClock,
    ids: systemIds,
    locale,
    words: doctorWords(locale),
    caller: createCaller(systemClock),
    runtime: null,
    database: () => Promise.reject(new Error('not asked')),
    history: async () => null,
    ports: async () => null,
    freeBytes: async () => 0,
  };
  return mailCheck.run(tools, new AbortController().signal);
}

const from = { MAIL_FROM: 'Jilo <no-reply@example.com>' };

describe('without a mail server', () => {
  test.each(['en', 'zh'] as const)('production is told in %s what is off', async (locale) => {
    const found = await look(production, locale);
    expect(found).toMatchObject({
      state: 'missing',
      switchesOff: doctorWords(locale).services.mail.off,
    });
    expect(found.what).toContain('SMTP_URL');
    expect(found.howToGetIt).toContain('MAIL_FROM');
  });

  test('an emulator stands in elsewhere', async () => {
    expect(await look({})).toMatchObject({ state: 'sandbox', switchesOff: null });
  });

  test('and with one half set it fails', async () => {
    expect(await look({ SMTP_URL: open.smtpUrl })).toMatchObject({
      state: 'failed',
      what: 'Half set: MAIL_FROM is missing, so the rest is not used.',
    });
  });
});

describe('a mail server', () => {
  test('that lets us in is well, and is sent no mail', async () => {
    for (const { smtpUrl } of [open, locked])
      expect(await look({ SMTP_URL: smtpUrl, ...from })).toMatchObject({ state: 'ok' });
    expect([...open.mails(), ...locked.mails()]).toEqual([]);
    expect(open.connections()).toBe(1);
  });

  test('that does not take the password fails, and the password is not printed', async () => {
    const url = locked.smtpUrl.replace(/:[^:]*@/u, ':canary-wrong@');
    const found = await look({ SMTP_URL: url, ...from });
    expect(found).toMatchObject({ state: 'failed' });
    expect(found.what).toMatch(/does not accept SMTP_URL, MAIL_FROM \(535\)/u);
    expect(JSON.stringify(found)).not.toContain('canary');
  });

  test('that is not there fails', async () => {
    const gone = await startMail({ clock: wallClock });
    await gone.close();
    const found = await look({ SMTP_URL: gone.smtpUrl, ...from });
    expect(found.what).toMatch(/was not reached \(ECONNREFUSED\)/u);
  });

  test('that has an error of its own fails', async () => {
    open.misbehave({ how: 'code_421', times: 1 });
    const found = await look({ SMTP_URL: open.smtpUrl, ...from });
    expect(found).toMatchObject({ state: 'failed', what: expect.stringContaining('(421)') });
  });

  test.each(['en', 'zh'] as const)('without TLS is named in %s', async (locale) => {
    const url = open.smtpUrl.replace('smtp:', 'smtps:');
    const found = await look({ SMTP_URL: url, ...from }, locale);
    expect(found).toMatchObject({
      state: 'failed',
      howToGetIt: doctorWords(locale).mailEncrypt(),
    });
    expect(found.what).toContain('TLS');
  });
});

test('no report prints the password, however it is written', () => {
  const config = parseConfig({ SMTP_URL: locked.smtpUrl, ...from });
  const { password } = login;
  const what = `${password} and ${encodeURIComponent(password)} of ${locked.smtpUrl}`;
  const said = {
    name: 'mail',
    state: 'failed',
    what,
    switchesOff: what,
    howToGetIt: null,
  } as const;
  expect(JSON.stringify(withoutSecrets([said], config))).not.toMatch(/canary/u);
});
