import type { Schema } from 'discord-api-spec/zod';

import type { EmulatorAnswer, EmulatorRequest } from '../http.ts';
import type { Faults } from './faults.ts';
import type { IndexedFile } from './message-body.ts';
import { createRateLimiter, type BucketKind, type RateLimiter } from './rate-limits.ts';
import { Refusal, refuse } from './refusal.ts';
import { readBody } from './request-body.ts';
import { checkSelf } from './self-check.ts';
import type { DiscordOptions } from './options.ts';
import type { RequestLog } from './types.ts';
import { pushBounded, recordViolation, type World } from './world.ts';

/** A request of the bot, parsed. */
export type Asked = {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly files: readonly IndexedFile[];
};
export type Answered = { readonly status: number; readonly body?: object };

export type RestRoute = {
  readonly method: string;
  /** `/channels/:channel/messages`; a name stands for one segment. */
  readonly path: string;
  /** What Discord's specification says of a good answer; a list is checked item by item. */
  readonly answers?: Schema;
  /** Interaction routes prove themselves by their token. */
  readonly open?: boolean;
  readonly bucket?: BucketKind;
  readonly handle: (asked: Asked) => Answered;
};

export type Rest = {
  readonly handle: (request: EmulatorRequest) => Promise<EmulatorAnswer>;
  readonly requests: readonly RequestLog[];
  readonly invalid: () => number;
};

type Found = { readonly route: RestRoute; readonly params: Readonly<Record<string, string>> };
type Desk = {
  readonly world: World;
  readonly routes: readonly { readonly route: RestRoute; readonly segments: readonly string[] }[];
  readonly limiter: RateLimiter | null;
};
/** What is known of an answer while it is worked out. */
type Draft = {
  readonly headers: Record<string, string>;
  body: unknown;
  files: readonly IndexedFile[];
};

/** Everything that is the same for all REST routes: address, rights, limits, faults, log, self-check. */
export function createRest(
  world: World,
  routes: readonly RestRoute[],
  faults: Faults,
  limits: DiscordOptions['rateLimits'],
): Rest {
  const split = routes.map((route) => ({ route, segments: route.path.split('/').slice(1) }));
  const desk: Desk = { world, routes: split, limiter: createRateLimiter(limits) };
  const requests: RequestLog[] = [];
  let invalid = 0;
  return {
    requests,
    invalid: () => invalid,
    async handle(request) {
      const { method } = request;
      const segments = segmentsOf(request.url.pathname);
      const route = `/${segments.join('/')}`;
      const draft: Draft = { headers: {}, body: undefined, files: [] };
      const note = (status: number): void => {
        if ([401, 403, 429].includes(status)) invalid += 1;
        const { body } = draft;
        const files = draft.files.map(({ name, data }) => ({ name, size: data.length }));
        const at = world.clock.now().toISOString();
        pushBounded(requests, { method, route, status, body, files, at });
      };
      const fault = await faults.take(method, route);
      if (fault?.instead) {
        note(fault.instead.status);
        return fault.instead;
      }
      const { status, body, refusal } = await settled(world, () =>
        work(desk, request, segments, draft),
      );
      if (refusal) recordViolation(world, { method, route, ...describe(refusal) });
      note(status);
      if (fault?.loseAnswer) return { status: 0, reset: true };
      return { status, headers: draft.headers, ...(body ? { body } : {}) };
    },
  };
}

async function work(
  { world, routes, limiter }: Desk,
  request: EmulatorRequest,
  segments: readonly string[],
  draft: Draft,
): Promise<Answered> {
  const { route, params } = find(routes, request.method, segments);
  if (!route.open && request.header('authorization') !== `Bot ${world.settings.token}`) {
    throw refuse('unauthorized');
  }
  const { body, files } = await readBody(request);
  draft.body = body;
  draft.files = files;
  const kind = route.bucket ?? 'other';
  const place = params['channel'] ?? params['token'] ?? params['guild'] ?? '';
  const key = kind === 'other' ? `${route.method} ${route.path} ${place}` : place;
  const verdict = limiter?.take(kind, key, !route.open);
  Object.assign(draft.headers, verdict?.headers);
  if (verdict?.refused) throw new RateLimited(verdict.refused);
  const answer = route.handle({ params, query: request.url.searchParams, body, files });
  checkSelf(world, `${route.method} ${route.path}`, route.answers, answer.body);
  return answer;
}

function find(routes: Desk['routes'], method: string, segments: readonly string[]): Found {
  const fitting = routes.flatMap(({ route, segments: wanted }) => {
    const params = fit(wanted, segments);
    return params ? [{ route, params }] : [];
  });
  if (fitting.length === 0) throw refuse('notFound');
  const found = fitting.find(({ route }) => route.method === method);
  if (!found) throw refuse('methodNotAllowed');
  return found;
}

class RateLimited extends Refusal {
  readonly retryAfterSeconds: number;
  readonly global: boolean;

  constructor({ retryAfterSeconds, global }: { retryAfterSeconds: number; global: boolean }) {
    super(429, 0, 'You are being rate limited.');
    this.retryAfterSeconds = retryAfterSeconds;
    this.global = global;
  }
}

async function settled(
  world: World,
  run: () => Promise<Answered>,
): Promise<Answered & { readonly refusal?: Refusal }> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof Refusal)
      return { status: error.status, body: bodyOf(error), refusal: error };
    const what = error instanceof Error ? error.stack : undefined;
    pushBounded(world.selfFaults, what ?? String(error));
    throw error;
  }
}

function bodyOf(refusal: Refusal): object {
  const { code, message, errors } = refusal;
  const body = { message, code, ...(errors ? { errors } : {}) };
  if (!(refusal instanceof RateLimited)) return body;
  return { ...body, retry_after: refusal.retryAfterSeconds, global: refusal.global };
}

function describe({ status, code, message, errors }: Refusal) {
  return { status, code, message, ...(errors ? { errors } : {}) };
}

/** `/api/v10/channels/1` without its first two parts, decoded: discord.js sends `%40original`. */
function segmentsOf(pathname: string): string[] {
  const parts = pathname.split('/').slice(2);
  const versioned = /^v\d+$/.test(parts[0] ?? '') ? parts.slice(1) : parts;
  return versioned.map((part) => {
    try {
      return decodeURIComponent(part);
    } catch {
      return part;
    }
  });
}

function fit(
  wanted: readonly string[],
  segments: readonly string[],
): Readonly<Record<string, string>> | null {
  if (wanted.length !== segments.length) return null;
  const params: Record<string, string> = {};
  for (const [index, name] of wanted.entries()) {
    const segment = segments[index] ?? '';
    if (name.startsWith(':')) params[name.slice(1)] = segment;
    else if (name !== segment) return null;
  }
  return params;
}
