import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';

import { systemClock, type Clock } from '../../core/clock.ts';
import { loadSurroundings, parseConfig } from '../../core/config.ts';
import { systemIds } from '../../core/ids.ts';
import { stripeEvents, stripeVersion } from '../../core/stripe-messages.ts';
import { createManualClock } from '../../sandbox/clock.ts';
import { startDiscord } from '../../sandbox/discord/discord.ts';
import { startFal } from '../../sandbox/fal/fal.ts';
import { startGoogle } from '../../sandbox/google/google.ts';
import { serveRoutes, type Emulator, type EmulatorRequest } from '../../sandbox/http.ts';
import { startRunway } from '../../sandbox/runway/runway.ts';
import { priceIds } from '../../sandbox/stripe/catalogue.ts';
import { startStripe } from '../../sandbox/stripe/stripe.ts';
import { openDatabase } from '../../drizzle/client.ts';
import { copyDatabase } from '../../test/kit/database.ts';
import { runScript } from '../../test/kit/process.ts';
import { isolated } from '../isolated.ts';
import { createCaller } from './call.ts';
import type { CheckName, Tools } from './check.ts';
import { examine, limitMs } from './examine.ts';
import { hasFailed, reportJson, reportText, withoutSecrets } from './report.ts';
import type { DatabaseState, History } from './state.ts';
import { openSurroundings } from './surroundings.ts';
import { doctorWords } from './words/words.ts';

const keys = {
  FAL_KEY: 'canary-fal:canary-fal-secret',
  RUNWAYML_API_SECRET: 'canary-runway',
  APIFY_TOKEN: 'canary-apify',
  GOOGLE_GENERATIVE_AI_API_KEY: 'canary-gemini',
  GOOGLE_CLIENT_ID: 'test.apps.googleusercontent.com',
  GOOGLE_CLIENT_SECRET: 'canary-google',
  DISCORD_TOKEN: 'canary-discord',
  STRIPE_SECRET_KEY: 'sk_test_canary',
  STRIPE_WEBHOOK_SECRET: 'whsec_canary',
  JILO_SECRET: 'canary-of-the-secret-of-this-installation',
};
const { JILO_SECRET, ...serviceKeys } = keys;

const folder = mkdtempSync(join(tmpdir(), 'jilo-doctor-'));
const open: { close(): unknown }[] = [];

async function start() {
  const clock = createManualClock(new Date());
  const [fal, runway, google, discord, stripe] = await Promise.all([
    startFal({ clock, key: keys.FAL_KEY, generationMs: 0 }),
    startRunway({ clock, secret: keys.RUNWAYML_API_SECRET, generationMs: 0 }),
    startGoogle({
      clock,
      clientId: keys.GOOGLE_CLIENT_ID,
      clientSecret: keys.GOOGLE_CLIENT_SECRET,
      uploadFolder: join(folder, 'youtube'),
      processingMs: 0,
    }),
    startDiscord({ clock, token: keys.DISCORD_TOKEN }),
    startStripe({
      clock,
      secretKey: keys.STRIPE_SECRET_KEY,
      webhookSecret: keys.STRIPE_WEBHOOK_SECRET,
    }),
  ]);
  discord.guild('Jilo');
  return { clock, fal, runway, google, discord, stripe };
}

/** What Apify and Gemini answer to the two questions that only the doctor asks. */
const questions = () =>
  serveRoutes(
    [
      {
        method: 'GET',
        path: /\/v2\/users\/me/,
        handle: ({ header }: EmulatorRequest) =>
          header('authorization') === `Bearer ${keys.APIFY_TOKEN}`
            ? { status: 200, body: { data: { username: 'me\u001B[2J', plan: { id: 'FREE' } } } }
            : { status: 401, body: { error: { type: 'user-or-token-not-found', message: '' } } },
      },
      {
        method: 'GET',
        path: /\/v1beta\/models\/(?<model>[\w.-]+)/,
        handle({ header, params }: EmulatorRequest) {
          const details = [{ reason: 'API_KEY_INVALID' }];
          if (header('x-goog-api-key') !== keys.GOOGLE_GENERATIVE_AI_API_KEY)
            return { status: 400, body: { error: { code: 400, details } } };
          return params['model'] === 'gemini-3.8-flash'
            ? { status: 200, body: { name: 'models/gemini-3.8-flash' } }
            : { status: 404, body: { error: { code: 404 } } };
        },
      },
    ],
    { status: 404 },
  );

