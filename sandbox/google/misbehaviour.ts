import type { EmulatorAnswer, EmulatorRequest, Route } from '../http.ts';
import { apiError, authError, oauthError, quotaExceeded } from './answers.ts';

/**
 * `start` is the insert and `chunk` a PUT with bytes; `videos` is videos.list and `update` videos.update;
 * `uploads` lists the uploads of a channel; the rest is every call of that name.
 */
type Place =
  | 'token'
  | 'revoke'
  | 'userinfo'
  | 'start'
  | 'chunk'
  | 'query'
  | 'videos'
  | 'update'
  | 'uploads'
  | 'channels'
  | 'thumbnail'
  | 'playlists'
  | 'playlist_items'
  | 'captions';

/**
 * `reset_after` loses the answer to what has happened. On a chunk, `reset_middle` cuts the connection when half of
 * it is stored and `partial` stores half and says so, both in whole units of 256 KiB; `gone` ends the session.
 */
type GoogleFailure =
  | 'reset_before'
  | 'reset_middle'
  | 'reset_after'
  | 'http_401'
  | 'http_403_quota'
  | 'http_429'
  | 'http_429_upload'
  | 'http_500'
  | 'http_503'
  | 'partial'
  | 'gone'
  | 'invalid_grant';

/** One wish for trouble: the next `times` calls at `on`, after letting `after` of them pass. */
export type GoogleMisbehaviour = {
  readonly on: Place;
  readonly how: GoogleFailure;
  readonly times: number;
  readonly after?: number;
};

type Handle = Route['handle'];

/** Failures that the handler itself must play, because they change what is stored. */
export type InnerFailure = 'partial' | 'reset_middle' | 'gone' | null;

type Wish = { on: Place; how: GoogleFailure; times: number; after: number };

export type Troublemaker = {
  add(misbehaviour: GoogleMisbehaviour): void;
  /** Forgets what has not happened yet. */
  clear(): void;
  wrap(
    place: Place | ((request: EmulatorRequest) => Place),
    handle: (
      request: EmulatorRequest,
      failure: InnerFailure,
    ) => Promise<EmulatorAnswer> | EmulatorAnswer,
  ): Handle;
};

/** Wraps handlers so that they fail as they were told to, in the order of the wishes. */
export function createTroublemaker(): Troublemaker {
  const wishes: Wish[] = [];
  const take = (place: Place): GoogleFailure | null => {
    const wish = wishes.find(({ on, times }) => on === place && times > 0);
    if (!wish) return null;
    if (wish.after > 0) {
      wish.after -= 1;
      return null;
    }
    wish.times -= 1;
    return wish.how;
  };
  return {
    clear: () => {
      wishes.length = 0;
    },
    add: ({ on, how, times, after = 0 }) => {
      wishes.push({ on, how, times, after });
    },
    wrap: (place, handle) => async (request) => {
      const how = take(typeof place === 'string' ? place : place(request));
      if (how === 'reset_before') return { status: 0, reset: true };
      if (how === 'reset_after') {
        await handle(request, null);
        return { status: 0, reset: true };
      }
      if (how === null || how === 'partial' || how === 'reset_middle' || how === 'gone') {
        return handle(request, how);
      }
      return failedAnswers[how];
    },
  };
}

type PlainFailure = Exclude<GoogleFailure, 'reset_before' | 'reset_after' | InnerFailure>;

const failedAnswers: Readonly<Record<PlainFailure, EmulatorAnswer>> = {
  http_401: authError(),
  http_403_quota: quotaExceeded(),
  http_429: apiError({
    status: 429,
    reason: 'rateLimitExceeded',
    message: 'Too many requests.',
    headers: { 'retry-after': '17' },
  }),
  http_429_upload: apiError({
    status: 429,
    reason: 'uploadRateLimitExceeded',
    domain: 'youtube.thumbnail',
    message:
      'The channel has uploaded too many thumbnails recently. Please try the request again later.',
  }),
  http_500: apiError({ status: 500, reason: 'backendError', message: 'Backend Error' }),
  http_503: apiError({
    status: 503,
    reason: 'backendError',
    message: 'The service is currently unavailable.',
  }),
  invalid_grant: oauthError('invalid_grant', 'Token has been expired or revoked.'),
};
