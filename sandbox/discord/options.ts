import type { SandboxClock } from '../clock.ts';
import type { RateLimits } from './rate-limits.ts';

export type DiscordOptions = {
  readonly clock: SandboxClock;
  /** 0 or absent: a free port. */
  readonly port?: number;
  /** What must follow `Bot ` in the Authorization header and stand in IDENTIFY. */
  readonly token: string;
  readonly applicationId?: string;
  /** With which the application asks for the tokens of people who sign in. */
  readonly clientSecret?: string;
  readonly botName?: string;
  /** How long an interaction waits for its first answer; 3000 ms. */
  readonly ackMs?: number;
  /** How long an interaction's token lives; 15 minutes. */
  readonly tokenMs?: number;
  readonly heartbeatMs?: number;
  /** Bytes per file; 10 MiB. */
  readonly uploadLimit?: number;
  /** Generous by default; `'strict'` is 5 per 5 s as on the real service; `'off'` answers everything. */
  readonly rateLimits?: Partial<RateLimits> | 'strict' | 'off';
  /** Privileged intents that the application may ask for, as a bit field; none. */
  readonly privilegedIntents?: number;
  /** What GET /gateway/bot recommends; 1. */
  readonly shards?: number;
  /** Makes interaction tokens and session ids differ between emulators. */
  readonly idSeed?: number;
  /** Serves the page for the browser at `/`. */
  readonly page?: boolean;
};

export type Fault = {
  /** A string matches the route as a whole or its beginning. */
  readonly route: RegExp | string;
  readonly method?: string;
  readonly status: number;
  /** How many requests it hits; 1. */
  readonly times?: number;
  readonly code?: number;
  readonly message?: string;
  /** Seconds, for a 429. */
  readonly retryAfter?: number;
  /** Waits on the wall clock before answering; with `status` 0 the request is then answered as usual. */
  readonly delayMs?: number;
  /** Cuts the connection; with `reset: 'after'` the request takes effect first and only its answer is lost. */
  readonly reset?: boolean | 'after';
};

export type RoleOptions = { readonly name: string; readonly permissions?: bigint };

export type GuildOptions = {
  readonly id?: string;
  readonly roles?: readonly RoleOptions[];
  /** False: only user-installed commands work here and channel routes answer 403. */
  readonly botIsMember?: boolean;
  readonly locale?: string;
};

export type PersonOptions = {
  readonly locale?: string;
  readonly id?: string;
  /** False: messages to their DM answer 50007. */
  readonly acceptsDms?: boolean;
  /** May manage the server: Administrator. */
  readonly isManager?: boolean;
  /** Names of roles, of every guild that has them. */
  readonly roles?: readonly string[];
  /** null: an account without an address. */
  readonly email?: string | null;
  /** False: nobody has confirmed the address. */
  readonly emailVerified?: boolean;
};
