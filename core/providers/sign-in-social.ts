import type { GenericOAuthConfig } from 'better-auth/plugins';
import { z } from 'zod';

import type { Config } from '../config.ts';
import type { SignInProvider } from '../ports/sign-in.ts';
import { fetchWhole } from './fetch-whole.ts';

type Profile = {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly emailVerified: boolean;
};

const googleUser = z.object({
  sub: z.string().min(1),
  email: z.email(),
  email_verified: z.boolean(),
  name: z.string().optional(),
});

const discordUser = z.object({
  id: z.string().regex(/^\d{17,20}$/),
  username: z.string(),
  global_name: z.string().nullish(),
  email: z.email(),
  verified: z.boolean(),
});

/** The providers whose accounts may be used to sign in, of those that are set up. */
export function socialProviders(config: Config): GenericOAuthConfig<SignInProvider>[] {
  return [...google(config), ...discord(config)];
}

/**
 * Google over OpenID Connect; who somebody is is asked of its own end point, over the connection that the
 * token is good at. https://developers.google.com/identity/openid-connect/openid-connect
 */
function google(config: Config): GenericOAuthConfig<SignInProvider>[] {
  const { GOOGLE_CLIENT_ID: clientId, GOOGLE_CLIENT_SECRET: clientSecret } = config;
  if (!clientId || !clientSecret) return [];
  const base = config.GOOGLE_OAUTH_URL?.replace(/\/+$/, '');
  return [
    {
      providerId: 'google',
      clientId,
      clientSecret,
      authorizationUrl: `${base ?? 'https://accounts.google.com'}/o/oauth2/v2/auth`,
      getToken: exchangeAt(`${base ?? 'https://oauth2.googleapis.com'}/token`, {
        clientId,
        clientSecret,
      }),
      scopes: ['openid', 'email', 'profile'],
      prompt: 'select_account',
      pkce: true,
      accountSubject: ({ profile }) => String(profile.id),
      getUserInfo: ({ accessToken }) =>
        readProfile(`${base ?? 'https://openidconnect.googleapis.com'}/v1/userinfo`, accessToken, {
          shape: googleUser,
          toProfile: ({ sub, email, email_verified, name }) => ({
            id: sub,
            email,
            emailVerified: email_verified,
            name: name ?? nameIn(email),
          }),
        }),
    },
  ];
}

/** Discord over OAuth 2. https://discord.com/developers/docs/topics/oauth2 */
function discord(config: Config): GenericOAuthConfig<SignInProvider>[] {
  const { DISCORD_APPLICATION_ID: clientId, DISCORD_CLIENT_SECRET: clientSecret } = config;
  if (!clientId || !clientSecret) return [];
  const base = config.DISCORD_API_URL.replace(/\/+$/, '');
  return [
    {
      providerId: 'discord',
      clientId,
      clientSecret,
      authorizationUrl: `${base}/oauth2/authorize`,
      getToken: exchangeAt(`${base}/oauth2/token`, { clientId, clientSecret }),
      scopes: ['identify', 'email'],
      pkce: true,
      accountSubject: ({ profile }) => String(profile.id),
      getUserInfo: ({ accessToken }) =>
        readProfile(`${base}/users/@me`, accessToken, {
          shape: discordUser,
          toProfile: ({ id, username, global_name, email, verified }) => ({
            id,
            email,
            emailVerified: verified,
            name: global_name ?? username,
          }),
        }),
    },
  ];
}

type Exchange = NonNullable<GenericOAuthConfig['getToken']>;

const tokenAnswer = z.object({ access_token: z.string().min(1) });

/**
 * Takes a code to a token address, once and within the time that every provider has.
 * @throws Error for anything but a token; the library then sends the person back to sign in.
 */
const exchangeAt =
  (
    address: string,
    client: { readonly clientId: string; readonly clientSecret: string },
  ): Exchange =>
  async ({ code, redirectURI, codeVerifier }) => {
    const response = await fetchWhole(address, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code,
        redirect_uri: redirectURI,
        client_id: client.clientId,
        client_secret: client.clientSecret,
        ...(codeVerifier === undefined ? {} : { code_verifier: codeVerifier }),
      }),
    });
    const { access_token: accessToken } = tokenAnswer.parse(await response.json());
    return { accessToken };
  };

type Reading<T> = {
  readonly shape: z.ZodType<T>;
  readonly toProfile: (user: T) => Profile;
};

/**
 * null for an answer that names nobody with an address of their own, and for none: whoever has not proved an
 * address could keep it from its owner, or wait behind it for them.
 */
async function readProfile<T>(
  address: string,
  accessToken: string | undefined,
  { shape, toProfile }: Reading<T>,
): Promise<Profile | null> {
  if (!accessToken) return null;
  const read = shape.safeParse(await readJson(address, accessToken));
  const profile = read.success ? toProfile(read.data) : null;
  return profile?.emailVerified ? profile : null;
}

/** null where no usable answer comes: the person is told to try again. */
async function readJson(address: string, accessToken: string): Promise<unknown> {
  try {
    const response = await fetchWhole(address, {
      headers: { authorization: `Bearer ${accessToken}` },
    });
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}

/** What stands before the @. */
const nameIn = (email: string): string => email.slice(0, email.lastIndexOf('@'));
