import { z } from 'zod';
import { Fault } from '../fault.ts';
import { requiredScopes } from '../ports/video-host.ts';
import { secondsUntilPacificMidnight } from './google-quota-day.ts';

/** What YouTube's reasons mean in plain words. Source: the API's errors page, reference/youtube.md 4.4. */
const refusalWords: Readonly<Record<string, string>> = {
  invalidTitle: 'the title must have 1 to 100 characters and no < or >',
  invalidDescription:
    'the description may have 5,000 bytes (about 1,600 Chinese characters) and no < or >',
  invalidTags: 'the tags together may have 500 characters and no < or >',
  invalidCategoryId: 'this category cannot be used',
  invalidPublishAt:
    'the publishing time must be in the future and the video must not be public yet',
  invalidVideoMetadata: 'some of its details do not fit together',
  invalidRecordingDetails: 'its recording details do not fit',
  invalidVideoGameRating: 'its game rating does not fit',
  invalidFilename: 'its file name cannot be used',
  mediaBodyRequired: 'the file is missing',
  invalidImage: 'the picture is none that it accepts',
  badContent: 'the file is not a video it accepts',
  uploadTooLarge: 'the file is too large',
  defaultLanguageNotSet: 'translated texts need a main language',
  uploadLimitExceeded: 'this channel has reached its upload limit for today; try again tomorrow',
  youtubeSignupRequired: 'this Google account has no YouTube channel yet',
  forbidden: 'this account may not do that on this channel',
  forbiddenPrivacySetting: 'this channel may not use that visibility',
  forbiddenLicenseSetting: 'this channel may not use that licence',
  accountDelegationForbidden: 'this account may not act for that channel',
  authenticatedUserAccountClosed: 'the YouTube account is closed',
  authenticatedUserAccountSuspended: 'the YouTube account is suspended',
  authenticatedUserNotChannel: 'this Google account has no YouTube channel yet',
  channelClosed: 'the channel is closed',
  channelSuspended: 'the channel is suspended',
  videoNotFound: 'it does not know this video any more',
  playlistNotFound: 'it does not know this playlist',
};

/** The rest: never YouTube's own text, which may carry anything. */
const unknownRefusal = 'it does not accept this video as it is';

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
  readonly status: number | null;
  readonly reason: string;
  readonly retryAfterSeconds: number | undefined;
};

function readFailure(error: unknown, now: Date): FailedCall | null {
  const parsed = failedCallSchema.safeParse(error);
  if (!parsed.success) return null;
  const { response, code } = parsed.data;
  if (!response) {
    return { status: null, reason: String(code ?? 'network'), retryAfterSeconds: undefined };
  }
  const api = apiProblemSchema.safeParse(response.data);
  const oauth = oauthProblemSchema.safeParse(response.data);
  return {
    status: response.status,
    reason: api.data?.error.errors[0]?.reason ?? oauth.data?.error ?? 'unknown',
    retryAfterSeconds: parseRetryAfter(response.headers.get('retry-after'), now),
  };
}

/** Retry-After in seconds: a number, or an HTTP date measured from `now`. */
function parseRetryAfter(header: string | null, now: Date): number | undefined {
  if (header === null) return undefined;
  if (/^\d{1,9}$/u.test(header)) return Number(header);
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - now.getTime()) / 1000));
}

const dailyQuota = new Set(['quotaExceeded', 'dailyLimitExceeded', 'dailyLimitExceeded402']);
const pace = new Set(['rateLimitExceeded', 'userRateLimitExceeded', 'uploadRateLimitExceeded']);
const scope = new Set(['insufficientPermissions', 'insufficientScopes']);
/** Our own registration with Google is at fault: only the operator can help. */
const ours = new Set([
  'invalid_client',
  'unauthorized_client',
  'deleted_client',
  'disabled_client',
  'redirect_uri_mismatch',
  'unsupported_grant_type',
  'accessNotConfigured',
]);

/**
 * The Fault for a failed Google call; anything that is not a failed call comes back as it is.
 * The cause keeps status and reason only, because a Gaxios error carries tokens and session addresses.
 * @internal
 */
export function toVideoHostError(error: unknown, now: Date, refuse: Refuse = refusal): unknown {
  const failure = readFailure(error, now);
  if (!failure) return error;
  const { status, reason } = failure;
  const cause = new Error(`YouTube answered ${status ?? 'nothing'}: ${reason}`);
  if (isBusy(failure)) {
    const seconds = dailyQuota.has(reason)
      ? secondsUntilPacificMidnight(now)
      : failure.retryAfterSeconds;
    const wait = seconds === undefined ? {} : { retryAfterSeconds: seconds };
    return new Fault('provider_busy', { provider: 'YouTube' }, { cause, ...wait });
  }
  if (scope.has(reason)) {
    return new Fault('channel_scope_missing', { scopes: requiredScopes.join(' ') }, { cause });
  }
  if (ours.has(reason)) return new Fault('provider_locked', { provider: 'YouTube' }, { cause });
  if (reason in refusalWords) return refuse(reason, cause);
  return reason === 'invalid_grant' || status === 401
    ? new Fault('channel_reconnect', { channel: '' }, { cause })
    : refuse(reason, cause);
}

/** No answer at all, too fast, out of quota, or broken on their side: all pass with time. */
const isBusy = ({ status, reason }: FailedCall): boolean =>
  dailyQuota.has(reason) ||
  pace.has(reason) ||
  status === null ||
  status === 408 ||
  status === 429 ||
  status >= 500;

/** What a refusal by this reason is for whoever asked. */
type Refuse = (reason: string, cause: Error) => Fault;

/** The refusal of a video. */
export const refusal: Refuse = (reason, cause) =>
  new Fault('publication_refused', { reason: refusalWords[reason] ?? unknownRefusal }, { cause });

/** Runs a Google call and turns its failure into a Fault; `refuse` writes the one of a refusal. */
export async function callGoogle<T>(
  now: () => Date,
  call: () => Promise<T>,
  refuse: Refuse = refusal,
): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw toVideoHostError(error, now(), refuse);
  }
}
