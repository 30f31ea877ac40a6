import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { openAccount } from '../core/account/open.ts';
import { openApp, type App } from '../core/app.ts';
import { loadConfig, loadSurroundings, parseConfig, type Config } from '../core/config.ts';
import type { Context, Surface } from '../core/context.ts';
import { systemIds } from '../core/ids.ts';
import { localeOf } from '../core/messages/catalogue.ts';
import { offered, type AnyOperation } from '../core/operation.ts';
import { operations } from '../core/operations.ts';
import {
  startSandbox,
  type Sandbox,
  type SandboxOptions,
  type SandboxService,
} from '../sandbox/sandbox.ts';
import { createWebApp } from '../web-callbacks/app.ts';
import { serveWeb } from '../web-callbacks/serve.ts';
import { createEndings, type Endings } from './endings.ts';
import { findRuntime, removeRuntime, writeRuntime, type Runtime } from './runtime.ts';

export type Role = 'web' | 'worker' | 'bot';

export type HostOptions = {
  /**
   * `server`: this process is Jilo. `guest`: it uses the one that runs on this folder, and
   * otherwise only what the call itself needs. `resident`: as a guest, but it becomes Jilo when none runs.
   */
  readonly as: 'server' | 'guest' | 'resident';
  readonly roles?: readonly Role[];
  /** Settings that go before the environment's. */
  readonly overrides?: Readonly<Record<string, string>>;
  /** Receives log lines; by default they are appended to `jilo.log` in the data folder. */
  readonly write?: (line: string) => void;
  readonly sandbox?: Pick<SandboxOptions, 'pace' | 'seed'>;
  /** Told when Discord has ended the bot's connection for good. */
  readonly onFatal?: (error: Error) => void;
};

/** A product put together for one process, with what surrounds it. */
export type Host = {
  readonly app: App;
  /** What this installation can do: operations whose ports are present. */
  readonly operations: readonly AnyOperation[];
  readonly services: Readonly<Record<SandboxService, 'live' | 'sandbox' | 'off'>>;
  /** Address of the running web app, ours or that of the process we are a guest of. */
  readonly url: string | null;
  /** Address of the local Discord's page, where Discord is emulated in this process. */
  readonly discordPage: string | null;
  /** Address of the inbox's page, where mail is emulated in this process. */
  readonly mailPage: string | null;
  /** A request of this machine's own person. */
  contextFor(surface: Surface, signal: AbortSignal): Promise<Context>;
  /** Ends its parts at once, each within 6 seconds, and then what they used. */
  close(): Promise<void>;
  /** While and after it closes: parts that are not over, and jobs that were handed back as they ran on. */
  left(): readonly string[];
};

const keysOf: Record<SandboxService, (config: Config) => boolean> = {
  fal: (config) => config.FAL_KEY !== undefined,
  runway: (config) => config.RUNWAYML_API_SECRET !== undefined,
  apify: (config) => config.APIFY_TOKEN !== undefined,
  gemini: (config) => config.GOOGLE_GENERATIVE_AI_API_KEY !== undefined,
  google: (config) =>
    config.GOOGLE_CLIENT_ID !== undefined && config.GOOGLE_CLIENT_SECRET !== undefined,
  discord: (config) => config.DISCORD_TOKEN !== undefined,
  stripe: (config) =>
    config.STRIPE_SECRET_KEY !== undefined && config.STRIPE_WEBHOOK_SECRET !== undefined,
  mail: (config) => config.SMTP_URL !== undefined && config.MAIL_FROM !== undefined,
};

const services: readonly SandboxService[] = [
  'fal',
  'runway',
  'apify',
  'gemini',
  'google',
  'discord',
  'stripe',
  'mail',
];

/**
 * Opens Jilo for one process: finds a running one, starts emulators for what has no key, and puts
 * web and worker up where they are this process's part.
 */
export async function openHost(options: HostOptions): Promise<Host> {
  const plain = loadConfig(options.overrides);
  const { path, language } = loadSurroundings();
  const runtime = options.as === 'server' ? null : await findRuntime(plain.JILO_DATA_DIR);
  const runs = options.as === 'server' || (options.as === 'resident' && runtime === null);
  const roles = runs ? (options.roles ?? ['web', 'worker']) : [];
  await using opened = new AsyncDisposableStack();
  const sandbox = await openSandbox(plain, runtime, { ...options, roles });
  opened.defer(() => sandbox.close());
  const config = parseConfig({ ...definedOf(plain), ...sandbox.settings });
  const address: { url: string | null } = { url: plain.PUBLIC_URL ?? runtime?.publicUrl ?? null };
  const app = await openApp({
    config,
    path,
    write: options.write ?? fileLog(config.JILO_DATA_DIR),
    worker: roles.includes('worker'),
    publicUrl: () => address.url,
  });
  opened.defer(() => app.close());
  const usable = offered(operations, app.ports);
  // A resident takes a free port: the well-known one belongs to the server.
  const port = options.as === 'server' ? config.PORT : 0;
  const endings = createEndings();
  opened.defer(() => endings.end());
  await takeRoles(endings, roles, {
    web: () => openWeb(app, usable, { port, address, sandbox }),
    worker: () => openWorker(app),
    bot: () => openBot(app, usable, options.onFatal),
  });
  const states = statesOf(plain, sandbox.settings);
  if (runs) warnOfMissing(app, states);
  const everything = opened.move();
  let isClosed = false;
  return {
    app,
    operations: usable,
    services: states,
    url: address.url,
    discordPage: states.discord === 'sandbox' ? new URL('/', config.DISCORD_API_URL).href : null,
    mailPage: sandbox.mailPage ?? null,
    contextFor: (surface, signal) => contextFor(app, surface, signal, language),
    async close() {
      await everything.disposeAsync();
      isClosed = true;
    },
    left: () => [...endings.left(), ...(isClosed ? [] : ['database and queue'])],
  };
}

