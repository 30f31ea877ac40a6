import { garbage, type Attack } from './attack-parts.ts';
import type { Scene } from './scene.ts';

type Parts = { readonly scene: Scene };

const elsewhere = { origin: 'https://evil.example' };
const garbageForm = new URLSearchParams(garbage);
const form = (fields: Readonly<Record<string, string>>) => ({
  method: 'POST',
  body: new URLSearchParams(fields),
});

/** The question of a program that nobody knows, as the consent page is asked it. */
const question = new URLSearchParams({
  client_id: 'client_0000000000000000',
  redirect_uri: 'https://evil.example/back',
  response_type: 'code',
  scope: 'read',
  code_challenge: 'x'.repeat(43),
  code_challenge_method: 'S256',
}).toString();

const consentPage = ({ scene: { stranger } }: Parts): Attack[] => {
  const path = `/consent?${question}&${garbage}`;
  const { cookie } = stranger;
  return [
    { what: 'nothing', path: '/consent' },
    { what: 'garbage', path: `/consent?${garbage}` },
    { what: 'a question that we have not signed, and nobody', path, statuses: [303] },
    { what: 'a question that we have not signed', path, headers: { cookie } },
  ];
};

const consentForm = ({ scene: { stranger } }: Parts): Attack[] => {
  const path = '/consent';
  const { cookie, csrf } = stranger;
  const answer = form({ question: `${question}&${garbage}`, decision: 'allow', csrf });
  return [
    { what: 'nothing', path, method: 'POST', statuses: [303] },
    { what: 'garbage', path, method: 'POST', body: garbageForm, statuses: [303] },
    { what: 'the page of another site', path, ...answer, headers: { ...elsewhere, cookie } },
    {
      what: 'no field of the page',
      path,
      ...form({ question, decision: 'allow' }),
      headers: { cookie },
    },
    { what: 'a question that we have not signed', path, ...answer, headers: { cookie } },
  ];
};

const authorize = ({ scene: { world, stranger } }: Parts): Attack[] => {
  const path = '/auth/oauth2/authorize';
  const resource = encodeURIComponent(`${world.publicUrl}/mcp`);
  const unknown = `${path}?${question}&scope=offline_access&resource=${resource}`;
  const { cookie } = stranger;
  return [
    { what: 'nothing', path, statuses: [302] },
    { what: 'garbage', path: `${path}?${garbage}`, statuses: [302] },
    { what: 'a program that nobody knows', path: unknown, statuses: [302] },
    { what: 'and somebody who is signed in', path: unknown, headers: { cookie }, statuses: [302] },
  ];
};

/** Codes and tokens of others, and none, from a program that nobody knows. */
const token = ({ scene: { owner } }: Parts): Attack[] => {
  const path = '/auth/oauth2/token';
  const { read } = owner.tokens;
  const client_id = 'client_0000000000000000';
  const proof = 'x'.repeat(43);
  const code = { grant_type: 'authorization_code', code: 'garbage', code_verifier: proof };
  return [
    { what: 'nothing', path, method: 'POST' },
    { what: 'garbage', path, method: 'POST', body: garbageForm },
    { what: 'a code that was made up', path, ...form({ ...code, client_id }) },
    {
      what: "the owner's token for a new one",
      path,
      ...form({ grant_type: 'refresh_token', refresh_token: read, client_id }),
    },
    {
      what: 'a token for the program itself',
      path,
      ...form({ grant_type: 'client_credentials', client_id, client_secret: 'x' }),
    },
  ];
};

const register = (): Attack[] => {
  const path = '/auth/oauth2/register';
  const headers = { 'content-type': 'application/json' };
  const script = JSON.stringify({ redirect_uris: ['javascript:alert(1)'] });
  return [
    { what: 'nothing', path, method: 'POST' },
    { what: 'garbage', path, method: 'POST', body: garbageForm },
    { what: 'an answer that would run here', path, method: 'POST', headers, body: script },
  ];
};

const revoke = ({ scene: { owner, neighbour } }: Parts): Attack[] => {
  const path = '/auth/oauth2/revoke';
  const client_id = 'client_0000000000000000';
  const { read } = owner.tokens;
  const bearer = { authorization: `Bearer ${neighbour.tokens.read}` };
  return [
    { what: 'nothing', path, method: 'POST' },
    { what: 'garbage', path, method: 'POST', body: garbageForm },
    { what: "the owner's token, by nobody", path, ...form({ token: read }) },
    { what: "the owner's token, by a program", path, ...form({ token: read, client_id }) },
    { what: 'by the neighbour', path, ...form({ token: read, client_id }), headers: bearer },
  ];
};

const callback = ({ scene: { stranger } }: Parts): Attack[] => {
  const path = '/auth/callback/google';
  const { cookie } = stranger;
  return [
    { what: 'nothing', path, statuses: [302] },
    { what: 'garbage', path: `${path}?${garbage}`, statuses: [302] },
    {
      what: 'and somebody who is signed in',
      path: `${path}?${garbage}`,
      headers: { cookie },
      statuses: [302],
    },
    { what: 'no such provider', path: '/auth/callback/nobody' },
  ];
};

const open = (path: string) => (): Attack[] => [
  { what: 'nothing', path, statuses: [200] },
  { what: 'garbage', path: `${path}?${garbage}`, statuses: [200] },
];

/** By route, as `scripts/authorisation/routes.ts` names it. */
export const attacksOnOAuth: Readonly<Record<string, (parts: Parts) => Attack[]>> = {
  'GET /consent': consentPage,
  'POST /consent': consentForm,
  'GET /.well-known/oauth-authorization-server/auth': open(
    '/.well-known/oauth-authorization-server/auth',
  ),
  'GET /auth/.well-known/oauth-authorization-server': open(
    '/auth/.well-known/oauth-authorization-server',
  ),
  'GET /auth/oauth2/authorize': authorize,
  'POST /auth/oauth2/token': token,
  'POST /auth/oauth2/register': register,
  'POST /auth/oauth2/revoke': revoke,
  'GET /auth/callback/:provider': callback,
};
