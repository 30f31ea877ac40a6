import { z } from 'zod';

import { discordIdOf } from '../account/sign-in-store.ts';
import type { Services } from '../context.ts';
import type { Login, SignedIn, SignIn, SignInProvider } from '../ports/sign-in.ts';
import {
  callLibrary,
  openLibrary,
  toSignInAnswer,
  type Inner,
  type Library,
} from './sign-in-library.ts';
import { registerProgram } from './sign-in-register.ts';
import { revokeToken } from './sign-in-revoke.ts';
import { isOver } from './sign-in-session.ts';
import { giveToken } from './sign-in-token.ts';

/** What may be called from outside; the library's other addresses are for our own pages. */
const open: readonly (readonly [string, RegExp])[] = [
  ['GET', /^\/auth\/oauth2\/authorize$/],
  ['POST', /^\/auth\/oauth2\/(?:token|register|revoke)$/],
  ['GET', /^\/auth\/callback\/(?:google|discord)$/],
];

/**
 * Sign-in by better-auth, which is loaded with the first request; it speaks under the public address that
 * the web app has then.
 */
export function createSignIn(services: () => Services): SignIn {
  const load = loader(services);
  const call = async (path: string, request: Inner) => callLibrary(await load(), path, request);
  const ask = async (path: string, request: Inner) => toSignInAnswer(await call(path, request));
  return {
    providers: providersIn(services),
    async handle(request) {
      const { pathname } = new URL(request.url);
      if (!open.some(([method, path]) => method === request.method && path.test(pathname)))
        return new Response(null, { status: 404 });
      const library = await load();
      if (pathname.endsWith('/register')) return registerProgram(library, request);
      if (pathname.endsWith('/token')) return giveToken(services(), library, request);
      if (pathname.endsWith('/revoke')) return revokeToken(library, request);
      return library.handle(request);
    },
    async describe() {
      const { body } = await call('/.well-known/oauth-authorization-server', {});
      return metadata.parse(body);
    },
    async find(headers) {
      const { body, cookies } = await call('/get-session', { headers });
      return readSignedIn(services(), body, cookies);
    },
    async signUp(login) {
      const answer = await call('/sign-up/email', { body: login });
      // Of two forms at once the later one finds the address taken, and its owner told, the second time.
      return raced.safeParse(answer.body).success
        ? ask('/sign-up/email', { body: login })
        : toSignInAnswer(answer);
    },
    signIn: (email, password, headers) =>
      ask('/sign-in/email', { body: { email, password }, headers }),
    signOut: (headers) => ask('/sign-out', { body: {}, headers }),
    signOutEverywhere: (headers) => ask('/revoke-sessions', { body: {}, headers }),
    start(provider, next, headers) {
      // The library takes fewer paths than we do, but every address of our own.
      const at = (path: string) => new URL(path, services().publicUrl() ?? 'http://127.0.0.1');
      const failed = at('/sign-in?problem=provider_refused');
      failed.searchParams.set('next', next);
      const body = { provider, callbackURL: at(next).href, errorCallbackURL: failed.href };
      return ask('/sign-in/social', { body, headers });
    },
    verifyEmail: (token, headers) => ask('/verify-email', { query: { token }, headers }),
    async askForReset(email) {
      await ask('/request-password-reset', { body: { email } });
    },
    reset: (token, newPassword) => ask('/reset-password', { body: { token, newPassword } }),
    async readQuestion(query) {
      const client_id = new URLSearchParams(query).get('client_id');
      const request = { body: { client_id, oauth_query: query } };
      const { body } = await call('/oauth2/public-client-prelogin', request);
      const read = program.safeParse(body);
      if (!read.success) return null;
      const { client_id: id, client_name: name = null, client_uri: uri = null } = read.data;
      return { id, name, uri, isDescribed: URL.canParse(id) };
    },
    answerQuestion: (query, accept, headers) =>
      ask('/oauth2/consent', { body: { accept, oauth_query: query }, headers }),
  };
}

/** The library for the address of the web app, loaded once for each; where that fails, the next request tries again. */
function loader(services: () => Services): () => Promise<Library> {
  let loaded: { readonly url: string; readonly library: Promise<Library> } | null = null;
  return async () => {
    const url = services().publicUrl() ?? 'http://127.0.0.1';
    if (loaded?.url !== url) loaded = { url, library: openLibrary(services(), url) };
    const current = loaded;
    try {
      return await current.library;
    } catch (error) {
      if (loaded === current) loaded = null;
      throw error;
    }
  };
}

const raced = z.object({ code: z.literal('FAILED_TO_CREATE_USER') });

const program = z.object({
  client_id: z.string(),
  client_name: z.string().optional(),
  client_uri: z.string().optional(),
});

const strings = z.array(z.string());

/** What we stand for of RFC 8414; how programs prove themselves is ours to say. */
const metadata = z.object({
  issuer: z.string(),
  authorization_endpoint: z.string(),
  token_endpoint: z.string(),
  registration_endpoint: z.string(),
  revocation_endpoint: z.string(),
  scopes_supported: strings,
  response_types_supported: strings,
  response_modes_supported: strings,
  grant_types_supported: strings,
  token_endpoint_auth_methods_supported: strings.transform((methods) =>
    methods.filter((method) => method !== 'private_key_jwt'),
  ),
  code_challenge_methods_supported: strings,
  authorization_response_iss_parameter_supported: z.boolean(),
  client_id_metadata_document_supported: z.boolean(),
});

const session = z.object({
  session: z.object({ id: z.string(), expiresAt: z.coerce.date(), updatedAt: z.coerce.date() }),
  user: z.object({
    id: z.string(),
    name: z.string(),
    email: z.string(),
    locale: z.enum(['en', 'zh']).catch('en'),
    purpose: z.string().nullish(),
  }),
});

async function readSignedIn(
  services: Services,
  body: unknown,
  cookies: readonly string[],
): Promise<SignedIn | null> {
  const read = session.safeParse(body);
  if (!read.success || isOver(read.data.session)) return null;
  const { id, name, email, locale, purpose = null } = read.data.user;
  const discordId = await discordIdOf(services, id);
  const login: Login = {
    id,
    sessionId: read.data.session.id,
    name,
    email,
    locale,
    purpose,
    discordId,
  };
  return { login, cookies };
}

function providersIn(services: () => Services): () => readonly SignInProvider[] {
  return () => {
    const { config } = services();
    const { GOOGLE_CLIENT_ID, GOOGLE_CLIENT_SECRET } = config;
    const { DISCORD_APPLICATION_ID, DISCORD_CLIENT_SECRET } = config;
    return [
      ...(GOOGLE_CLIENT_ID && GOOGLE_CLIENT_SECRET ? (['google'] as const) : []),
      ...(DISCORD_APPLICATION_ID && DISCORD_CLIENT_SECRET ? (['discord'] as const) : []),
    ];
  };
}
