/** What lets somebody in at an address of the web app. */
export type Admission =
  | 'nothing: it is public'
  | 'a link that we signed for this very thing'
  | 'a link that we signed for this very thing, or a session'
  | 'a link that we signed, and a form of our own page'
  | 'a link that we signed, and a session'
  | 'a link that we signed, a session, and a form of our own page'
  | 'a session'
  | 'a form of our own page'
  | 'what only the person knows, and a form of our own page'
  | 'a code or a token, and the proof of the program'
  | 'a session, and a form of our own page'
  | 'a one-time state, and a form of our own page'
  | 'a one-time state, and the browser that began with it'
  | 'a link that we signed, and the signature of the provider'
  | 'the signature of the provider'
  | 'an access token'
  | 'the token of the operator, or being on this machine';

/** One row for every route of the web app, by method and path as they are registered. */
export const routes: Readonly<Record<string, Admission>> = {
  'GET /healthz': 'nothing: it is public',
  'GET /readyz': 'nothing: it is public',
  'GET /icon.svg': 'nothing: it is public',
  'GET /metrics': 'the token of the operator, or being on this machine',
  'POST /webhooks/fal': 'a link that we signed, and the signature of the provider',
  'POST /webhooks/stripe': 'the signature of the provider',
  'GET /oauth/google/start': 'a one-time state, and a form of our own page',
  'POST /oauth/google/start': 'a one-time state, and a form of our own page',
  'HEAD /oauth/google/callback': 'nothing: it is public',
  'GET /oauth/google/callback': 'a one-time state, and the browser that began with it',
  'GET /media/*key': 'a link that we signed for this very thing',
  'GET /videos/:id': 'a link that we signed for this very thing, or a session',
  'GET /videos/:id/captions.vtt': 'a link that we signed for this very thing, or a session',
  'GET /s/:token': 'a link that we signed for this very thing',
  'GET /s/:token/:file': 'a link that we signed for this very thing',
  'GET /charts/:content.png': 'a link that we signed for this very thing',
  'GET /receipts/:account.:format': 'a link that we signed for this very thing',
  'GET /exports/:account.json': 'a link that we signed for this very thing',
  'GET /progress/:subject': 'a link that we signed for this very thing',
  'GET /billing/done': 'a link that we signed for this very thing',
  'GET /billing/cancelled': 'nothing: it is public',
  'GET /billing/back': 'nothing: it is public',
  'GET /dashboard': 'a session',
  'GET /tokens': 'a session',
  'POST /tokens': 'a session, and a form of our own page',
  'POST /tokens/:id/revoke': 'a session, and a form of our own page',
  'GET /account': 'a session',
  'POST /account': 'a session, and a form of our own page',
  'GET /account/delete': 'a session',
  'POST /account/delete': 'a session, and a form of our own page',
  'GET /approvals/:id': 'a link that we signed for this very thing',
  'POST /approvals/:id': 'a link that we signed, and a form of our own page',
  'GET /link/:id': 'a link that we signed, and a session',
  'POST /link/:id': 'a link that we signed, a session, and a form of our own page',
  'GET /': 'nothing: it is public',
  'GET /sign-in': 'nothing: it is public',
  'POST /sign-in': 'what only the person knows, and a form of our own page',
  'POST /sign-in/:provider': 'a form of our own page',
  'POST /sign-out': 'a session, and a form of our own page',
  'POST /sign-out/everywhere': 'a session, and a form of our own page',
  'GET /sign-up': 'nothing: it is public',
  'POST /sign-up': 'a form of our own page',
  'GET /verify': 'nothing: it is public',
  'POST /verify': 'what only the person knows, and a form of our own page',
  'GET /reset': 'nothing: it is public',
  'POST /reset': 'a form of our own page',
  'GET /reset/new': 'nothing: it is public',
  'POST /reset/new': 'what only the person knows, and a form of our own page',
  'GET /auth-error': 'nothing: it is public',
  'GET /consent': 'a link that we signed, and a session',
  'POST /consent': 'a link that we signed, a session, and a form of our own page',
  'GET /.well-known/oauth-authorization-server/auth': 'nothing: it is public',
  'GET /auth/.well-known/oauth-authorization-server': 'nothing: it is public',
  'GET /auth/oauth2/authorize': 'nothing: it is public',
  'POST /auth/oauth2/token': 'a code or a token, and the proof of the program',
  'POST /auth/oauth2/register': 'nothing: it is public',
  'POST /auth/oauth2/revoke': 'a code or a token, and the proof of the program',
  'GET /auth/callback/:provider': 'a one-time state, and the browser that began with it',
  'GET /.well-known/oauth-protected-resource': 'nothing: it is public',
  'GET /.well-known/oauth-protected-resource/mcp': 'nothing: it is public',
  'GET /.well-known/mcp/server-card.json': 'nothing: it is public',
  'ALL /mcp': 'an access token',
};

const file = 'scripts/authorisation/routes.ts';

/**
 * What is wrong with the rows, each with what to do about it.
 * @internal
 */
export function faultsOfRoutes(
  registered: readonly string[],
  rows: Readonly<Record<string, Admission>>,
): string[] {
  const known = Object.keys(rows);
  return [
    ...registered
      .filter((route) => !known.includes(route))
      .map((route) => `${route}: add its row to ${file}: what lets somebody in there`),
    ...known
      .filter((route) => !registered.includes(route))
      .map((route) => `${route}: there is no such route; remove its row from ${file}`),
  ];
}