let far: Awaited<ReturnType<typeof start>>;
let asked: Emulator;
beforeAll(async () => {
  [far, asked] = await Promise.all([start(), questions()]);
  const { fal, runway, google, discord, stripe } = far;
  open.push(fal, runway, google, discord, stripe, asked);
});
afterEach(() => {
  far.stripe.behave();
  far.stripe.state.endpoints.clear();
});
afterAll(async () => {
  await Promise.all(open.map((one) => one.close()));
  rmSync(folder, { recursive: true, force: true });
});

type Wish = {
  readonly settings?: Readonly<Record<string, string>>;
  readonly clock?: Clock;
  readonly timers?: Parameters<typeof examine>[1];
  readonly database?: Partial<DatabaseState>;
  readonly history?: History;
  readonly freeBytes?: number;
  readonly instance?: string;
  readonly locale?: Tools['locale'];
};

const healthy: DatabaseState = {
  version: '17.2',
  major: 17,
  applied: 11,
  wanted: 11,
  inCommon: 11,
  schema: 'current',
  skewSeconds: 0,
};

const addresses = () => ({
  FAL_QUEUE_URL: far.fal.queueUrl,
  FAL_REST_URL: far.fal.restUrl,
  RUNWAY_API_URL: far.runway.url,
  APIFY_API_URL: asked.url,
  GEMINI_API_URL: asked.url,
  GOOGLE_OAUTH_URL: far.google.url,
  YOUTUBE_API_URL: far.google.url,
  DISCORD_API_URL: far.discord.apiUrl,
  STRIPE_API_URL: far.stripe.url,
});

function toolsOf(wish: Wish): Tools {
  const { clock = systemClock, locale = 'en', settings = {} } = wish;
  return {
    config: parseConfig({
      NODE_ENV: 'test',
      JILO_DATA_DIR: folder,
      ...addresses(),
      ...priceIds,
      ...settings,
    }),
    clock,
    ids: systemIds,
    locale,
    words: doctorWords(locale),
    caller: createCaller(clock),
    runtime:
      wish.instance === undefined
        ? null
        : { instance: wish.instance, localUrl: asked.url, publicUrl: asked.url, sandbox: {} },
    database: async () => ({ ...healthy, ...wish.database }),
    history: async () => wish.history ?? { lockedPrivate: false, thumbnailRefused: null },
    ports: async () => null,
    freeBytes: async () => wish.freeBytes ?? 9e9,
  };
}

const timersThatStand = { schedule: () => () => undefined };

async function look(wish: Wish = {}) {
  const results = await examine(toolsOf(wish), wish.timers ?? timersThatStand);
  return (name: CheckName) => {
    const found = results.find((result) => result.name === name);
    if (!found) throw new Error(`no check ${name}`);
    return found;
  };
}

const services = [
  'discord',
  'fal',
  'runway',
  'apify',
  'gemini',
  'youtube',
  'stripe',
] as const satisfies readonly CheckName[];
const stateOf = async (name: CheckName, wish: Wish) => (await look(wish))(name).state;