type End = Parameters<Endings['add']>[1];

/** Starts what is this process's part, to be ended with the host. */
async function takeRoles(
  endings: Endings,
  roles: readonly Role[],
  starters: Readonly<Record<Role, () => Promise<End>>>,
): Promise<void> {
  for (const role of ['web', 'worker', 'bot'] as const)
    if (roles.includes(role)) endings.add(role, await starters[role]());
}

async function openWorker(app: App): Promise<End> {
  await app.work();
  return async () => {
    const names = await app.stopWork();
    return names.map((name) => `${name} (handed back)`);
  };
}

function warnOfMissing(app: App, states: Host['services']): void {
  for (const service of services)
    if (states[service] === 'off')
      app.log.warn({ service }, 'has no key: what needs it is not offered');
}

const definedOf = (config: Config): Record<string, string> =>
  Object.fromEntries(
    Object.entries(config).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, String(value)]],
    ),
  );

async function openSandbox(
  config: Config,
  runtime: Runtime | null,
  options: HostOptions,
): Promise<Sandbox> {
  // Discord is emulated where the bot runs, and nowhere else.
  const withBot = options.roles?.includes('bot') ?? false;
  const missing = services.filter(
    (service) => !keysOf[service](config) && (service !== 'discord' || withBot),
  );
  const nothing = { settings: {}, close: async () => undefined };
  if (config.NODE_ENV === 'production' || missing.length === 0) return nothing;
  if (runtime) return { ...nothing, settings: runtime.sandbox };
  const folder = join(config.JILO_DATA_DIR, 'sandbox');
  return startSandbox({ services: missing, folder, ...options.sandbox });
}

/** What the bot has in hand may take so long once it is to end. */
const botGraceMs = 6000;

/** The Discord bot; its SDK is loaded only here. */
async function openBot(
  app: App,
  usable: readonly AnyOperation[],
  onFatal: HostOptions['onFatal'],
): Promise<End> {
  if (!app.config.DISCORD_TOKEN) return async () => undefined;
  const { openDiscordBot } = await import('../bot/discord/bot.ts');
  const bot = await openDiscordBot(app, usable, {
    token: app.config.DISCORD_TOKEN,
    graceMs: botGraceMs,
    onFatal: onFatal ?? ((error) => app.log.error({ err: error }, 'the Discord bot has ended')),
  });
  return () => bot.close();
}

type WebPlace = {
  readonly port: number;
  readonly address: { url: string | null };
  readonly sandbox: Sandbox;
};

async function openWeb(app: App, usable: readonly AnyOperation[], place: WebPlace) {
  const instance = systemIds.next('run');
  const web = await serveWeb(
    createWebApp(app, { operations: usable, instanceId: instance }),
    place.port,
  );
  const publicUrl = place.address.url ?? web.url;
  place.address.url = publicUrl;
  const dataDir = app.config.JILO_DATA_DIR;
  const { settings } = place.sandbox;
  writeRuntime(dataDir, { instance, localUrl: web.url, publicUrl, sandbox: { ...settings } });
  place.sandbox.announce?.(publicUrl);
  return async () => {
    removeRuntime(dataDir, instance);
    await web.close();
  };
}

function statesOf(plain: Config, sandbox: Readonly<Record<string, string>>): Host['services'] {
  const emulated = new Set(Object.keys(sandbox));
  const marks = {
    fal: 'FAL_KEY',
    runway: 'RUNWAYML_API_SECRET',
    apify: 'APIFY_TOKEN',
    gemini: 'GEMINI_API_URL',
    google: 'GOOGLE_CLIENT_ID',
    discord: 'DISCORD_TOKEN',
    stripe: 'STRIPE_SECRET_KEY',
    mail: 'MAIL_FROM',
  };
  const state = (service: SandboxService) => {
    if (keysOf[service](plain)) return 'live';
    return emulated.has(marks[service]) ? 'sandbox' : 'off';
  };
  return {
    fal: state('fal'),
    runway: state('runway'),
    apify: state('apify'),
    gemini: state('gemini'),
    google: state('google'),
    discord: state('discord'),
    stripe: state('stripe'),
    mail: state('mail'),
  };
}

/** The account of this machine's own person, opened at first use. */
async function contextFor(
  app: App,
  surface: Surface,
  signal: AbortSignal,
  language: string,
): Promise<Context> {
  const name = app.config.JILO_ACCOUNT;
  const locale = app.config.JILO_LOCALE ?? localeOf(language);
  const account = await openAccount(
    app,
    { provider: 'local', subject: name },
    { displayName: name, locale, timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone },
  );
  const actor = { accountId: account.id, surface };
  const { timeZone } = account;
  return { ...app, actor, locale: app.config.JILO_LOCALE ?? account.locale, timeZone, signal };
}

function fileLog(dataDir: string): (line: string) => void {
  mkdirSync(dataDir, { recursive: true });
  const file = join(dataDir, 'jilo.log');
  return (line) => appendFileSync(file, line, { mode: 0o600 });
}
