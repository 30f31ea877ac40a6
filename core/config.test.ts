import { describe, expect, it } from 'vitest';

import { ConfigError, parseConfig, settingsSchema } from './config.ts';

const secret = 'a secret of at least 32 characters';

/** The problems of settings that cannot be used. */
function problemsOf(environment: Record<string, string | undefined>): string[] {
  try {
    parseConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n').slice(1);
    throw error;
  }
  return [];
}

const namesOf = (problems: readonly string[]): string[] =>
  problems.map((problem) => problem.trim().split(':')[0] ?? '');

describe('the settings', () => {
  it('have a default or may be absent, outside production', () => {
    expect(parseConfig({})).toEqual({
      NODE_ENV: 'development',
      JILO_DATA_DIR: '.jilo',
      PORT: 8787,
      JILO_ACCOUNT: 'owner',
      LOG_LEVEL: 'info',
      DISCORD_API_URL: 'https://discord.com/api',
      AGENT_MAX_STEPS: 12,
      AGENT_DAILY_TOKENS: 1_500_000,
      FAL_CONCURRENCY: 2,
      RUNWAY_CONCURRENCY: 2,
      FAL_QUEUE_URL: 'https://queue.fal.run',
      FAL_REST_URL: 'https://rest.fal.ai',
      RUNWAY_API_URL: 'https://api.dev.runwayml.com',
      APIFY_API_URL: 'https://api.apify.com',
      TREND_DAILY_SEARCHES: 30,
      TREND_FRESH_MINUTES: 360,
      TREND_SAMPLING_DAILY_USD: 0.25,
      GEMINI_API_URL: 'https://generativelanguage.googleapis.com',
      GEMINI_MODEL: 'gemini-3.8-flash',
      YOUTUBE_API_URL: 'https://youtube.googleapis.com',
      YOUTUBE_DAILY_UPLOADS: 100,
      YOUTUBE_DAILY_UNITS: 10_000,
      STRIPE_API_URL: 'https://api.stripe.com',
      FREE_MIN_ACCOUNT_DAYS: 7,
      RATE_ACCOUNT_PER_MINUTE: 120,
      RATE_SERVER_PER_MINUTE: 600,
      RATE_ADDRESS_PER_MINUTE: 240,
      TRUSTED_PROXIES: 0,
      S3_REGION: 'us-east-1',
    });
  });

  it.each([
    ['a token of 15 characters', 'a'.repeat(15), ['METRICS_TOKEN']],
    ['a token of 16', 'a'.repeat(16), []],
    ['one with all that a bearer may have', 'aZ09-._~+/aaaaaaaa==', []],
    ['one with a space', 'a'.repeat(16).replace('aaa', 'a a'), ['METRICS_TOKEN']],
  ])('take a token for the metrics that a header can carry: %s', (_, METRICS_TOKEN, problems) => {
    expect(namesOf(problemsOf({ METRICS_TOKEN }))).toEqual(problems);
  });

  it('treat an empty value as absent, for every setting', () => {
    const empty = Object.fromEntries(Object.keys(settingsSchema.shape).map((name) => [name, '']));
    expect(parseConfig(empty)).toEqual(parseConfig({}));
    expect(parseConfig({ PORT: undefined })).toEqual(parseConfig({}));
  });

  it('are described, each of them', () => {
    const { shape } = settingsSchema;
    const silent = Object.entries(shape).filter(([, setting]) => !setting.description);
    expect(silent.map(([name]) => name)).toEqual([]);
  });

  it('cannot be changed afterwards, and hold nothing else', () => {
    const config = parseConfig({ HOME: '/root', PORT: '0' });
    expect(Object.isFrozen(config)).toBe(true);
    expect(config).not.toHaveProperty('HOME');
    expect(config.PORT).toBe(0);
  });

  it('are refused all at once, by name', () => {
    const problems = problemsOf({
      NODE_ENV: 'production',
      PORT: '65536',
      DATABASE_URL: 'mysql://root@db.test/jilo',
      LOG_LEVEL: 'loud',
      JILO_ACCOUNT: '../etc',
      STORAGE_URL: '/somewhere',
    });
    expect(namesOf(problems).toSorted()).toEqual([
      'DATABASE_URL',
      'JILO_ACCOUNT',
      'JILO_SECRET',
      'LOG_LEVEL',
      'PORT',
      'PUBLIC_URL',
      'STORAGE_URL',
    ]);
  });

  it('do not repeat a secret when they refuse it', () => {
    const [problem = ''] = problemsOf({ JILO_SECRET: 'too short a secret' });
    expect(problem).toMatch(/^ {2}JILO_SECRET: /);
    expect(problem).not.toContain('too short a secret');
    const [older = ''] = problemsOf({ JILO_SECRET_PREVIOUS: 'too short a secret' });
    expect(older).not.toContain('too short a secret');
    const password = problemsOf({ DATABASE_URL: 'mysql://root:hunter2@db.test/jilo' });
    expect(password.join('\n')).toMatch(/DATABASE_URL/);
    expect(password.join('\n')).not.toContain('hunter2');
  });

  it.each([
    ['PORT', '-1'],
    ['PORT', '80.5'],
    ['PORT', 'http'],
    ['PUBLIC_URL', 'jilo.example'],
    ['PUBLIC_URL', 'localhost:8787'],
    ['PUBLIC_URL', 'javascript:alert(1)'],
    ['FAL_QUEUE_URL', 'file:///etc/passwd'],
    ['GOOGLE_OAUTH_URL', 'ftp://accounts.test'],
    ['DATABASE_URL', 'db.test:5432'],
    ['NODE_ENV', 'prod'],
    ['JILO_LOCALE', 'de'],
    ['JILO_ACCOUNT', 'Owner'],
    ['JILO_ACCOUNT', 'a'.repeat(41)],
    ['JILO_SECRET', 'x'.repeat(31)],
    ['JILO_SECRET_PREVIOUS', 'x'.repeat(31)],
    ['JILO_SECRET_PREVIOUS', `${'x'.repeat(32)},${'y'.repeat(31)}`],
    ['JILO_SECRET_PREVIOUS', `${'x'.repeat(32)},`],
    ['S3_ENDPOINT', 'minio:9000'],
    ['S3_FORCE_PATH_STYLE', 'maybe'],
    ['VIDEO_RETENTION_DAYS', '0'],
    ['VIDEO_RETENTION_DAYS', '3651'],
    ['VIDEO_RETENTION_DAYS', '1.5'],
  ])('refuse %s=%s', (name, value) => {
    expect(namesOf(problemsOf({ [name]: value }))).toEqual([name]);
  });

  it.each([
    ['DATABASE_URL', 'postgres://jilo:pw@db.test:5432/jilo'],
    ['DATABASE_URL', 'postgresql://db.test/jilo?sslmode=require'],
    ['PUBLIC_URL', 'https://jilo.example/app'],
    ['PUBLIC_URL', 'http://127.0.0.1:8787'],
    ['STORAGE_URL', 'file:/srv/jilo'],
    ['JILO_ACCOUNT', 'a.b-c_1'],
    ['JILO_SECRET', 'x'.repeat(32)],
    ['JILO_SECRET_PREVIOUS', 'x'.repeat(32)],
    ['JILO_SECRET_PREVIOUS', `${'x'.repeat(32)}, ${'y'.repeat(32)}`],
    ['S3_ENDPOINT', 'http://127.0.0.1:9000'],
  ])('take %s=%s', (name, value) => {
    expect(parseConfig({ [name]: value })).toMatchObject({ [name]: value });
  });

  const keys = { S3_ACCESS_KEY_ID: 'id', S3_SECRET_ACCESS_KEY: 'secret' };

  it.each([
    's3://abc',
    `s3://${'a'.repeat(63)}`,
    's3://my.bucket-1/jilo/live/',
    's3://bucket/with.dot',
  ])('take %s with its keys', (url) => {
    expect(parseConfig({ STORAGE_URL: url, ...keys }).STORAGE_URL).toBe(url);
    expect(namesOf(problemsOf({ STORAGE_URL: url }))).toEqual(Object.keys(keys));
  });

  it.each([
    's3://ab',
    `s3://${'a'.repeat(64)}`,
    's3:bucket',
    's3://Bucket',
    's3://bucket-',
    's3://bucket//x',
    's3://bucket/../other',
    's3://id:secret@bucket',
    'https://bucket.test',
  ])('refuse %s', (url) => {
    expect(namesOf(problemsOf({ STORAGE_URL: url, ...keys }))).toEqual(['STORAGE_URL']);
  });

  it.each([
    ['1', 1],
    ['3650', 3650],
  ])('keep videos for %s days', (text, days) => {
    expect(parseConfig({ VIDEO_RETENTION_DAYS: text }).VIDEO_RETENTION_DAYS).toBe(days);
  });

  it('need both prices with a limit in dollars', () => {
    expect(namesOf(problemsOf({ AGENT_DAILY_USD: '1' }))).toEqual([
      'GEMINI_INPUT_USD',
      'GEMINI_OUTPUT_USD',
    ]);
    const prices = { GEMINI_INPUT_USD: '0.5', GEMINI_OUTPUT_USD: '3' };
    expect(problemsOf({ AGENT_DAILY_USD: '1', ...prices })).toEqual([]);
    expect(problemsOf(prices)).toEqual([]);
  });

  it('need a secret and an address in production, and no key of any service', () => {
    const production = { NODE_ENV: 'production' };
    expect(namesOf(problemsOf(production))).toEqual(['JILO_SECRET', 'PUBLIC_URL']);
    expect(namesOf(problemsOf({ ...production, JILO_SECRET: secret, PUBLIC_URL: '' }))).toEqual([
      'PUBLIC_URL',
    ]);
    const complete = { ...production, JILO_SECRET: secret, PUBLIC_URL: 'https://jilo.example' };
    expect(problemsOf(complete)).toEqual([]);
    expect(problemsOf({ NODE_ENV: 'test' })).toEqual([]);
  });

  it.each([
    ['http://jilo.example', true],
    ['http://127.0.0.1.nip.example', true],
    ['http://127.0.0.1:8787', false],
    ['http://localhost:8787', false],
    ['https://jilo.example', false],
  ])('let nobody sign in over %s in production: %s', (PUBLIC_URL, isRefused) => {
    const production = { NODE_ENV: 'production', JILO_SECRET: secret };
    const problems = namesOf(problemsOf({ ...production, PUBLIC_URL }));
    expect(problems).toEqual(isRefused ? ['PUBLIC_URL'] : []);
    expect(problemsOf({ NODE_ENV: 'development', PUBLIC_URL })).toEqual([]);
  });
});