describe('keys', () => {
  test('that are valid are accepted by each service', async () => {
    const find = await look({ settings: { ...keys } });
    expect(services.map((name) => [name, find(name).state])).toEqual([
      ['discord', 'ok'],
      ['fal', 'ok'],
      ['runway', 'ok'],
      ['apify', 'ok'],
      ['gemini', 'ok'],
      ['youtube', 'ok'],
      // No PUBLIC_URL, so nobody could tell us.
      ['stripe', 'warning'],
    ]);
    expect(find('apify').what).toBe('The token is accepted: account me[2J, plan FREE.');
    expect(find('web').state).toBe('missing');
  });

  test('that are refused fail, each by itself, and no other check', async () => {
    for (const [name, setting] of [
      ['fal', 'FAL_KEY'],
      ['runway', 'RUNWAYML_API_SECRET'],
      ['apify', 'APIFY_TOKEN'],
      ['gemini', 'GOOGLE_GENERATIVE_AI_API_KEY'],
      ['youtube', 'GOOGLE_CLIENT_SECRET'],
      ['discord', 'DISCORD_TOKEN'],
      ['stripe', 'STRIPE_SECRET_KEY'],
    ] as const) {
      const find = await look({ settings: { ...keys, [setting]: 'sk_test_wrong' } });
      expect([name, find(name).state]).toEqual([name, 'failed']);
      expect(find(name).what).toMatch(/does not accept .*\((?:401|400)\)/);
      expect(find(name).switchesOff).toBe(doctorWords('en').services[name].off);
      const others = services.filter((other) => other !== name);
      expect(others.map((other) => find(other).state)).not.toContain('failed');
    }
  });

  test('that are absent are emulated, and in production missing', async () => {
    const here = await look();
    expect(services.map((name) => here(name).state)).toEqual(services.map(() => 'sandbox'));
    expect(here('fal').howToGetIt).toContain('FAL_KEY');
    const settings = { NODE_ENV: 'production', JILO_SECRET, PUBLIC_URL: 'https://jilo.invalid' };
    const there = await look({ settings });
    expect(services.map((name) => there(name).state)).toEqual(services.map(() => 'missing'));
  });

  test('of which one half is set fail', async () => {
    const { STRIPE_WEBHOOK_SECRET: _, ...half } = keys;
    const find = await look({ settings: half });
    expect(find('stripe')).toMatchObject({
      state: 'failed',
      what: 'Half set: STRIPE_WEBHOOK_SECRET is missing, so the rest is not used.',
    });
  });

  test('with signs that no header takes fail without being sent', async () => {
    const find = await look({ settings: { FAL_KEY: 'canary:键' } });
    expect(find('fal').what).toBe('FAL_KEY holds characters that no key has.');
  });

  test('are printed by no report, even where a far end repeats them', async () => {
    const settings = { ...keys, FAL_KEY: 'canary-wrong:canary-wrong' };
    const tools = toolsOf({ settings });
    const echo = { ...tools.words, keyAccepted: () => keys.DISCORD_TOKEN };
    const results = [
      ...(await examine(tools, timersThatStand)),
      ...(await examine(
        { ...tools, words: echo, config: toolsOf({ settings: keys }).config },
        timersThatStand,
      )),
    ];
    expect(JSON.stringify(results)).toContain('canary');
    const clean = withoutSecrets(results, tools.config);
    expect(reportJson(clean)).not.toContain('canary');
    expect(reportText(clean, tools.words)).not.toContain('canary');
  });
});

describe('a far end', () => {
  test('that is not there fails with the code of the connection', async () => {
    const gone = await serveRoutes([], { status: 404 });
    await gone.close();
    const find = await look({ settings: { ...keys, RUNWAY_API_URL: gone.url } });
    expect(find('runway').state).toBe('failed');
    expect(find('runway').what).toContain('was not reached (ECONNREFUSED)');
  });

  test('that cuts the line, breaks, is busy or talks nonsense is told apart', async () => {
    const settings = { ...keys };
    const spoil = async (how: 'reset_before' | 'error' | 'http_429' | 'redirect_out') => {
      far.stripe.misbehave({ on: 'api', how, times: 1 });
      const { state, what } = (await look({ settings }))('stripe');
      return [state, what.replaceAll(/127\.0\.0\.1:\d+/g, 'stripe')];
    };
    expect(await spoil('reset_before')).toEqual([
      'failed',
      expect.stringMatching(/^stripe was not reached \(\w+\)\.$/),
    ]);
    expect(await spoil('error')).toEqual([
      'failed',
      'stripe answers with an error of its own (500).',
    ]);
    expect(await spoil('http_429')).toEqual([
      'warning',
      'stripe is busy and did not look at the key (429).',
    ]);
    expect(await spoil('redirect_out')).toEqual([
      'failed',
      'stripe gives an answer that was not expected (302).',
    ]);
  });

  test('that is silent is given up on when the time is over, and holds no other check up', async () => {
    let isLeft = false;
    // It begins to answer, and then says nothing more.
    async function* nothing(left: AbortSignal): AsyncGenerator<string> {
      yield '{';
      await new Promise((resolve) => {
        left.addEventListener('abort', resolve);
      });
      isLeft = true;
    }
    const silent = await serveRoutes(
      [{ method: 'GET', path: /.*/, handle: () => ({ status: 200, stream: nothing }) }],
      { status: 404 },
    );
    const hand = createManualClock(new Date());
    let ended = 0;
    const timers = {
      schedule(delayMs: number, task: () => void) {
        const cancel = hand.schedule(delayMs, task);
        return () => {
          ended += 1;
          cancel();
        };
      },
    };
    const looking = look({ settings: { ...keys, RUNWAY_API_URL: silent.url }, timers });
    // Every other check of the first fourteen ends while this one waits.
    await vi.waitFor(() => expect(ended).toBe(14));
    hand.advance(limitMs - 1);
    await look({ settings: keys });
    expect(ended).toBe(14);
    hand.advance(1);
    const find = await looking;
    expect(find('runway')).toMatchObject({ state: 'failed', what: 'No end within 10 s.' });
    expect(find('fal').state).toBe('ok');
    await vi.waitFor(() => expect(isLeft).toBe(true));
    await silent.close();
  });

  test('that is slow but in time is well', async () => {
    const { clock } = far;
    far.fal.misbehave({ on: 'status', how: 'late', delayMs: limitMs - 1, times: 1 });
    const waiting = vi.spyOn(clock, 'schedule');
    const looking = look({ settings: { FAL_KEY: keys.FAL_KEY } });
    await vi.waitFor(() => expect(waiting).toHaveBeenCalled());
    clock.advance(limitMs - 1);
    expect((await looking)('fal').state).toBe('ok');
    waiting.mockRestore();
  });
});

