import type { EmulatorAnswer } from '../http.ts';

type ApiProblem = {
  readonly status: number;
  readonly reason: string;
  readonly message: string;
  readonly domain?: string;
  readonly location?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

const statusNames: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  409: 'ALREADY_EXISTS',
  413: 'INVALID_ARGUMENT',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  503: 'UNAVAILABLE',
};

/** An error in the shape of the YouTube Data API: `error.errors[0].reason` is what clients read. */
export function apiError(problem: ApiProblem): EmulatorAnswer {
  const { status, reason, message, domain = 'global', location, headers } = problem;
  const detail = { message, domain, reason };
  return {
    status,
    ...(headers ? { headers } : {}),
    body: {
      error: {
        code: status,
        message,
        errors: [location ? { ...detail, location, locationType: 'other' } : detail],
        status: statusNames[status] ?? 'UNKNOWN',
      },
    },
  };
}

/** An error in the shape of Google's token endpoint. */
export const oauthError = (
  error: string,
  description: string,
  status = error === 'invalid_client' ? 401 : 400,
): EmulatorAnswer => ({ status, body: { error, error_description: description } });

export const authError = (): EmulatorAnswer =>
  apiError({
    status: 401,
    reason: 'authError',
    message:
      'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.',
    location: 'Authorization',
  });

/** A Google account without a YouTube channel. */
export const signupRequired = (): EmulatorAnswer =>
  apiError({
    status: 401,
    reason: 'youtubeSignupRequired',
    domain: 'youtube.header',
    message: 'Unauthorized',
    location: 'Authorization',
  });

export const quotaExceeded = (): EmulatorAnswer =>
  apiError({
    status: 403,
    reason: 'quotaExceeded',
    domain: 'youtube.quota',
    message: 'The request cannot be completed because you have exceeded your quota.',
  });

export const escapeHtml = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
