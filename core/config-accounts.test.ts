import { describe, expect, test } from 'vitest';

import { readSender, readSmtpUrl, smtpSecrets } from './config-accounts.ts';
import { parseConfig } from './config.ts';

describe('SMTP_URL', () => {
  test.each([
    ['smtp://mail.example.com', { host: 'mail.example.com', port: 587, isSecure: false }],
    ['smtps://mail.example.com', { port: 465, isSecure: true, login: null }],
    ['smtp://mail.example.com:2525/', { port: 2525 }],
    [
      'smtps://a%40b.example:p%3A%2F%20w@mail.example.com',
      { login: { user: 'a@b.example', password: 'p:/ w' } },
    ],
    ['smtp://localhost:1025', { isLoopback: true }],
    ['smtp://127.8.0.1:1025', { isLoopback: true }],
    ['smtp://[::1]:1025', { host: '::1', isLoopback: true }],
    ['smtp://[::ffff:127.0.0.1]', { isLoopback: false }],
    ['smtp://0.0.0.0', { isLoopback: false }],
    ['smtp://localhost.example.com', { isLoopback: false }],
    ['smtp://127.0.0.1.example.com', { isLoopback: false }],
  ])('%s is read', (url, wanted) => {
    expect(readSmtpUrl(url)).toMatchObject(wanted);
    expect(parseConfig({ SMTP_URL: url }).SMTP_URL).toBe(url);
  });

  test.each([
    'mail.example.com:587',
    'http://mail.example.com',
    'smtp://',
    'smtp://user@mail.example.com',
    'smtp://:password@mail.example.com',
    'smtp://user:p%0D%0Aw@mail.example.com',
    'smtp://user:p%00w@mail.example.com',
    'smtp://user:%E0%A4@mail.example.com',
    'smtp://mail.example.com/?pool=true',
    'smtp://mail.example.com/path',
    'smtp://mail.example.com#part',
    'smtp://mail.example.com:70000',
  ])('%s is refused', (url) => {
    expect(readSmtpUrl(url)).toBeNull();
    expect(() => parseConfig({ SMTP_URL: url })).toThrow(/SMTP_URL: must be smtp:/u);
  });

  test('is a secret as a whole, and its password however it is written', () => {
    const url = 'smtp://user:p%2Fw@mail.example.com';
    expect(smtpSecrets(url)).toEqual([url, 'p%2Fw', 'p/w']);
    expect(smtpSecrets('smtp://mail.example.com')).toEqual(['smtp://mail.example.com']);
    expect(smtpSecrets(undefined)).toEqual([]);
  });
});

describe('MAIL_FROM', () => {
  test.each([
    ['no-reply@example.com', { name: '', address: 'no-reply@example.com' }],
    ['Jilo <no-reply@example.com>', { name: 'Jilo', address: 'no-reply@example.com' }],
    ['吉洛 Jilo<a@b.example>', { name: '吉洛 Jilo', address: 'a@b.example' }],
  ])('%s is read', (text, wanted) => {
    expect(readSender(text)).toEqual(wanted);
    expect(parseConfig({ MAIL_FROM: text }).MAIL_FROM).toBe(text);
  });

  test.each([
    'Jilo',
    'Jilo <nobody>',
    'a@b.example, c@d.example',
    'Jilo <a@b.example>, c@d.example',
    'Jilo\r\nBcc: c@d.example <a@b.example>',
    '<a@b.example> <c@d.example>',
  ])('%j is refused', (text) => {
    expect(readSender(text)).toBeNull();
    expect(() => parseConfig({ MAIL_FROM: text })).toThrow(/MAIL_FROM: must be an address/u);
  });
});
