import { existsSync } from 'node:fs';

import { z } from 'zod';

import { mailSettings } from './config-accounts.ts';
import { billingSettings, limitSettings } from './config-billing.ts';
import { address, secret, webAddress } from './config-fields.ts';

/** The secrets of a list such as that of JILO_SECRET_PREVIOUS. */
export const secretsIn = (list: string): string[] => list.split(',').map((text) => text.trim());

/**
 * Every setting, read once. A service whose key is absent runs against its emulator outside
 * production; `.env.example` is generated from the descriptions.
 */
export const settingsSchema = z.object({
  NODE_ENV: z
    .enum(['development', 'test', 'production'])
    .default('development')
    .describe('In production nothing is emulated: a missing key removes what needs it.'),
  JILO_DATA_DIR: z
    .string()
    .default('.jilo')
    .describe('Folder of the embedded database, the stored files and the created secret.'),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .optional()
    .describe('Postgres to use; absent: one is started in JILO_DATA_DIR.'),
  PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .default(8787)
    .describe('Port of the web app; 0 takes a free one.'),
  PUBLIC_URL: webAddress
    .optional()
    .describe(
      'Address under which providers and people reach the web app; absent: http://127.0.0.1:PORT.',
    ),
  JILO_SECRET: z
    .string()
    .min(32)
    .optional()
    .describe(
      'Seals tokens and signs links; at least 32 characters. Absent outside production: created once.',
    ),
  JILO_SECRET_PREVIOUS: z
    .string()
    .refine(
      (text) => secretsIn(text).every(({ length }) => length >= 32),
      'must be secrets of at least 32 characters, separated by commas',
    )
    .optional()
    .describe(
      'Older values of JILO_SECRET, separated by commas: they open what they sealed, until `npm run rotate-keys`.',
    ),
  JILO_ACCOUNT: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]{0,39}$/)
    .default('owner')
    .describe('Whose account the terminal and the stdio server act for; opened at first use.'),
  JILO_LOCALE: z
    .enum(['en', 'zh'])
    .optional()
    .describe('Language of a new local account; absent: from LANG.'),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .describe('How much is logged.'),
  METRICS_TOKEN: z
    .string()
    .regex(/^[\w.~+/-]{16,}=*$/, 'must be at least 16 letters, digits or one of -._~+/')
    .optional()
    .describe('Lets a bearer of it read /metrics from elsewhere; absent: only this machine may.'),
  DISCORD_TOKEN: secret.describe('Token of the Discord bot.'),
  DISCORD_APPLICATION_ID: z
    .string()
    .regex(/^\d{17,20}$/)
    .optional()
    .describe('Application id of the Discord bot; its commands are written there.'),
  DISCORD_CLIENT_SECRET: secret.describe(
    'Secret of the same application: lets people sign in on the web with Discord.',
  ),
  DISCORD_API_URL: address('https://discord.com/api').describe('API of Discord, without version.'),
  DISCORD_SHARDS: z.coerce
    .number()
    .int()
    .min(1)
    .max(64)
    .optional()
    .describe(
      'Gateway connections that the bot is split over; absent: as many as Discord asks for.',
    ),
  FAL_KEY: secret.describe('Key of fal.ai, which makes the clips.'),
  FAL_CONCURRENCY: z.coerce
    .number()
    .int()
    .min(1)
    .max(1000)
    .default(2)
    .describe('Requests that fal works on at once for this key: 2 for a new account, up to 40.'),
  RUNWAY_CONCURRENCY: z.coerce
    .number()
    .int()
    .min(1)
    .max(1000)
    .default(2)
    .describe('Tasks that Runway works on at once for this secret; its tier says how many.'),
  FAL_QUEUE_URL: address('https://queue.fal.run').describe('Queue of fal.'),
  FAL_REST_URL: address('https://rest.fal.ai').describe('REST host of fal: webhook keys.'),
  RUNWAYML_API_SECRET: secret.describe(
    'API secret of Runway, which makes clips of its own models.',
  ),
  RUNWAY_API_URL: address('https://api.dev.runwayml.com').describe('API of Runway, without /v1.'),
  APIFY_TOKEN: secret.describe('Token of Apify, which finds the trends.'),
  APIFY_API_URL: address('https://api.apify.com').describe('API of Apify, without /v2.'),
  TREND_DAILY_SEARCHES: z.coerce
    .number()
    .int()
    .min(0)
    .default(30)
    .describe(
      'Searches in 24 hours for which one account may send actors; answers from the store are free.',
    ),
  TREND_FRESH_MINUTES: z.coerce
    .number()
    .int()
    .min(0)
    .max(10_080)
    .default(360)
    .describe('So long a search that is asked again is answered from the store.'),
  TREND_SAMPLING_DAILY_USD: z.coerce
    .number()
    .nonnegative()
    .default(0.25)
    .describe(
      'Dollars in 24 hours for looking again at saved and top trends, for all accounts together; 0: never.',
    ),
  GOOGLE_GENERATIVE_AI_API_KEY: secret.describe('Key of Gemini, which explains and writes.'),
  GEMINI_API_URL: address('https://generativelanguage.googleapis.com').describe(
    'API of Gemini, without version.',
  ),
  GEMINI_MODEL: z.string().default('gemini-3.8-flash').describe('Model id.'),
  AGENT_MAX_STEPS: z.coerce
    .number()
    .int()
    .min(1)
    .max(50)
    .default(12)
    .describe('Calls to the model that one message to the agent may lead to.'),
  AGENT_DAILY_TOKENS: z.coerce
    .number()
    .int()
    .min(1000)
    .default(1_500_000)
    .describe('Tokens that the agent may use for one person a day.'),
  AGENT_DAILY_USD: z.coerce
    .number()
    .positive()
    .optional()
    .describe('Dollars that the agent may use for one person a day; needs the two prices below.'),
  GEMINI_INPUT_USD: z.coerce
    .number()
    .nonnegative()
    .optional()
    .describe('Price of a million input tokens of GEMINI_MODEL, in US dollars.'),
  GEMINI_OUTPUT_USD: z.coerce
    .number()
    .nonnegative()
    .optional()
    .describe('Price of a million output tokens of GEMINI_MODEL, in US dollars.'),
  GOOGLE_CLIENT_ID: secret.describe('OAuth client of Google, for publishing to YouTube.'),
  GOOGLE_CLIENT_SECRET: secret.describe('Its secret.'),
  GOOGLE_OAUTH_URL: webAddress
    .optional()
    .describe("Base of the OAuth endpoints; absent: Google's own hosts."),
  YOUTUBE_API_URL: address('https://youtube.googleapis.com').describe('YouTube Data API.'),
  YOUTUBE_DAILY_UPLOADS: z.coerce
    .number()
    .int()
    .min(0)
    .default(100)
    .describe(
      'Uploads that the Google project may make in a Pacific day; the rest waits for the next.',
    ),
  YOUTUBE_DAILY_UNITS: z.coerce
    .number()
    .int()
    .min(0)
    .default(10_000)
    .describe('Units of all other calls that the Google project may make in a Pacific day.'),
  ...billingSettings,
  ...limitSettings,
  ...mailSettings,
  STORAGE_URL: z
    .string()
    .regex(
      /^(?:file:|s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?:\/[A-Za-z0-9_-][\w.-]*)*\/?$)/,
      'must be file:/some/folder, or s3://bucket/folder with a bucket of 3 to 63 small letters, digits, dots and hyphens',
    )
    .optional()
    .describe(
      'Where files are kept: file:/some/folder, or s3://bucket/folder; absent: JILO_DATA_DIR/files.',
    ),
  S3_ENDPOINT: webAddress
    .optional()
    .describe("Address of what speaks S3 (MinIO, R2, Supabase); absent: Amazon's own."),
  S3_REGION: z.string().min(1).default('us-east-1').describe('Region of the bucket.'),
  S3_ACCESS_KEY_ID: secret.describe('Key that may read, write and delete in the bucket.'),
  S3_SECRET_ACCESS_KEY: secret.describe('Its secret.'),
  S3_FORCE_PATH_STYLE: z
    .stringbool()
    .optional()
    .describe('Whether the bucket stands in the path, not in the host; absent: with S3_ENDPOINT.'),
  VIDEO_RETENTION_DAYS: z.coerce
    .number()
    .int()
    .min(1)
    .max(3650)
    .optional()
    .describe(
      'Days after which an ended video is deleted; absent: kept until somebody deletes it.',
    ),
});

