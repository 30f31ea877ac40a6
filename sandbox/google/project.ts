import type { SandboxClock } from '../clock.ts';
import type { EmulatorAnswer, EmulatorRequest } from '../http.ts';
import { apiError, authError, quotaExceeded } from './answers.ts';
import type { Access, GoogleState, StateStore } from './state.ts';

export type GoogleOptions = {
  readonly port?: number;
  readonly clock: SandboxClock;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Where tokens, channels, sessions and videos survive a restart. */
  readonly stateFile?: string;
  /** Where the bytes of uploads go. */
  readonly uploadFolder: string;
  /** How long a video stays `uploaded` before it is `processed`. */
  readonly processingMs: number;
  /** An unaudited project: every video is forced private. */
  readonly projectLocked?: boolean;
  /** A consent screen in "Testing": refresh tokens die after 7 days. */
  readonly testing?: boolean;
  /** videos.insert calls of the project per Pacific day. Default 100. */
  readonly insertsPerDay?: number;
  /** Units of the project per Pacific day for everything but inserts. Default 10,000. */
  readonly unitsPerDay?: number;
  /** Uploads of one channel per Pacific day (YouTube does not publish it). Default: no limit. */
  readonly uploadsPerChannelPerDay?: number;
};

/** What every part of the emulator works on. */
export type Project = { readonly options: GoogleOptions; readonly store: StateStore };

const prefix = 'https://www.googleapis.com/auth/';
export const readScopes = ['youtube.readonly', 'youtube', 'youtube.force-ssl'].map(
  (name) => prefix + name,
);
export const uploadScopes = ['youtube.upload', 'youtube', 'youtube.force-ssl'].map(
  (name) => prefix + name,
);
/** What changes videos, playlists and captions. */
export const manageScopes = ['youtube', 'youtube.force-ssl'].map((name) => prefix + name);
export const captionScopes = [`${prefix}youtube.force-ssl`];

const pacific = new Intl.DateTimeFormat('en-CA', { timeZone: 'America/Los_Angeles' });

/** The day of the project's quota, which ends at midnight Pacific. */
export const pacificDay = (at: Date): string => pacific.format(at);

/** Today's use of the project's quota; an older day's is forgotten. */
export function usedToday({ store, options }: Project): GoogleState['used'] {
  const day = pacificDay(options.clock.now());
  if (store.state.used.day !== day) store.state.used = { day, inserts: 0, units: 0 };
  return store.state.used;
}

/** Takes units of what everything but uploads shares, or refuses; a read is one. */
export function spendUnits(project: Project, units = 1): EmulatorAnswer | null {
  const used = usedToday(project);
  if (used.units + units > (project.options.unitsPerDay ?? 10_000)) return quotaExceeded();
  used.units += units;
  return null;
}

/** Who is asking, or the refusal for a missing, expired or revoked token or a scope that was not granted. */
export function authorize(
  { store, options }: Project,
  request: EmulatorRequest,
  scopes: readonly string[],
): { access: Access } | { refusal: EmulatorAnswer } {
  const token = /^Bearer (?<token>\S+)$/u.exec(request.header('authorization') ?? '');
  const access = store.state.access.find((known) => known.token === token?.groups?.['token']);
  if (!access || access.expiresAt <= options.clock.now().getTime()) {
    return { refusal: authError() };
  }
  if (!access.scopes.some((scope) => scopes.includes(scope))) {
    const message = 'Request had insufficient authentication scopes.';
    return { refusal: apiError({ status: 403, reason: 'insufficientPermissions', message }) };
  }
  return { access };
}

/** The same for what costs units, which a request that turns out wrong has spent as well. */
export function admit(
  project: Project,
  request: EmulatorRequest,
  { scopes, units }: { readonly scopes: readonly string[]; readonly units: number },
): { access: Access } | { refusal: EmulatorAnswer } {
  const caller = authorize(project, request, scopes);
  if ('refusal' in caller) return caller;
  const refusal = spendUnits(project, units);
  return refusal ? { refusal } : caller;
}