describe('the clock', () => {
  const skewed = (seconds: number): Clock => ({ now: () => new Date(Date.now() + seconds * 1000) });
  const settings = { STRIPE_SECRET_KEY: keys.STRIPE_SECRET_KEY, STRIPE_WEBHOOK_SECRET: 'whsec_x' };

  test.each([
    [0, 'ok', 'Within '],
    [28, 'ok', 'Within '],
    [-28, 'ok', 'Within '],
    [32, 'warning', 's ahead of '],
    [-32, 'warning', 's behind '],
  ] as const)('that is %i s off is %s', async (seconds, state, words) => {
    const find = await look({ settings, clock: skewed(seconds) });
    expect(find('clock').state).toBe(state);
    expect(find('clock').what).toContain(words);
  });

  test('is compared with nobody where nobody was asked', async () => {
    const find = await look({ clock: skewed(3600) });
    expect(find('clock').what).toContain('nothing to compare with');
  });
});

describe('Stripe', () => {
  const url = 'https://jilo.invalid';
  const settings = { ...keys, PUBLIC_URL: url };
  const endpoint = (events: readonly string[]) => {
    set('we_0', 'https://else.invalid/webhooks/stripe', ['charge.refunded']);
    set('we_1', `${url}/webhooks/stripe`, events);
    set('we_2', 'https://else.invalid/webhooks/stripe', ['charge.refunded']);
  };
  const set = (id: string, address: string, events: readonly string[]) =>
    far.stripe.state.endpoints.set(id, {
      id,
      url: address,
      secret: 'whsec_other',
      enabledEvents: [...events],
      description: null,
      metadata: {},
      created: 1,
    });

  test('is well with every price and an endpoint for every event', async () => {
    endpoint(stripeEvents);
    expect((await look({ settings }))('stripe')).toMatchObject({
      state: 'ok',
      what: 'The key is accepted (test mode), 5 prices fit, and the webhook endpoint is right.',
    });
    endpoint(['*']);
    expect(await stateOf('stripe', { settings })).toBe('ok');
    endpoint(['checkout.session.*', 'customer.*', 'invoice.*', 'charge.*', 'refund.*']);
    expect(await stateOf('stripe', { settings })).toBe('ok');
  });

  test('fails without a price that a setting names, and for one of the wrong kind', async () => {
    endpoint(['*']);
    const find = await look({
      settings: {
        ...settings,
        STRIPE_PRICE_PRO: 'price_gone',
        STRIPE_PRICE_TEAM: priceIds.STRIPE_PRICE_PACK_SMALL,
        STRIPE_PRICE_PACK_LARGE: priceIds.STRIPE_PRICE_PRO,
      },
    });
    expect(find('stripe')).toMatchObject({
      state: 'failed',
      what: 'STRIPE_PRICE_PRO: Stripe knows no such price. STRIPE_PRICE_TEAM: the price does not recur each month. STRIPE_PRICE_PACK_LARGE: the price is not one that is paid once.',
      switchesOff: 'Buying pro. Buying team. Buying pack_large.',
    });
  });

  test('warns of a price that is not set', async () => {
    endpoint(['*']);
    const find = await look({ settings: { ...settings, STRIPE_PRICE_PRO: '' } });
    expect(find('stripe')).toMatchObject({
      state: 'warning',
      what: 'Not set, so not offered: STRIPE_PRICE_PRO.',
      switchesOff: 'Buying pro.',
    });
  });

  test('fails without an endpoint, and with one that lacks an event', async () => {
    expect((await look({ settings }))('stripe').what).toBe(
      'No webhook endpoint leads to https://jilo.invalid/webhooks/stripe.',
    );
    endpoint(stripeEvents.filter((event) => event !== 'invoice.paid'));
    expect((await look({ settings }))('stripe')).toMatchObject({
      state: 'failed',
      what: 'The webhook endpoint lacks the events invoice.paid.',
    });
  });

  test('warns of test mode in production', async () => {
    endpoint(['*']);
    const find = await look({ settings: { ...settings, NODE_ENV: 'production' } });
    expect(find('stripe')).toMatchObject({ state: 'warning' });
    expect(find('stripe').what).toContain('test mode in production');
  });

  test('is asked for the events that the docs list', () => {
    const docs = readFileSync(join(import.meta.dirname, '../../docs/billing.md'), 'utf8');
    const events = /`((?:checkout|customer|invoice|charge|refund)\.[\w.*]+)`/g;
    const listed = [...docs.matchAll(events)].map(([, event = '']) => event);
    expect(listed).toEqual([...stripeEvents]);
    expect(docs).toContain(`API version \`${stripeVersion}\``);
  });
});