export type Config = Readonly<z.infer<typeof settingsSchema>>;

/** Settings that cannot be used, all of them named at once. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Parses settings; an empty value counts as absent.
 * @throws ConfigError listing every problem.
 */
export function parseConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const present = Object.fromEntries(Object.entries(environment).filter(([, value]) => value));
  const parsed = settingsSchema.safeParse(present);
  const invalid = parsed.error?.issues ?? [];
  const problems = [
    ...invalid.map((issue) => `${issue.path.join('.')}: ${issue.message}`),
    ...productionProblems(present),
    ...priceProblems(present),
    ...bucketProblems(present),
  ];
  if (parsed.success && problems.length === 0) return Object.freeze(parsed.data);
  throw new ConfigError(
    `These settings cannot be used:\n${problems.map((p) => `  ${p}`).join('\n')}`,
  );
}

/** A limit in dollars needs the prices that it is counted with. */
function priceProblems(present: Readonly<Record<string, string | undefined>>): string[] {
  if (present['AGENT_DAILY_USD'] === undefined) return [];
  return ['GEMINI_INPUT_USD', 'GEMINI_OUTPUT_USD']
    .filter((name) => present[name] === undefined)
    .map((name) => `${name}: is required with AGENT_DAILY_USD`);
}

/** A bucket needs the keys that open it. */
function bucketProblems(present: Readonly<Record<string, string | undefined>>): string[] {
  if (!present['STORAGE_URL']?.startsWith('s3:')) return [];
  return ['S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY']
    .filter((name) => present[name] === undefined)
    .map((name) => `${name}: is required with a STORAGE_URL of s3:`);
}

