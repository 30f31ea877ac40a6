import { createHash, generateKeyPairSync, sign } from 'node:crypto';

import type { EmulatorAnswer, EmulatorRequest, Route } from '../http.ts';
import { oauthError } from './answers.ts';
import type { Troublemaker } from './misbehaviour.ts';
import type { SandboxPerson } from './people.ts';
import type { Project } from './project.ts';

const issuer = 'https://accounts.google.com';
const idTokenSeconds = 3600;

const prefix = 'https://www.googleapis.com/auth/userinfo.';
const fullNames: Readonly<Record<string, string>> = {
  openid: 'openid',
  email: `${prefix}email`,
  profile: `${prefix}profile`,
};

/** The scopes that say who somebody is; they cannot be taken off one by one. */
export const isIdentityScope = (scope: string): boolean =>
  Object.hasOwn(fullNames, scope) || Object.values(fullNames).includes(scope);

/** A scope as Google names it in its answers. */
export const fullScope = (scope: string): string => fullNames[scope] ?? scope;

/** What Google says of somebody to whoever was granted these scopes. */
function claimsOf({ id, name, email, emailVerified }: SandboxPerson, scopes: readonly string[]) {
  const granted = scopes.map(fullScope);
  return {
    sub: id,
    ...(granted.includes(`${prefix}email`) ? { email, email_verified: emailVerified } : {}),
    ...(granted.includes(`${prefix}profile`) ? { name, given_name: name } : {}),
  };
}

/** Whose signature stands under the ID tokens of one run. */
export type Signer = {
  readonly keys: () => readonly object[];
  readonly sign: (payload: object) => string;
};

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A key that is made with its first use, because that takes a while. */
export function createSigner(): Signer {
  const make = () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const jwk = publicKey.export({ format: 'jwk' });
    const kid = createHash('sha256').update(String(jwk.n)).digest('hex').slice(0, 40);
    return { privateKey, kid, jwk: { ...jwk, kid, alg: 'RS256', use: 'sig' } };
  };
  let made: ReturnType<typeof make> | null = null;
  const key = () => (made ??= make());
  return {
    keys: () => [key().jwk],
    sign(payload) {
      const { privateKey, kid } = key();
      const signed = `${part({ alg: 'RS256', kid, typ: 'JWT' })}.${part(payload)}`;
      const signature = sign('sha256', Buffer.from(signed), privateKey);
      return `${signed}.${signature.toString('base64url')}`;
    },
  };
}

type Issued = {
  readonly personId: string | null;
  readonly scopes: readonly string[];
  readonly accessToken: string;
  readonly nonce: string | null;
};

/** `id_token` of an answer with tokens; nothing without the scope `openid`. */
export function idTokenOf(
  { options, store }: Project,
  signer: Signer,
  { personId, scopes, accessToken, nonce }: Issued,
): { readonly id_token?: string } {
  const person = store.state.people.find(({ id }) => id === personId);
  if (!person || !scopes.includes('openid')) return {};
  const iat = Math.floor(options.clock.now().getTime() / 1000);
  const hash = createHash('sha256').update(accessToken).digest().subarray(0, 16);
  const payload = {
    iss: issuer,
    azp: options.clientId,
    aud: options.clientId,
    ...claimsOf(person, scopes),
    at_hash: hash.toString('base64url'),
    ...(nonce === null ? {} : { nonce }),
    iat,
    exp: iat + idTokenSeconds,
  };
  return { id_token: signer.sign(payload) };
}

/** The keys of the ID tokens, and who somebody is. */
export function openidRoutes(project: Project, trouble: Troublemaker, signer: Signer): Route[] {
  return [
    {
      method: 'GET',
      path: /\/oauth2\/v3\/certs/u,
      handle: () => ({ status: 200, body: { keys: signer.keys() } }),
    },
    {
      method: 'GET',
      path: /\/v1\/userinfo/u,
      handle: trouble.wrap('userinfo', (request) => userinfo(project, request)),
    },
  ];
}

function userinfo({ options, store }: Project, request: EmulatorRequest): EmulatorAnswer {
  const [, token] = /^Bearer (\S+)$/u.exec(request.header('authorization') ?? '') ?? [];
  const access = store.state.access.find((known) => known.token === token);
  const isLive = access !== undefined && access.expiresAt > options.clock.now().getTime();
  const person = store.state.people.find(({ id }) => id === access?.personId);
  if (!isLive || !person) {
    const refusal = oauthError('invalid_request', 'Invalid Credentials', 401);
    const challenge = `Bearer realm="${issuer}/", error="invalid_token"`;
    return { ...refusal, headers: { 'www-authenticate': challenge } };
  }
  return { status: 200, body: claimsOf(person, access.scopes) };
}
