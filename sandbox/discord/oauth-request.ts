import type { EmulatorRequest } from '../http.ts';
import type { World } from './world.ts';

/** The scopes that somebody can be asked for to sign in. */
const known: readonly string[] = ['identify', 'email'];

/** What an application asks of a person. */
export type Wish = {
  readonly redirect: URL;
  readonly scopes: readonly string[];
  readonly state: string | null;
  readonly challenge: string | null;
};

/** The wish of a request, or what is wrong with it. */
export function readWish(world: World, asked: URLSearchParams): Wish | { readonly wrong: string } {
  if (asked.get('client_id') !== world.applicationId) return { wrong: 'Unknown Application' };
  if (asked.get('response_type') !== 'code') return { wrong: 'Invalid "response_type"' };
  const redirect = URL.parse(asked.get('redirect_uri') ?? '');
  if (!redirect || !['http:', 'https:'].includes(redirect.protocol) || redirect.hash)
    return { wrong: 'Invalid OAuth2 redirect_uri' };
  const scopes = [...new Set((asked.get('scope') ?? '').split(/\s+/).filter(Boolean))];
  if (scopes.length === 0 || !scopes.every((scope) => known.includes(scope)))
    return { wrong: 'The requested scope is invalid, unknown, or malformed.' };
  const challenge = asked.get('code_challenge');
  if (challenge !== null && asked.get('code_challenge_method') !== 'S256')
    return { wrong: 'Invalid "code_challenge_method"' };
  return { redirect, scopes, state: asked.get('state'), challenge };
}

/** Whether the application proves itself, by the header or in the form. */
export function isOurs({ settings, applicationId }: World, request: EmulatorRequest): boolean {
  const [, basic] = /^Basic (\S+)$/i.exec(request.header('authorization') ?? '') ?? [];
  const form = formOf(request);
  const given =
    basic === undefined
      ? `${form.get('client_id')}:${form.get('client_secret')}`
      : Buffer.from(basic, 'base64').toString('utf8');
  return given === `${applicationId}:${settings.clientSecret}`;
}

/** What a form brought. */
export const formOf = ({ body }: Pick<EmulatorRequest, 'body'>): URLSearchParams =>
  new URLSearchParams(body.toString('utf8'));
