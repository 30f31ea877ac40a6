import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { startApify } from './apify/apify.ts';
import { wallClock, type SandboxClock } from './clock.ts';
import { startDiscord } from './discord/discord.ts';
import { startFal } from './fal/fal.ts';
import { startGemini } from './gemini/gemini.ts';
import { startGoogle } from './google/google.ts';
import { startRunway } from './runway/runway.ts';
import { priceIds } from './stripe/catalogue.ts';
import { startStripe } from './stripe/stripe.ts';

export const sandboxServices = [
  'fal',
  'runway',
  'apify',
  'gemini',
  'google',
  'discord',
  'stripe',
  'mail',
] as const;
export type SandboxService = (typeof sandboxServices)[number];

export type SandboxOptions = {
  readonly services: readonly SandboxService[];
  /** Where the emulators keep what the real services would keep. */
  readonly folder: string;
  readonly clock?: SandboxClock;
  /** How long the slow parts take; the defaults are long enough to be seen. */
  readonly pace?: {
    readonly generationMs: number;
    readonly searchMs: number;
    readonly processingMs: number;
  };
  /** Makes searches repeatable. */
  readonly seed?: number;
};

/** Running emulators and the settings that lead the real clients to them. */
export type Sandbox = {
  readonly settings: Readonly<Record<string, string>>;
  /** Where the mails are read that were sent, when mail is among the services. */
  readonly mailPage?: string;
  /** Tells the emulators where the product can be reached; what they owe it is sent from then on. */
  announce?(publicUrl: string): void;
  close(): Promise<void>;
};

const usualPace = { generationMs: 2000, searchMs: 800, processingMs: 2000 };

/** Starts the emulators of the named services on loopback. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  mkdirSync(options.folder, { recursive: true });
  const started = await Promise.all(options.services.map((service) => starters[service](options)));
  const mailPage = started.find((emulator) => emulator.mailPage !== undefined)?.mailPage;
  return {
    settings: Object.assign({}, ...started.map(({ settings }) => settings)),
    ...(mailPage === undefined ? {} : { mailPage }),
    announce(publicUrl) {
      for (const emulator of started) emulator.announce?.(publicUrl);
    },
    close: async () => {
      await Promise.all(started.map((emulator) => emulator.close()));
    },
  };
}

const starters: Record<SandboxService, (options: SandboxOptions) => Promise<Sandbox>> = {
  async fal({ folder, clock = wallClock, pace = usualPace }) {
    const key = 'sandbox:fal-key';
    const stateFile = join(folder, 'fal.json');
    const fal = await startFal({ clock, key, generationMs: pace.generationMs, stateFile });
    const settings = { FAL_KEY: key, FAL_QUEUE_URL: fal.queueUrl, FAL_REST_URL: fal.restUrl };
    return { settings, close: () => fal.close() };
  },
  async runway({ folder, clock = wallClock, pace = usualPace }) {
    const secret = 'key_sandbox';
    const stateFile = join(folder, 'runway.json');
    const runway = await startRunway({
      clock,
      secret,
      generationMs: pace.generationMs,
      stateFile,
    });
    return {
      settings: { RUNWAYML_API_SECRET: secret, RUNWAY_API_URL: runway.url },
      close: () => runway.close(),
    };
  },
  async apify({ folder, clock = wallClock, pace = usualPace, seed = 1 }) {
    const token = 'sandbox-apify-token';
    const stateFile = join(folder, 'apify.json');
    const apify = await startApify({ clock, token, runMs: pace.searchMs, seed, stateFile });
    return {
      settings: { APIFY_TOKEN: token, APIFY_API_URL: apify.url },
      close: () => apify.close(),
    };
  },
  async gemini({ clock = wallClock }) {
    const key = 'sandbox-gemini-key';
    const gemini = await startGemini({ clock, key, latencyMs: 150, chunkMs: 30 });
    const settings = { GOOGLE_GENERATIVE_AI_API_KEY: key, GEMINI_API_URL: gemini.url };
    return { settings, close: () => gemini.close() };
  },
  async google({ folder, clock = wallClock, pace = usualPace }) {
    const clientId = 'sandbox.apps.googleusercontent.com';
    const clientSecret = 'sandbox-google-secret';
    const google = await startGoogle({
      clock,
      clientId,
      clientSecret,
      stateFile: join(folder, 'google.json'),
      uploadFolder: join(folder, 'youtube'),
      processingMs: pace.processingMs,
    });
    const settings = {
      GOOGLE_CLIENT_ID: clientId,
      GOOGLE_CLIENT_SECRET: clientSecret,
      GOOGLE_OAUTH_URL: google.url,
      YOUTUBE_API_URL: google.url,
    };
    return { settings, close: () => google.close() };
  },
  async discord({ clock = wallClock }) {
    const token = 'sandbox-discord-token';
    const discord = await startDiscord({ clock, token, page: true });
    discord.guild('Jilo').channel('videos');
    const settings = {
      DISCORD_TOKEN: token,
      DISCORD_APPLICATION_ID: discord.applicationId,
      DISCORD_CLIENT_SECRET: discord.clientSecret,
      DISCORD_API_URL: discord.apiUrl,
    };
    return { settings, close: () => discord.close() };
  },
  async stripe({ folder, clock = wallClock }) {
    const secretKey = 'sk_test_sandbox';
    const webhookSecret = 'whsec_sandbox_of_jilo';
    const stateFile = join(folder, 'stripe.json');
    const stripe = await startStripe({ clock, secretKey, webhookSecret, stateFile });
    const settings = {
      STRIPE_SECRET_KEY: secretKey,
      STRIPE_WEBHOOK_SECRET: webhookSecret,
      STRIPE_API_URL: stripe.url,
      ...priceIds,
    };
    return {
      settings,
      announce: (publicUrl) => stripe.webhook.setUrl(new URL('/webhooks/stripe', publicUrl).href),
      close: () => stripe.close(),
    };
  },
  async mail({ clock = wallClock }) {
    // What it is made of takes a while to load, and most processes send no mail.
    const { startMail } = await import('./mail/mail.ts');
    const mail = await startMail({ clock });
    return {
      settings: { SMTP_URL: mail.smtpUrl, MAIL_FROM: 'Jilo <no-reply@jilo.example>' },
      mailPage: mail.url,
      close: () => mail.close(),
    };
  },
};
