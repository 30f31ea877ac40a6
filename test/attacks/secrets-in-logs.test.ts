import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';

import { channelDisconnect } from '../../core/channel/disconnect.ts';
import { channelList } from '../../core/channel/list.ts';
import { settingsSchema } from '../../core/config.ts';
import type { Context } from '../../core/context.ts';
import { Fault } from '../../core/fault.ts';
import { viewFault } from '../../core/fault-view.ts';
import { sendMailLater } from '../../core/mail/queue.ts';
import { mediaLink } from '../../core/media-link.ts';
import type { AnyOperation } from '../../core/operation.ts';
import { planUpgrade } from '../../core/plan/upgrade.ts';
import { promptWrite } from '../../core/prompt/write.ts';
import { publicationCreate } from '../../core/publication/create.ts';
import { tokenCreate } from '../../core/token/create.ts';
import { trendSearch } from '../../core/trend/search.ts';
import { videoGenerate } from '../../core/video/generate.ts';
import { videoQuote } from '../../core/video/quote.ts';
import { channels } from '../../drizzle/schema/publishing.ts';
import { goToGoogle } from '../../sandbox/google/browser.ts';
import { serveRoutes, type Emulator } from '../../sandbox/http.ts';
import { createWorld, type World } from '../kit/world.ts';
import { buy, cardNumbers } from '../kit/shop.ts';
import { startParrot, type Parrot } from '../kit/smtp-parrot.ts';
import { connectChannel, live, makeReadyVideo, quickWish } from '../kit/trips.ts';
import { askApproval, connectLink, goodAddresses } from './pages.ts';
import { ask, submit, wholeOf } from './wire.ts';

/** Everything that is said while a test runs: to the log, to the outputs of the process, and to people. */
class Ears {
  readonly answers: string[] = [];
  private readonly outputs: string[] = [];
  private readonly spies = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, 'write').mockImplementation((piece) => this.outputs.push(String(piece)) > 0),
  );

  close(): void {
    for (const spy of this.spies) spy.mockRestore();
  }

  hear(answer: unknown): void {
    this.answers.push(typeof answer === 'string' ? answer : JSON.stringify(answer));
  }

  /** What became of it, in the words that a person and a program get. */
  async perform(world: World, operation: AnyOperation, input: unknown, who: Context) {
    const outcome = await world.perform(operation, input, who);
    if (outcome.ok) this.hear([outcome.text, outcome.value]);
    else for (const locale of ['en', 'zh'] as const) this.hear(viewFault(outcome.fault, locale));
    return outcome;
  }

  async open(url: string): Promise<void> {
    for (const accept of ['text/html', 'application/json'])
      this.hear(wholeOf(await ask(url, { headers: { accept } })));
  }

  said(world: World): Readonly<Record<'log' | 'outputs' | 'answers', string>> {
    const [log, outputs, answers] = [world.logs, this.outputs, this.answers].map((all) =>
      all.join('\n'),
    );
    return { log: log ?? '', outputs: outputs ?? '', answers: answers ?? '' };
  }
}

/** A secret as it may stand in a text: plainly, in an address, in JSON, and as Basic or base64. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const forms = [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)];
  return [...forms, bytes.toString('base64'), bytes.toString('base64url'), bytes.toString('hex')];
}

/** Which of the secrets stand where; each is named, so that the report shows none. */
const leaksIn = (
  said: Readonly<Record<string, string>>,
  secrets: Readonly<Record<string, string>>,
): string[] =>
  Object.entries(said).flatMap(([where, text]) =>
    Object.entries(secrets).flatMap(([name, secret]) =>
      formsOf(secret).some((form) => text.includes(form)) ? [`${name} in the ${where}`] : [],
    ),
  );

test('a secret that stands somewhere is found, in every form', () => {
  const secrets = { KEY: 'canary of a key+/' };
  const texts = formsOf(secrets.KEY).map((form) => ({ log: `said "${form}" here` }));
  expect(texts.map((said) => leaksIn(said, secrets))).toEqual(texts.map(() => ['KEY in the log']));
  expect(leaksIn({ log: 'canary of a' }, secrets)).toEqual([]);
});

