import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import { createLog, redact } from './log.ts';

const falKey = 'fal-id:0123456789abcdef';
const odd = 'pass"word\\with/odd&signs';
const short = 'apify_api_abcdef';
const long = `${short}ghijkl`;

const lineSchema = z.looseObject({ level: z.int(), msg: z.string().optional() });

/** What is written for one call of the log. */
function written(speak: (log: ReturnType<typeof createLog>) => void): string {
  const lines: string[] = [];
  const secrets = [falKey, odd, short, long, ''];
  speak(createLog({ level: 'debug', secrets, write: (line) => void lines.push(line) }));
  expect(lines).toHaveLength(1);
  const [line = ''] = lines;
  expect(line.endsWith('\n')).toBe(true);
  lineSchema.parse(JSON.parse(line)); // Taking a secret out leaves a line that can be read.
  return line;
}

describe('a log line', () => {
  it.each([falKey, odd, short, long])('never holds the known secret %j', (secret) => {
    const error = new Error(`refused for ${secret}`, { cause: new Error(`because of ${secret}`) });
    const nested = { a: { b: { c: { d: [{ e: secret }] } } } };
    const line = written((log) =>
      log.error(
        { err: error, nested, url: `https://x.test/?q=${encodeURIComponent(secret)}` },
        `sent ${secret}`,
      ),
    );
    for (const form of [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)])
      expect(line).not.toContain(form);
    expect(line).toContain('sent [redacted]');
    expect(line).toContain('refused for [redacted]');
    expect(line).toContain('because of [redacted]');
  });

  it('leaves no tail of a secret that begins with another', () => {
    expect(written((log) => log.info(`keys ${long} and ${short}`))).toContain(
      'keys [redacted] and [redacted]',
    );
  });

  it.each([
    'authorization',
    'Authorization',
    'cookie',
    'password',
    'accessToken',
    'access_token',
    'refreshToken',
    'refresh_token',
    'client_secret',
    'sessionUri',
    'secret',
    'apiKey',
    'x-goog-api-key',
  ])('hides the field %s at every depth', (name) => {
    const value = 'open "sesame" \\ now';
    const inner = JSON.stringify(value).slice(1, -1);
    for (const depth of [0, 1, 2, 3, 4, 6]) {
      let held: object = { [name]: value, harmless: 'stays' };
      for (let level = 0; level < depth; level += 1) held = { inner: held };
      const line = written((log) => log.warn(held, 'told'));
      expect(line, `${depth} deep`).not.toContain(inner);
      expect(line).toContain('"harmless":"stays"');
    }
    const error = Object.assign(new Error('no'), { config: { headers: { [name]: value } } });
    expect(written((log) => log.warn({ err: error }))).not.toContain(inner);
  });

  it('hides the fields of a document that is quoted in a message', () => {
    const body = JSON.stringify({ access_token: 'abcdefgh', refresh_token: '1//x', scope: 'all' });
    const line = written((log) => log.error(`Google said ${body}`));
    expect(line).not.toMatch(/abcdefgh|1\/\/x/);
    expect(line).toContain(String.raw`\"scope\":\"all\"`);
  });

  it('hides the first cookie of a list', () => {
    const line = written((log) =>
      log.info({ response: { headers: { 'set-cookie': ['sid=abc'] } } }),
    );
    expect(line).not.toContain('sid=abc');
  });

  it('stays silent below its level', () => {
    const lines: string[] = [];
    const log = createLog({ level: 'warn', secrets: [], write: (line) => void lines.push(line) });
    log.info('not this');
    log.warn('this');
    expect(lines.map((line) => lineSchema.parse(JSON.parse(line)).msg)).toEqual(['this']);
  });
});

describe('redaction by shape', () => {
  it.each([
    ['https://x.test/m/1?exp=99&sig=abcdef123', 'https://x.test/m/1?exp=99&sig=[redacted]'],
    ['/callback?code=4/0Abcdefg&state=s', '/callback?code=[redacted]&state=s'],
    ['https://x.test/?token=abcdefgh#part', 'https://x.test/?token=[redacted]'],
    ['https://s3.test/a?X-Amz-Signature=abcdef01', 'https://s3.test/a?X-Amz-Signature=[redacted]'],
    ['https://g.test/v1?key=AIzaSyabcdef', 'https://g.test/v1?key=[redacted]'],
    ['refresh_token=1//0gabcdef&grant=x', 'refresh_token=[redacted]&grant=x'],
    ['upload?upload_id=ABPtcPqrstu', 'upload?upload_id=[redacted]'],
    ['Authorization: Bearer abc.def-ghi_jkl==', 'Authorization: Bearer [redacted]'],
    ['authorization: bearer abc.def-ghi', 'authorization: bearer [redacted]'],
    ['Authorization: Key id-123:secret-456', 'Authorization: Key [redacted]'],
    ['Authorization: Basic dXNlcjpwYXNzd29yZA==', 'Authorization: Basic [redacted]'],
    ['got ya29.a0Ab_cd-ef from Google', 'got [redacted] from Google'],
    [`Basic of jilo_${'aB3_-'.repeat(10)}!`, 'Basic of [redacted]!'],
    ['postgres://jilo:s3cret@db.test:5432/jilo', 'postgres://jilo:[redacted]@db.test:5432/jilo'],
    ['postgres://jilo:p@ss:w@rd@db.test/jilo', 'postgres://jilo:[redacted]@db.test/jilo'],
    ['redis://:s3cret@cache.test', 'redis://:[redacted]@cache.test'],
  ])('turns %j into %j', (text, expected) => {
    expect(redact(text, [])).toBe(expected);
  });

  it.each([
    'http://127.0.0.1:8787/health?page=2',
    'statusCode=200 for vid_0123456789abcdef in 15 s',
    'jilo_template is copied into jilo_test_0123456789ab',
    'mail to someone@example.test about http://x.test:80/a',
    'Key is missing; the Bearer is not',
    '{"level":30,"time":"2026-11-22T08:00:00.000Z","msg":"ready"}',
  ])('leaves %j alone', (text) => {
    expect(redact(text, [])).toBe(text);
  });

  it('is quick on a long line', () => {
    const line = `${'://a:'.repeat(20_000)} ${'"token":"'.repeat(20_000)} ${'Key '.repeat(20_000)}`;
    const began = performance.now();
    redact(line, []);
    expect(performance.now() - began).toBeLessThan(2000);
  });
});
