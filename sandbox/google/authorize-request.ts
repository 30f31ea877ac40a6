import type { EmulatorAnswer } from '../http.ts';
import { renderRefusal } from './consent-page.ts';
import type { Project } from './project.ts';

/** A page of Google's. */
export const html = (status: number, body: string): EmulatorAnswer => ({
  status,
  headers: {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'x-frame-options': 'DENY',
  },
  body,
});

type Problem = { readonly error: string; readonly detail: string };

function redirectProblem(redirectUri: string | null): Problem | null {
  const redirect = URL.parse(redirectUri ?? '');
  if (!redirect) {
    return { error: 'invalid_request', detail: 'Missing required parameter: redirect_uri' };
  }
  const isLoopback = ['localhost', '127.0.0.1', '[::1]'].includes(redirect.hostname);
  const isWeb = redirect.protocol === 'https:' || (redirect.protocol === 'http:' && isLoopback);
  return isWeb && redirect.hash === ''
    ? null
    : {
        error: 'redirect_uri_mismatch',
        detail: 'Plain http is only accepted for this computer, and no fragment.',
      };
}

function challengeProblem(challenge: string | null, method: string | null): string | null {
  if (challenge === null) return method === null ? null : 'code_challenge is missing.';
  if (method !== 'S256') return 'code_challenge_method must be S256.';
  return /^[\w-]{43}$/u.test(challenge) ? null : 'code_challenge is not a SHA-256 in base64url.';
}

const invalid = (detail: string): Problem => ({ error: 'invalid_request', detail });

function findProblem(asked: URLSearchParams): Problem | null {
  if (asked.get('response_type') !== 'code') {
    return invalid('Missing or unsupported response_type; it must be code.');
  }
  if (!asked.get('scope')?.trim()) return invalid('Missing required parameter: scope');
  const challenge = challengeProblem(
    asked.get('code_challenge'),
    asked.get('code_challenge_method'),
  );
  return challenge === null ? redirectProblem(asked.get('redirect_uri')) : invalid(challenge);
}

/** The page for a request that Google does not accept; null for one that it does. */
export function requestProblem(project: Project, asked: URLSearchParams): EmulatorAnswer | null {
  if (asked.get('client_id') !== project.options.clientId) {
    return html(401, renderRefusal('invalid_client', 'The OAuth client was not found.'));
  }
  const problem = findProblem(asked);
  return problem ? html(400, renderRefusal(problem.error, problem.detail)) : null;
}

/** The scopes of a request, each once. */
export const scopesOf = (text: string | null): string[] => [
  ...new Set((text ?? '').split(/\s+/u).filter((scope) => scope !== '')),
];