/** Every setting that is a secret, each with a value of its own that stands nowhere else. */
const canaries = {
  JILO_SECRET: 'canary-installation-0123456789abcdef0123456789',
  JILO_SECRET_PREVIOUS: 'canary-previous-0123456789abcdef0123456789abc',
  METRICS_TOKEN: 'canary-metrics-0123456789',
  DISCORD_TOKEN: 'canary-discord.token.0123456789',
  DISCORD_CLIENT_SECRET: 'canary-discord-client-0123456789',
  FAL_KEY: 'canary-fal-id:canary-fal-secret',
  RUNWAYML_API_SECRET: 'canary-runway-0123456789',
  APIFY_TOKEN: 'canary-apify-0123456789',
  GOOGLE_GENERATIVE_AI_API_KEY: 'canary-gemini-0123456789',
  GOOGLE_CLIENT_SECRET: 'canary-google-0123456789',
  STRIPE_SECRET_KEY: 'sk_test_canary0123456789',
  STRIPE_WEBHOOK_SECRET: 'whsec_canary0123456789',
  S3_ACCESS_KEY_ID: 'CANARYS3ID0123456789',
  S3_SECRET_ACCESS_KEY: 'canary-s3-secret-0123456789',
  SMTP_URL: 'smtp://canary-user:canary-smtp%2F0123456789@127.0.0.1:9',
} as const;

/** The part of SMTP_URL that lets anybody in. */
const smtpPassword = 'canary-smtp/0123456789';

test('no secret of the settings is forgotten', () => {
  const named = Object.keys(settingsSchema.shape).filter((name) =>
    /SECRET|TOKEN|(?:^|_)KEY(?:_|$)|^SMTP_URL$/u.test(name),
  );
  expect(named.toSorted()).toEqual([...Object.keys(canaries), 'AGENT_DAILY_TOKENS'].toSorted());
});

