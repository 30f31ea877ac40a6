import { z } from 'zod';
import { Fault } from '../fault.ts';
import { secondsUntilPacificMidnight } from '../pacific-day.ts';
import { requiredScopes } from '../ports/video-host.ts';

/** What a failed call comes down to for whoever made it. */
const kinds = ['daily', 'busy', 'scope', 'ours', 'reconnect', 'refused'] as const;
type Kind = (typeof kinds)[number];

/**
 * The reasons that tell more than the status they come with; every other one is a refusal, which
 * core/messages/refusals.ts has the words for.
 * Source: https://developers.google.com/youtube/v3/docs/errors, reference/youtube.md 4.4.
 */
const reasonsOfKind: Readonly<Record<Kind, readonly string[]>> = {
  /** Until midnight in California. */
  daily: ['quotaExceeded', 'dailyLimitExceeded', 'dailyLimitExceeded402'],
  busy: ['rateLimitExceeded', 'userRateLimitExceeded', 'uploadRateLimitExceeded'],
  scope: ['insufficientPermissions', 'insufficientScopes'],
  /** Our own registration with Google is at fault: only the operator can help. */
  ours: [
    'invalid_client',
    'unauthorized_client',
    'deleted_client',
    'disabled_client',
    'redirect_uri_mismatch',
    'unsupported_grant_type',
    'accessNotConfigured',
  ],
  reconnect: ['invalid_grant'],
  /** About the account: some come as a 401, and connecting again would change nothing. */
  refused: [
    'youtubeSignupRequired',
    'authenticatedUserNotChannel',
    'authenticatedUserAccountClosed',
    'authenticatedUserAccountSuspended',
    'accountDelegationForbidden',
    'channelClosed',
    'channelSuspended',
  ],
};

const failedCallSchema = z.object({
  response: z
    .object({
      status: z.number().int(),
      data: z.unknown(),
      headers: z.custom<Headers>((value) => value instanceof Object && 'get' in value),
    })
    .optional(),
  config: z.object({}),
  code: z.union([z.string(), z.number()]).optional(),
});

const apiProblemSchema = z.object({
  error: z.object({ errors: z.array(z.object({ reason: z.string() })).min(1) }),
});
const oauthProblemSchema = z.object({ error: z.string() });

/** What is known of a failed call, without its address, headers or body: those carry secrets. */
type FailedCall = {
  /** null: no answer at all. */
  readonly status: number | null;
  readonly reason: string;
  readonly retryAfter: string | null;
};

function readFailure(error: unknown): FailedCall | null {
  const parsed = failedCallSchema.safeParse(error);
  if (!parsed.success) return null;
  const { response, code } = parsed.data;
  if (!response) return { status: null, reason: String(code ?? 'network'), retryAfter: null };
  const api = apiProblemSchema.safeParse(response.data);
  const oauth = oauthProblemSchema.safeParse(response.data);
  return {
    status: response.status,
    reason: api.data?.error.errors[0]?.reason ?? oauth.data?.error ?? 'unknown',
    retryAfter: response.headers.get('retry-after'),
  };
}

function kindOf({ status, reason }: FailedCall): Kind {
  const known = kinds.find((kind) => reasonsOfKind[kind].includes(reason));
  if (known === 'daily') return known;
  if (status === null || status === 408 || status === 429 || status >= 500) return 'busy';
  return known ?? (status === 401 ? 'reconnect' : 'refused');
}

/** Retry-After in seconds: a number, or an HTTP date measured from `now`. */
function parseRetryAfter(header: string | null, now: Date): number | undefined {
  if (header === null) return undefined;
  if (/^\d{1,9}$/u.test(header)) return Number(header);
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - now.getTime()) / 1000));
}

/** What one place says of its failures in its own way. */
export type FailureWords = {
  /** What a refusal by this reason is for whoever asked. */
  readonly refuse?: (reason: string, cause: Error) => Fault;
  /** What the person has to allow for it. */
  readonly scopes?: readonly string[];
};

/**
 * The Fault for a failed Google call; anything that is not a failed call comes back as it is.
 * The cause keeps status and reason only, because a Gaxios error carries tokens and session addresses.
 * @internal
 */
export function toVideoHostError(error: unknown, now: Date, words: FailureWords = {}): unknown {
  const failure = readFailure(error);
  if (!failure) return error;
  const { status, reason, retryAfter } = failure;
  const cause = new Error(`YouTube answered ${status ?? 'nothing'}: ${codeOf(reason)}`);
  const kind = kindOf(failure);
  if (kind === 'daily') return busy(cause, secondsUntilPacificMidnight(now));
  if (kind === 'busy') return busy(cause, parseRetryAfter(retryAfter, now));
  if (kind === 'scope')
    return new Fault('channel_scope_missing', { scopes: nameScopes(words.scopes) }, { cause });
  if (kind === 'ours') return new Fault('provider_locked', { provider: 'YouTube' }, { cause });
  if (kind === 'reconnect') return new Fault('channel_reconnect', { channel: '' }, { cause });
  return (words.refuse ?? refusal)(reason, cause);
}

function busy(cause: Error, retryAfterSeconds: number | undefined): Fault {
  const wait = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
  return new Fault('provider_busy', { provider: 'YouTube' }, { cause, ...wait });
}

const nameScopes = (scopes: readonly string[] = requiredScopes): string =>
  scopes.map((scope) => scope.slice(scope.lastIndexOf('/') + 1)).join(', ');

/** Reasons are single words; anything else may carry anything, and is not repeated. */
const codeOf = (reason: string): string => (/^\w{1,60}$/u.test(reason) ? reason : 'unknown');

/** The refusal of what was asked, by YouTube's own code for it. */
export const refusal = (reason: string, cause: Error): Fault => {
  const code = /^[A-Za-z]{1,60}$/u.test(reason) ? reason : 'unknown';
  return new Fault('publication_refused', { reason: code }, { cause });
};

/** For the `catch` of a call: makes null of a failure by one of these reasons. */
export const unless =
  (...reasons: readonly string[]) =>
  (error: unknown): null => {
    const failure = readFailure(error);
    if (failure?.status && failure.status < 500 && reasons.includes(failure.reason)) return null;
    throw error;
  };

/** Runs a Google call and turns its failure into a Fault. */
export async function callGoogle<T>(
  now: () => Date,
  call: () => Promise<T>,
  words: FailureWords = {},
): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw toVideoHostError(error, now(), words);
  }
}