function productionProblems(present: Readonly<Record<string, string | undefined>>): string[] {
  if (present['NODE_ENV'] !== 'production') return [];
  return ['JILO_SECRET', 'PUBLIC_URL']
    .filter((name) => present[name] === undefined)
    .map((name) => `${name}: is required in production`)
    .concat(isReadable(present['PUBLIC_URL']) ? [insecureProblem] : []);
}

const insecureProblem =
  'PUBLIC_URL: must be https in production, as people sign in there; http is for this machine only';

/** Whether what goes to an address can be read on the way. */
function isReadable(url: string | undefined): boolean {
  const { protocol, hostname } = URL.parse(url ?? '') ?? {};
  return protocol === 'http:' && !['127.0.0.1', '[::1]', 'localhost'].includes(hostname ?? '');
}

/** The settings of this process: the environment, completed by the file `.env` where there is one. */
export function loadConfig(overrides: Readonly<Record<string, string>> = {}): Config {
  if (existsSync('.env')) process.loadEnvFile('.env');
  // oxlint-disable-next-line node/no-process-env
  return parseConfig({ ...process.env, ...overrides });
}

/** What of the surroundings is no setting of ours: where programs are found, the person's language. */
export function loadSurroundings(): { readonly path: string; readonly language: string } {
  // oxlint-disable-next-line node/no-process-env
  const { PATH, LC_ALL, LC_MESSAGES, LANG } = process.env;
  return { path: PATH ?? '', language: LC_ALL || LC_MESSAGES || LANG || 'en' };
}