describe('providers that say back what they were sent', () => {
  let world: World;
  let echo: Emulator;
  let parrot: Parrot;
  let ears: Ears;
  let asked = 0;
  let status = 400;
  /** Everything that came, in the shapes that the services give their errors. */
  const seen: string[] = [];

  beforeAll(async () => {
    const names = ['authorization', 'x-goog-api-key', 'x-amz-date', 'content-type', 'cookie'];
    const routes = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'].map((method) => ({
      method,
      path: /\/.*/u,
      handle: ({
        url,
        body,
        header,
      }: Parameters<Parameters<typeof serveRoutes>[0][number]['handle']>[0]) => {
        asked += 1;
        const heads = names.map((name) => `${name}: ${header(name) ?? ''}`).join('\n');
        const words = `${method} ${url.href}\n${heads}\n\n${body.toString('utf8')}`;
        seen.push(words);
        const error = {
          message: words,
          code: status,
          status: words,
          type: 'invalid_request_error',
          errors: [],
        };
        const description = { error_description: words, detail: words, title: words };
        return { status, body: { error, message: words, ...description } };
      },
    }));
    echo = await serveRoutes(routes, { status: 404 });
    const addresses = Object.keys(settingsSchema.shape).filter(
      (name) => name.endsWith('_URL') && !/^(?:DATABASE|STORAGE|PUBLIC|SMTP)_/u.test(name),
    );
    const settings = Object.fromEntries(addresses.map((name) => [name, echo.url]));
    const bucket = { STORAGE_URL: 's3://bucket/files', S3_ENDPOINT: echo.url };
    parrot = await startParrot();
    const SMTP_URL = canaries.SMTP_URL.replace(/9$/u, String(parrot.port));
    const mail = { SMTP_URL, MAIL_FROM: 'jilo@example.com' };
    world = await createWorld({
      settings: { ...canaries, ...settings, ...bucket, ...mail, LOG_LEVEL: 'trace' },
    });
    ears = new Ears();
  });
  afterAll(async () => {
    ears.close();
    await world.close();
    await echo.close();
    await parrot.close();
  });

  test.each([400, 401, 402, 403, 404, 422, 429, 500])(
    'with status %i bring no secret to light',
    async (answered) => {
      status = answered;
      const before = asked;
      const who = await world.context('terminal', `person${answered}`);
      const wish = {
        prompt: `a paper boat sails past ${answered} houses`,
        model: 'minimax',
        seconds: 15,
        shape: '16:9',
      };
      const say = (operation: AnyOperation, input: object) =>
        ears.perform(world, operation, input, who);
      await say(trendSearch, { keyword: `boats ${answered}` });
      await say(promptWrite, { idea: `a paper boat past ${answered} houses` });
      await say(videoQuote, wish);
      await say(videoGenerate, wish);
      await world.drain();
      await say(planUpgrade, { product: 'starter' });
      await comeBackWithCode(`person${answered}`);
      await ears.open(mediaLink(world.app, 'videos/here.mp4') ?? '');
      expect(asked - before).toBeGreaterThan(4);
      expect(leaksIn(ears.said(world), canaries)).toEqual([]);
    },
    60_000,
  );

  test.each([421, 454, 535, 550, 554])(
    'nor does a mail server, with status %i',
    async (answered) => {
      parrot.answerWith(answered);
      const before = parrot.heard.length;
      const link = 'https://jilo.example/reset/new?token=canary-of-a-reset';
      const to = 'canary.person@example.com';
      const { db } = world.app.database;
      await sendMailLater(world.app, db, { template: 'reset', link, to, locale: 'en' });
      await world.drain();
      const [address, text, html] = [to, `Open ${link}`, `<a href="${link}">Open</a>`];
      const sent = world.app.ports.mailer?.send({ to: address, subject: 'Hello', text, html });
      const error: unknown = await sent?.then(
        () => null,
        (thrown: unknown) => thrown,
      );
      if (!(error instanceof Fault)) throw new Error('the mail was sent');
      for (const locale of ['en', 'zh'] as const) ears.hear(viewFault(error, locale));
      world.app.log.error({ err: error, url: world.app.config.SMTP_URL }, 'said on purpose');
      expect(parrot.heard.slice(before).join('\n')).toContain(
        Buffer.from(`\0canary-user\0${smtpPassword}`).toString('base64'),
      );
      const said = ears.said(world);
      const own = { smtpPassword, SMTP_URL: world.app.config.SMTP_URL ?? '', link, address };
      expect(leaksIn(said, own)).toEqual([]);
      expect(said.log).toContain('said on purpose');
      for (const heard of Object.values(said))
        for (const word of parrot.secretWords()) expect(heard).not.toContain(word);
    },
    60_000,
  );

  /** The page that is shown when Google refuses the code. */
  async function comeBackWithCode(account: string): Promise<void> {
    const link = await connectLink(world, account);
    const state = link.searchParams.get('state') ?? '';
    const sent = await submit(link, { state }, { origin: world.publicUrl });
    const cookie = (sent.headers['set-cookie'] ?? []).map((one) => one.split(';')[0]).join();
    const back = new URL('/oauth/google/callback', world.publicUrl);
    back.search = new URLSearchParams({ state, code: 'a-code-of-somebody' }).toString();
    ears.hear((await ask(back, { headers: { cookie } })).text);
  }

  test('were sent the secrets, and the log has heard of it', () => {
    const sent = seen.join('\n');
    const known = ['FAL_KEY', 'APIFY_TOKEN', 'GOOGLE_GENERATIVE_AI_API_KEY'] as const;
    const more = ['STRIPE_SECRET_KEY', 'GOOGLE_CLIENT_SECRET', 'S3_ACCESS_KEY_ID'] as const;
    for (const name of [...known, ...more])
      expect([name, sent.includes(canaries[name])]).toEqual([name, true]);
    expect(world.logs.join('\n')).toContain('[redacted]');
    expect(ears.answers.length).toBeGreaterThan(40);
  });
});

/** An access token, a refresh token, and the address of an upload, which is worth as much. */
const googleToken = /ya29\.[\w-]{8}|1\/\/[\w-]{8}|upload_id=[\w-]{8}/u;

