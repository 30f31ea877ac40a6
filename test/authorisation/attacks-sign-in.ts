import { garbage, type Attack } from './attack-parts.ts';
import type { Scene } from './scene.ts';

type Parts = { readonly scene: Scene };

const elsewhere = { origin: 'https://evil.example' };
const garbageForm = new URLSearchParams(garbage);
const form = (fields: Readonly<Record<string, string>>) => ({
  method: 'POST',
  body: new URLSearchParams(fields),
});

/** A page that shows a form to everybody, and what it must not be moved to. */
const formPage = (path: string): Attack[] => [
  { what: 'nothing', path, statuses: [200] },
  { what: 'garbage', path: `${path}?${garbage}`, statuses: [200] },
  { what: 'a token of ours', path: `${path}?token=${'x'.repeat(43)}`, statuses: [200] },
];

/** A form with nothing, with garbage, with what is guessed, and pressed by the page of another site. */
function guessed(path: string, guess: Readonly<Record<string, string>>): Attack[] {
  return [
    { what: 'nothing', path, method: 'POST' },
    { what: 'garbage', path, method: 'POST', body: garbageForm },
    { what: 'a guess', path, ...form(guess) },
    { what: 'the page of another site', path, headers: elsewhere, ...form(guess) },
    {
      what: 'the page of another site in an older browser',
      path,
      headers: { 'sec-fetch-site': 'cross-site' },
      ...form(guess),
    },
  ];
}

const password = 'correct horse 7';

/** A mail is promised to whoever asks, and goes to the address alone. */
const promised = (path: string, fields: Readonly<Record<string, string>>): Attack[] => [
  ...guessed(path, { ...fields, email: 'nobody' }),
  { what: 'an address that nobody has', path, ...form(fields), statuses: [200] },
];

/** Leaving begins and ends at the page where people sign in. */
const leaving = ({ scene: { stranger } }: Parts, path: string): Attack[] => [
  { what: 'nobody', path, method: 'POST', statuses: [303] },
  {
    what: 'a session that is none',
    path,
    ...form({ csrf: stranger.csrf }),
    headers: { cookie: 'jilo.session_token=x' },
    statuses: [303],
  },
  {
    what: 'somebody, without the field of the page',
    path,
    method: 'POST',
    headers: { cookie: stranger.cookie },
  },
  {
    what: 'somebody, by the page of another site',
    path,
    ...form({ csrf: stranger.csrf }),
    headers: { ...elsewhere, cookie: stranger.cookie },
  },
];

/** The link by which the owner would become one with whoever accepts. */
function accountLink({ scene: { world, owner, neighbour, stranger } }: Parts, method: string) {
  const [id = ''] = owner.has.ids.link;
  const path = `/link/${id}`;
  const right = world.app.crypto.sign('account-link', id);
  const others = [
    world.app.crypto.sign('account-link', neighbour.has.ids.link[0] ?? ''),
    world.app.crypto.sign('approval', id),
    'garbage',
  ];
  const { cookie, csrf } = stranger;
  const send = (sig: string) =>
    method === 'GET'
      ? { path: `${path}?sig=${sig}` }
      : { path, ...form({ sig, csrf, decision: 'accept' }) };
  return [
    { what: 'nothing', path, method, statuses: [303] },
    { what: 'the right signature and nobody', ...send(right), statuses: [303] },
    ...others.map((sig, index) => ({
      what: `signature ${index} that is of another thing`,
      ...send(sig),
      headers: { cookie },
    })),
    // It was answered before, so whoever has stolen it comes too late.
    { what: 'the right signature a second time', ...send(right), headers: { cookie } },
  ];
}

const acceptedElsewhere = ({ scene: { world, owner, stranger } }: Parts): Attack[] => {
  const [id = ''] = owner.has.ids.link;
  const sig = world.app.crypto.sign('account-link', id);
  const answer = { sig, decision: 'accept' };
  return [
    {
      what: 'no field of the page',
      path: `/link/${id}`,
      ...form(answer),
      headers: { cookie: stranger.cookie },
    },
    {
      what: 'the page of another site',
      path: `/link/${id}`,
      ...form({ ...answer, csrf: stranger.csrf }),
      headers: { ...elsewhere, cookie: stranger.cookie },
    },
  ];
};

/** By route, as `scripts/authorisation/routes.ts` names it. */
export const attacksOnSignIn: Readonly<Record<string, (parts: Parts) => Attack[]>> = {
  'GET /': () => [
    { what: 'nothing', path: '/', statuses: [303] },
    { what: 'a way to another site', path: '/?next=https://evil.example', statuses: [303] },
  ],
  'GET /link/:id': (parts) => accountLink(parts, 'GET'),
  'POST /link/:id': (parts) => [...accountLink(parts, 'POST'), ...acceptedElsewhere(parts)],
  'GET /sign-in': () => [
    ...formPage('/sign-in'),
    { what: 'a way to another site', path: '/sign-in?next=https://evil.example', statuses: [200] },
  ],
  'POST /sign-in': () => guessed('/sign-in', { email: 'stranger@example.org', password: 'x' }),
  'POST /sign-in/:provider': () => [
    { what: 'no such provider', path: '/sign-in/nobody', method: 'POST' },
    { what: 'garbage', path: '/sign-in/%00', method: 'POST', body: garbageForm },
    {
      what: 'the page of another site',
      path: '/sign-in/google',
      method: 'POST',
      headers: elsewhere,
    },
  ],
  'POST /sign-out': (parts) => leaving(parts, '/sign-out'),
  'POST /sign-out/everywhere': (parts) => leaving(parts, '/sign-out/everywhere'),
  'GET /sign-up': () => formPage('/sign-up'),
  'POST /sign-up': () =>
    promised('/sign-up', { email: 'nobody@example.org', password, repeat: password }),
  'GET /verify': () => formPage('/verify'),
  'POST /verify': () => guessed('/verify', { token: 'x'.repeat(43) }),
  'GET /reset': () => formPage('/reset'),
  'POST /reset': () => promised('/reset', { email: 'nobody@example.org' }),
  'GET /reset/new': () => formPage('/reset/new'),
  'POST /reset/new': () =>
    guessed('/reset/new', { token: 'x'.repeat(24), password, repeat: password }),
  'GET /auth-error': () => [
    { what: 'nothing', path: '/auth-error' },
    { what: 'garbage', path: `/auth-error?error=invalid_client&${garbage}` },
  ],
};
