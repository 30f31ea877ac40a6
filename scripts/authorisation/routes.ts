/** What lets somebody in at an address of the web app. */
export type Admission =
  | 'nothing: it is public'
  | 'a link that we signed for this very thing'
  | 'a link that we signed, and a form of our own page'
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
  'GET /metrics': 'the token of the operator, or being on this machine',
  'POST /webhooks/fal': 'a link that we signed, and the signature of the provider',
  'POST /webhooks/stripe': 'the signature of the provider',
  'GET /oauth/google/start': 'a one-time state, and a form of our own page',
  'POST /oauth/google/start': 'a one-time state, and a form of our own page',
  'HEAD /oauth/google/callback': 'nothing: it is public',
  'GET /oauth/google/callback': 'a one-time state, and the browser that began with it',
  'GET /media/*key': 'a link that we signed for this very thing',
  'GET /charts/:content.png': 'a link that we signed for this very thing',
  'GET /receipts/:account.:format': 'a link that we signed for this very thing',
  'GET /progress/:subject': 'a link that we signed for this very thing',
  'GET /billing/done': 'a link that we signed for this very thing',
  'GET /billing/cancelled': 'nothing: it is public',
  'GET /billing/back': 'nothing: it is public',
  'GET /approvals/:id': 'a link that we signed for this very thing',
  'POST /approvals/:id': 'a link that we signed, and a form of our own page',
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
