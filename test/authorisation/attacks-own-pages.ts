import { garbage, type Attack } from './attack-parts.ts';
import type { Scene } from './scene.ts';

type Parts = { readonly scene: Scene };

/** A page of the person's own, for those who are not signed in: they are sent to where they can. */
function ownPage({ scene: { owner, neighbour } }: Parts, path: string): Attack[] {
  const away = { statuses: [303] };
  return [
    { what: 'nothing', path, ...away },
    { what: 'garbage', path: `${path}?${garbage}`, ...away },
    { what: 'a session that is none', path, headers: { cookie: 'jilo.session_token=x' }, ...away },
    {
      what: "the owner's token, which is no session",
      path,
      headers: { authorization: `Bearer ${owner.tokens.read}` },
      ...away,
    },
    {
      what: 'the id of the owner as a session',
      path,
      headers: { cookie: `jilo.session_token=${owner.context.actor.accountId}` },
      ...away,
    },
    {
      what: "the neighbour's token as a session",
      path,
      headers: { cookie: `jilo.session_token=${neighbour.tokens.read}` },
      ...away,
    },
  ];
}

/** A press on such a page, with what only the page itself would have sent, guessed or signed for somebody else. */
function ownPress({ scene }: Parts, path: string): Attack[] {
  const { world, owner, neighbour, stranger } = scene;
  const signed = (session: string) => world.app.crypto.sign('csrf', session);
  const press = (csrf: string) => ({
    method: 'POST',
    body: new URLSearchParams({ csrf, name: 'x', scopes: 'read', days: '1', leash: '20' }),
  });
  const guessed = signed(owner.context.actor.accountId);
  return [
    { what: 'nothing', path, method: 'POST' },
    { what: 'garbage', path, method: 'POST', body: new URLSearchParams(garbage) },
    { what: 'a field that is made up', path, ...press('x'.repeat(43)), statuses: [303] },
    { what: 'a field signed for the account', path, ...press(guessed), statuses: [303] },
    {
      what: 'and a session that is none',
      path,
      headers: { cookie: `jilo.session_token=${neighbour.tokens.read}` },
      ...press(guessed),
      statuses: [303],
    },
    {
      what: 'and the session of somebody else',
      path,
      headers: { cookie: stranger.cookie },
      ...press(guessed),
    },
    {
      what: 'what the page sends, from the page of another site',
      path,
      headers: { cookie: stranger.cookie, origin: 'https://evil.example' },
      ...press(stranger.csrf),
    },
  ];
}

/** The token of the owner, on the page of somebody else. */
function foreignToken({ scene: { owner, stranger } }: Parts): Attack[] {
  const [id = ''] = owner.has.ids.token;
  const body = new URLSearchParams({ csrf: stranger.csrf });
  const headers = { cookie: stranger.cookie };
  return [{ what: 'the token of the owner', path: `/tokens/${id}/revoke`, headers, body }];
}

/** By route, as `scripts/authorisation/routes.ts` names it. */
export const attacksOnOwnPages: Readonly<Record<string, (parts: Parts) => Attack[]>> = {
  'GET /dashboard': (parts) => ownPage(parts, '/dashboard'),
  'GET /tokens': (parts) => ownPage(parts, '/tokens'),
  'POST /tokens': (parts) => ownPress(parts, '/tokens'),
  'POST /tokens/:id/revoke': (parts) => [
    ...ownPress(parts, '/tokens/tok_x/revoke'),
    ...foreignToken(parts),
  ],
  'GET /account': (parts) => ownPage(parts, '/account'),
  'POST /account': (parts) => ownPress(parts, '/account'),
  'GET /account/delete': (parts) => ownPage(parts, '/account/delete'),
  'POST /account/delete': (parts) => ownPress(parts, '/account/delete'),
};