describe('what else may be wrong', () => {
  test('at Google: the id, the way back, and what YouTube did with uploads', async () => {
    const settings = { ...serviceKeys };
    const found = async (wish: Wish) => (await look({ settings, ...wish }))('youtube');
    expect(
      await found({ settings: { ...settings, GOOGLE_CLIENT_ID: 'canary.example' } }),
    ).toMatchObject({ state: 'failed', what: doctorWords('en').youtubeClient() });
    const at = (PUBLIC_URL: string) => found({ settings: { ...settings, PUBLIC_URL } });
    expect((await at('http://jilo.invalid')).state).toBe('failed');
    expect((await at('https://192.0.2.1')).state).toBe('failed');
    expect((await at('https://jilo.invalid')).state).toBe('ok');
    expect((await at('http://127.0.0.1:1')).state).toBe('ok');
    const unknown = await found({ history: { lockedPrivate: null, thumbnailRefused: null } });
    expect(unknown.what).toContain('http://127.0.0.1:8787/oauth/google/callback');
    const locked = await found({ history: { lockedPrivate: true, thumbnailRefused: true } });
    expect(locked.state).toBe('warning');
    expect(locked.what).toContain('was locked private');
    expect(locked.howToGetIt).toContain('youtube.com/verify');
  });

  test('at Discord: another application, and commands that go elsewhere', async () => {
    const settings = { DISCORD_TOKEN: keys.DISCORD_TOKEN };
    const own = { ...settings, DISCORD_APPLICATION_ID: far.discord.applicationId };
    expect(await stateOf('discord', { settings: own })).toBe('ok');
    const other = { ...settings, DISCORD_APPLICATION_ID: '12345678901234567' };
    const find = await look({ settings: other });
    expect(find('discord')).toMatchObject({
      state: 'failed',
      howToGetIt: `Set DISCORD_APPLICATION_ID=${far.discord.applicationId}`,
    });
  });

  test('at Discord: commands that go elsewhere, no server, and no connection left', async () => {
    const application = { id: '12345678901234567', name: 'Bot', approximate_guild_count: 0 };
    const answers = {
      '/v10/applications/@me': {
        ...application,
        interactions_endpoint_url: 'https://else.invalid',
      },
      '/v10/gateway/bot': { session_start_limit: { remaining: 0 } },
    };
    const discord = await serveRoutes(
      Object.entries(answers).map(([path, body]) => ({
        method: 'GET',
        path: new RegExp(path),
        handle: () => ({ status: 200, body }),
      })),
      { status: 404 },
    );
    const settings = { DISCORD_TOKEN: keys.DISCORD_TOKEN, DISCORD_API_URL: discord.url };
    const { state, what, howToGetIt } = (await look({ settings }))('discord');
    const words = doctorWords('en');
    expect(state).toBe('failed');
    for (const told of [words.discordNowhere({ name: 'Bot' }), words.discordEndpoint()])
      expect(what).toContain(told);
    expect(what).toContain(words.discordUsedUp());
    expect(howToGetIt).toContain('client_id=12345678901234567&');
    await discord.close();
  });

  test('at fal: the keys of its callbacks', async () => {
    const settings = { FAL_KEY: keys.FAL_KEY, FAL_REST_URL: asked.url };
    const { state, what } = (await look({ settings }))('fal');
    expect(state).toBe('failed');
    expect(what).toContain(' accepts the key. ');
  });

  test('at Gemini: a model that there is not', async () => {
    const settings = { ...serviceKeys, GEMINI_MODEL: 'gemini-none' };
    expect((await look({ settings }))('gemini').what).toContain('no model gemini-none');
  });

  test('at Runway: no credits', async () => {
    const settings = { RUNWAYML_API_SECRET: 'poor', RUNWAY_API_URL: '' };
    const poor = await serveRoutes(
      [
        {
          method: 'GET',
          path: /\/v1\/organization/,
          handle: () => ({ status: 200, body: { creditBalance: 0 } }),
        },
      ],
      { status: 404 },
    );
    const found = await look({ settings: { ...settings, RUNWAY_API_URL: poor.url } });
    expect(found('runway')).toMatchObject({
      state: 'failed',
      what: doctorWords('en').runwayEmpty(),
    });
    await poor.close();
  });

  test.each([
    [{ major: 14 }, 'failed'],
    [{ major: 15 }, 'ok'],
    [{ schema: 'behind', applied: 10 }, 'warning'],
    [{ schema: 'ahead', applied: 12 }, 'failed'],
    [{ schema: 'foreign', inCommon: 10 }, 'failed'],
    [{ skewSeconds: 5 }, 'ok'],
    [{ skewSeconds: -5.1 }, 'warning'],
  ] as const)('in the database: %o is %s', async (database, state) => {
    expect(await stateOf('database', { database })).toBe(state);
  });

  test.each([
    [4_999_999_999, 'warning'],
    [5_000_000_000, 'ok'],
    [5_000_000_001, 'ok'],
  ] as const)('on the disk: %i bytes free is %s', async (freeBytes, state) => {
    expect(await stateOf('disk', { freeBytes })).toBe(state);
  });

  test('in the public address', async () => {
    const web = await serveRoutes(
      [
        {
          method: 'GET',
          path: /\/healthz/,
          handle: () => ({ status: 200, body: { status: 'ok', instance: 'run_1' } }),
        },
      ],
      { status: 404 },
    );
    const settings = { PUBLIC_URL: web.url };
    expect(await stateOf('web', { settings, instance: 'run_1' })).toBe('ok');
    expect(await stateOf('web', { settings, instance: 'run_2' })).toBe('warning');
    const production = { ...settings, NODE_ENV: 'production', JILO_SECRET };
    expect(await stateOf('web', { settings: production, instance: 'run_1' })).toBe('failed');
    await web.close();
    expect(await stateOf('web', { settings, instance: 'run_1' })).toBe('failed');
    expect(await stateOf('web', { settings })).toBe('warning');
    expect(await stateOf('web', { settings: { PUBLIC_URL: asked.url } })).toBe('failed');
  });
});