describe('a trip on which everything goes wrong once', () => {
  let world: World;
  let ears: Ears;
  const secrets: Record<string, string> = {};
  beforeAll(async () => {
    const { JILO_SECRET, JILO_SECRET_PREVIOUS, METRICS_TOKEN } = canaries;
    const own = { JILO_SECRET, JILO_SECRET_PREVIOUS, METRICS_TOKEN };
    world = await createWorld({ settings: { ...own, LOG_LEVEL: 'trace' } });
    ears = new Ears();
    const { config } = world.app;
    for (const name of Object.keys(canaries)) {
      const value = new Map(Object.entries(config)).get(name);
      if (typeof value === 'string') secrets[name] = value;
    }
  });
  afterAll(async () => {
    ears.close();
    await world.close();
  });

  const leaks = () => leaksIn(ears.said(world), secrets);

  test('searching and writing', async () => {
    const who = await world.context();
    const { apify, gemini } = world.emulators;
    for (const how of ['http_429', 'http_500', 'reset', 'locked', 'failed', 'timed_out'] as const)
      apify.misbehave({ on: how === 'failed' || how === 'timed_out' ? 'run' : 'start', how });
    for (const how of ['http_503', 'reset', 'http_429', 'not_json', 'blocked_prompt'] as const)
      gemini.misbehave({ how, times: 1 });
    for (const keyword of ['boats', 'kites', 'herons', 'rain'])
      await ears.perform(world, trendSearch, { keyword, platforms: 'youtube' }, who);
    await ears.perform(world, promptWrite, { idea: 'boats in the rain' }, who);
    expect(leaks()).toEqual([]);
  });

  test('making', async () => {
    const who = await world.context();
    const { fal } = world.emulators;
    const submits = ['http_429', 'http_503', 'reset_after', 'error', 'redirect_out'] as const;
    for (const how of submits) fal.misbehave({ on: 'submit', how, times: 1 });
    for (const how of ['truncated', 'redirect_out', 'no_video', 'huge', 'http_404'] as const)
      fal.misbehave({ on: 'download', how, times: 1 });
    for (const how of ['forged', 'stale', 'duplicate', 'lost'] as const)
      fal.misbehave({ on: 'webhook', how, times: 1 });
    fal.misbehave({ on: 'result', how: 'error', times: 1 });
    for (let made = 0; made < 3; made += 1)
      await ears.perform(
        world,
        videoGenerate,
        { ...quickWish, prompt: `a paper boat sails past ${made + 2} houses` },
        who,
      );
    await live(world, 1000, { step: 100 });
    for (const { webhookUrl } of fal.submits) keepSignature('a callback', webhookUrl ?? '');
    expect(fal.deliveries.length).toBeGreaterThan(0);
    expect(leaks()).toEqual([]);
  });

  test('connecting and publishing', async () => {
    const who = await world.context();
    const { google } = world.emulators;
    google.misbehave({ on: 'token', how: 'http_500', times: 1 });
    const way = await goToGoogle((await connectLink(world, 'owner', 'manage')).href);
    const { searchParams } = new URL(way.address);
    secrets['a state'] = searchParams.get('state') ?? '';
    secrets['a code'] = searchParams.get('code') ?? '';
    secrets['the secret of a browser'] = way.cookie.split('=')[1] ?? '';
    ears.hear((await ask(way.address, { headers: { cookie: way.cookie } })).text);
    const channel = await connectChannel(world);
    await keepTokens();
    const video = await makeReadyVideo(world);
    for (const how of ['http_401', 'http_429', 'http_503', 'reset_middle', 'gone'] as const)
      google.misbehave({ on: 'chunk', how, times: 1 });
    google.misbehave({ on: 'start', how: 'http_500', times: 1 });
    google.misbehave({ on: 'token', how: 'invalid_grant', times: 1 });
    await ears.perform(world, publicationCreate, { video, channel, title: 'Boats' }, who);
    await live(world, 4000, { step: 200 });
    await keepTokens();
    google.misbehave({ on: 'revoke', how: 'http_503', times: 1 });
    await ears.perform(world, channelList, {}, who);
    await ears.perform(world, channelDisconnect, { channel }, who);
    await world.drain();
    expect(leaks()).toEqual([]);
  });

  test('a database that refuses what is just being kept', async () => {
    const { sql } = world.app.database;
    await sql`alter table channels add constraint no_more check (false) not valid`;
    const way = await goToGoogle((await connectLink(world, 'late')).href);
    const reply = await ask(way.address, { headers: { cookie: way.cookie } });
    await sql`alter table channels drop constraint no_more`;
    ears.hear(reply.text);
    expect(reply.status).toBe(500);
    // What Google gave for it was kept nowhere, so that its shape alone is known.
    for (const text of Object.values(ears.said(world))) expect(text).not.toMatch(googleToken);
    expect(leaks()).toEqual([]);
  });

  test('paying', async () => {
    const who = await world.context();
    const { stripe } = world.emulators;
    for (const how of ['http_429', 'http_503', 'error', 'reset_before'] as const)
      stripe.misbehave({ on: 'api', how, times: 2 });
    for (const how of ['forged', 'altered', 'unsigned', 'stale', 'duplicate'] as const)
      stripe.misbehave({ on: 'webhook', how, times: 1 });
    for (let tried = 0; tried < 6; tried += 1)
      await ears.perform(world, planUpgrade, { product: 'pack_small' }, who);
    await buy(world, who, 'pack_large', cardNumbers.declined);
    await buy(world, who, 'pack_large');
    await world.advance(4 * 24 * 3600);
    await world.drain();
    expect(leaks()).toEqual([]);
  });

  test('every page, with what opens it and with what does not', async () => {
    const addresses = await goodAddresses(world);
    for (const [name, url] of Object.entries(addresses)) {
      keepSignature(name, url);
      await ears.open(url);
      await ears.open(url.replace(/(sig|state)=./u, '$1=_'));
    }
    expect(Object.keys(addresses).length).toBeGreaterThan(10);
    const answers = { answers: ears.said(world).answers };
    // A page repeats the signature that it was opened with in its own form.
    const own = Object.entries(secrets).filter(([name]) => !name.startsWith('the signature'));
    expect(leaksIn(answers, Object.fromEntries(own))).toEqual([]);
    expect(leaksIn({ log: world.logs.join('\n') }, secrets)).toEqual([]);
  });

  test('programs with a token, and with one that is none', async () => {
    const who = await world.context();
    const made = await world.must(tokenCreate, { name: 'program' }, who);
    const token = z.string().parse(made['token']);
    secrets['a token of a program'] = token;
    for (const sent of [token, `${token}x`, token.slice(0, -1)])
      for (const method of ['tools/list', 'no/such']) {
        const reply = await ask(`${world.publicUrl}/mcp?access_token=${sent}`, {
          method: 'POST',
          body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { sent } }),
          headers: {
            'content-type': 'application/json',
            accept: 'application/json, text/event-stream',
            authorization: `Bearer ${sent}`,
          },
        });
        ears.hear(wholeOf(reply));
      }
    expect(await askApproval(world, 'owner', 'a heron waits')).toMatch(/^apr_/u);
    expect(leaksIn({ log: world.logs.join('\n') }, secrets)).toEqual([]);
    expect(leaksIn({ answers: ears.answers.slice(-6).join('\n') }, secrets)).toEqual([]);
  });

  test('has had much to say, and dozens of secrets', () => {
    const { log, outputs } = ears.said(world);
    expect(world.logs.length).toBeGreaterThan(100);
    expect(Object.keys(secrets).length).toBeGreaterThanOrEqual(24);
    expect(leaksIn({ log, outputs }, secrets)).toEqual([]);
  });

  function keepSignature(what: string, url: string): void {
    const sig = new URL(url).searchParams.get('sig');
    if (sig !== null) secrets[`the signature of ${what} ${sig.slice(-4)}`] = sig;
  }

  /** What Google gave us, unsealed. */
  async function keepTokens(): Promise<void> {
    for (const row of await world.app.database.db.select().from(channels)) {
      const place = { table: 'channels', row: row.id, account: row.accountId };
      for (const [column, sealed] of [
        ['access_token_sealed', row.accessTokenSealed],
        ['refresh_token_sealed', row.refreshTokenSealed],
      ] as const) {
        if (!sealed) continue;
        const token = world.app.crypto.open(sealed, { ...place, column });
        expect(token.length).toBeGreaterThan(10);
        secrets[`${column} ${token.slice(-6)}`] = token;
      }
    }
  }
});
