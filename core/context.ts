import type { Database } from '../drizzle/client.ts';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import type { Crypto } from './crypto.ts';
import { Fault } from './fault.ts';
import type { Health } from './health.ts';
import type { Ids } from './ids.ts';
import type { Queue } from './job.ts';
import type { Log } from './log.ts';
import type { Locale } from './messages/catalogue.ts';
import type { Charts } from './ports/charts.ts';
import type { ChatModel } from './ports/chat-model.ts';
import type { LanguageModel } from './ports/language-model.ts';
import type { Mailer } from './ports/mailer.ts';
import type { Payments } from './ports/payments.ts';
import type { MediaTools } from './ports/media-tools.ts';
import type { Pictures } from './ports/pictures.ts';
import type { SignIn } from './ports/sign-in.ts';
import type { Storage } from './ports/storage.ts';
import type { TrendSource } from './ports/trend-source.ts';
import type { VideoHost } from './ports/video-host.ts';
import type { VideoModels } from './ports/video-models.ts';
import type { Timers } from './timers.ts';

/** The outside world in our words; a port whose service is not set up is absent. */
export type Ports = {
  readonly trendSource?: TrendSource;
  readonly languageModel?: LanguageModel;
  readonly chatModel?: ChatModel;
  readonly videoModels?: VideoModels;
  readonly videoHost?: VideoHost;
  readonly payments?: Payments;
  readonly mailer?: Mailer;
  readonly storage: Storage;
  readonly mediaTools: MediaTools;
  readonly pictures: Pictures;
  readonly thumbnails: Pictures;
  readonly charts: Charts;
};

/** Which way a request came in. `mcp` and `agent` are models; everything else is a person. */
export type Surface = 'terminal' | 'web' | 'discord' | 'mcp' | 'agent';

/** Whether requests of this surface come from a model, which neither decides nor sees what only people decide. */
export const isModelSurface = (surface: string): boolean =>
  surface === 'mcp' || surface === 'agent';

export type Actor = {
  readonly accountId: string;
  readonly surface: Surface;
  /**
   * The chat server that the request comes from, or null in a private talk; what was made in one is
   * seen in no other. Absent on surfaces that are the person's own: they see everything.
   */
  readonly serverId?: string | null;
  /** Whether the person may change the settings of that server. */
  readonly isServerManager?: boolean;
  /** The person's roles in that server, where the surface knows them. */
  readonly roleIds?: readonly string[];
};

/** What every part of the product may use. */
export type Services = {
  readonly config: Config;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly ids: Ids;
  readonly log: Log;
  readonly crypto: Crypto;
  readonly database: Database;
  readonly queue: Queue;
  readonly ports: Ports;
  readonly signIn: SignIn;
  readonly health: Health;
  /** Address of the running web app, for links and callbacks; null while there is none. */
  readonly publicUrl: () => string | null;
};

/** Why a request is broken off when its process stops: what was begun for it goes on elsewhere. */
export class Handover extends Error {
  override readonly name = 'Handover';
}

/** How far something is that a person waits for. */
export type Progress = { readonly done: number; readonly total: number; readonly message: string };

/** One request of one person, whatever surface it came in by. */
export type Context = Services & {
  readonly actor: Actor;
  readonly locale: Locale;
  /** IANA name of the person's time zone. */
  readonly timeZone: string;
  readonly signal: AbortSignal;
  /** Is told how far the request is, where the surface can show it. */
  readonly onProgress?: (progress: Progress) => void;
  /** The approval that this attempt has used up; what is started keeps it. */
  readonly approvalId?: string;
  /** The wallet that this attempt is to be paid from, as the person was told; absent: their own. */
  readonly payer?: string;
};

/** One run of one job. */
export type JobContext = Services & { readonly signal: AbortSignal };

const services: Record<keyof Ports, string> = {
  trendSource: 'Apify',
  languageModel: 'Gemini',
  chatModel: 'Gemini',
  videoModels: 'fal or Runway',
  videoHost: 'YouTube',
  payments: 'Stripe',
  mailer: 'Mail (SMTP)',
  storage: 'Storage',
  mediaTools: 'Video tools',
  pictures: 'Pictures',
  thumbnails: 'Thumbnails',
  charts: 'Charts',
};

/** @throws Fault `service_missing` when the port's service is not set up. */
export function requirePort<K extends keyof Ports>(ports: Ports, name: K): NonNullable<Ports[K]> {
  const port = ports[name];
  if (!port) throw new Fault('service_missing', { service: services[name] });
  return port;
}

/** @throws Fault `service_missing` when no web app runs that could take a callback. */
export function requirePublicUrl(context: Services): string {
  const url = context.publicUrl();
  if (!url) throw new Fault('service_missing', { service: 'The web app (npm start)' });
  return url;
}