describe('this machine', () => {
  test('shows its database, storage and codecs by the ways of the product', async () => {
    const database = await copyDatabase();
    const dataDir = mkdtempSync(join(tmpdir(), 'jilo-doctor-'));
    const config = parseConfig({
      NODE_ENV: 'test',
      JILO_DATA_DIR: dataDir,
      DATABASE_URL: database.url,
    });
    const { path } = loadSurroundings();
    const surroundings = await openSurroundings(config, { path, clock: systemClock });
    const results = await examine({ ...toolsOf({}), ...surroundings, config }, timersThatStand);
    await surroundings[Symbol.asyncDispose]();
    const states = Object.fromEntries(results.map(({ name, state }) => [name, state]));
    expect(states).toMatchObject({ database: 'ok', storage: 'ok', codecs: 'ok' });
    expect(hasFailed(results)).toBe(false);
    await database.drop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  test('tells from its publications what YouTube allows, and of migrations that are left', async () => {
    const copy = await copyDatabase();
    const config = parseConfig({ JILO_DATA_DIR: folder, DATABASE_URL: copy.url });
    const { path } = loadSurroundings();
    const surroundings = () => openSurroundings(config, { path, clock: systemClock });
    const before = await surroundings();
    expect(await before.history()).toEqual({ lockedPrivate: null, thumbnailRefused: null });
    const own = openDatabase(copy.url, 1);
    const { sql } = own;
    await sql`set session_replication_role = replica`; // Without the rows that a publication needs.
    let seconds = 0;
    const publish = async (privacy: string, hostPrivacy: string, failure: string | null) => {
      seconds += 1;
      await sql`
        insert into publications (id, account_id, video_id, channel_id, title, description, tags,
          category_id, privacy, made_for_kids, notify_subscribers, status, last_chunk_sent,
          uploaded_bytes, total_bytes, host_privacy, told_at, created_at, thumbnail_status,
          thumbnail_failure)
        values (${`pub_${seconds}`}, 'a', 'v', 'c', 't', 'd', '[]', '28', ${privacy}, false, false,
          'live', true, 1, 1, ${hostPrivacy}, now(), ${`2026-11-22T08:00:0${seconds}Z`},
          ${failure ? 'refused' : 'set'}, ${failure})`;
      return before.history();
    };
    const is = (lockedPrivate: boolean | null, thumbnailRefused: boolean) => ({
      lockedPrivate,
      thumbnailRefused,
    });
    expect(await publish('private', 'private', null)).toEqual(is(null, false));
    expect(await publish('public', 'private', 'invalid_picture')).toEqual(is(true, false));
    expect(await publish('private', 'private', 'thumbnail_not_allowed')).toEqual(is(true, true));
    expect(await publish('unlisted', 'unlisted', null)).toEqual(is(false, false));
    await before[Symbol.asyncDispose]();
    await sql`
      delete from drizzle.__drizzle_migrations
      where created_at = (select max(created_at) from drizzle.__drizzle_migrations)`;
    await own.close();
    const after = await surroundings();
    const state = await after.database();
    expect(state).toMatchObject({ schema: 'behind', applied: state.wanted - 1 });
    expect([await after.ports(), await after.history()]).toEqual([null, null]);
    await after[Symbol.asyncDispose]();
    await copy.drop();
  });

  test('without its database says so, and leaves what needs it', async () => {
    const config = parseConfig({
      JILO_DATA_DIR: folder,
      DATABASE_URL: 'postgres://jilo:canary-password@127.0.0.1:1/jilo',
    });
    const { path } = loadSurroundings();
    const surroundings = await openSurroundings(config, { path, clock: systemClock });
    const results = await examine({ ...toolsOf({}), ...surroundings, config }, timersThatStand);
    await surroundings[Symbol.asyncDispose]();
    const states = Object.fromEntries(results.map(({ name, state }) => [name, state]));
    expect(states).toMatchObject({ database: 'failed', storage: 'warning', codecs: 'warning' });
    const words = doctorWords('zh');
    const text = reportText(withoutSecrets(results, config), words);
    expect(text).not.toContain('canary');
    expect(text).toContain('16 项检查中有 1 项故障：数据库。');
  });
});

describe('npm run doctor', () => {
  const run = (settings: Readonly<Record<string, string>>, words: readonly string[] = []) =>
    runScript('scripts/doctor.ts', words, { ...isolated, JILO_DATA_DIR: folder, ...settings });

  test('ends with 0 where nothing that is configured fails, and with 1 where a key is refused', async () => {
    const database = await copyDatabase();
    const settings = { DATABASE_URL: database.url, RUNWAY_API_URL: far.runway.url };
    const well = await run(settings);
    expect([well.stderr, well.code]).toEqual(['', 0]);
    expect(well.stdout).toMatch(/^ok {7}Codecs: /m);
    const refused = await run({ ...settings, RUNWAYML_API_SECRET: 'canary-other' }, ['--json']);
    expect([refused.stderr, refused.code]).toEqual(['', 1]);
    expect(refused.stdout).not.toContain('canary');
    expect(JSON.parse(refused.stdout)).toMatchObject({
      state: 'failed',
      checks: expect.arrayContaining([
        expect.objectContaining({ name: 'runway', state: 'failed' }),
      ]),
    });
    await database.drop();
  });

  test('names settings that cannot be used, in the language of the person, without their values', async () => {
    const wrong = { LANG: 'zh_CN.UTF-8', JILO_SECRET: 'canary', PORT: 'canary' };
    const { stdout, code } = await run(wrong);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^故障 {2}设置：/);
    expect(stdout).toContain('JILO_SECRET');
    expect(stdout).toContain('PORT');
    expect(stdout).not.toContain('canary');
  });
});
