import { createHash } from 'node:crypto';
import type { OAuth2Client } from 'google-auth-library';
import { z } from 'zod';
import { hostTokensSchema, type HostTokens, type VideoHost } from '../ports/video-host.ts';
import { callGoogle, unless } from './youtube-errors.ts';

export type GoogleOAuthSettings = {
  readonly clientId: string;
  readonly clientSecret: string;
  /** null: Google's own hosts; else a base with the paths /o/oauth2/v2/auth, /token and /revoke. */
  readonly oauthUrl: string | null;
};

type OAuthCalls = Pick<VideoHost, 'authorizationUrl' | 'exchangeCode' | 'refresh' | 'revoke'>;

export type GoogleOAuth = OAuthCalls & {
  /** Google's client carrying this access token; it neither refreshes nor retries by itself. */
  readonly clientFor: (accessToken: string) => Promise<OAuth2Client>;
};

const timeoutMs = 30_000;

const tokenAnswerSchema = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().optional(),
  scope: z.string().optional(),
});
const expirySchema = z.object({ expires_in: z.number().int().positive() });

type Endpoints = { authorize: string; token: string; revoke: string };

function endpointsOf(oauthUrl: string | null): Endpoints {
  const base = oauthUrl?.replace(/\/+$/u, '');
  return {
    authorize: `${base ?? 'https://accounts.google.com'}/o/oauth2/v2/auth`,
    token: `${base ?? 'https://oauth2.googleapis.com'}/token`,
    revoke: `${base ?? 'https://oauth2.googleapis.com'}/revoke`,
  };
}

/** Google's OAuth for publishing: offline access, PKCE, consent asked every time. Times come from `now`. */
export function createGoogleOAuth(settings: GoogleOAuthSettings, now: () => Date): GoogleOAuth {
  const endpoints = endpointsOf(settings.oauthUrl);
  const newClient = () => createClient(settings, endpoints);
  return {
    authorizationUrl: ({ state, codeVerifier, redirectUri, scopes }) =>
      buildAuthorizationUrl(endpoints.authorize, {
        client_id: settings.clientId,
        redirect_uri: redirectUri,
        response_type: 'code',
        scope: scopes.join(' '),
        state,
        access_type: 'offline',
        prompt: 'consent',
        include_granted_scopes: 'true',
        code_challenge: createHash('sha256').update(codeVerifier).digest('base64url'),
        code_challenge_method: 'S256',
      }),
    exchangeCode: ({ code, codeVerifier, redirectUri }) =>
      callGoogle(now, async () => {
        const askedAt = now();
        const { client, lifetime } = await newClient();
        const { tokens } = await client.getToken({ code, codeVerifier, redirect_uri: redirectUri });
        return toHostTokens(tokens, askedAt, lifetime());
      }),
    refresh: (refreshToken) =>
      callGoogle(now, async () => {
        const askedAt = now();
        const { client, lifetime } = await newClient();
        client.setCredentials({ refresh_token: refreshToken });
        const { credentials } = await client.refreshAccessToken();
        const tokens = toHostTokens(credentials, askedAt, lifetime());
        if (tokens.refreshToken !== refreshToken) return tokens;
        // The library repeats the old token; the port leaves it out.
        const { accessToken, expiresAt, scopes } = tokens;
        return { accessToken, expiresAt, scopes };
      }),
    revoke: (token) =>
      callGoogle(now, async () => {
        const { client } = await newClient();
        // Not the client's own call, which puts the token into the address.
        const ended = client.transporter.request<unknown>({
          method: 'POST',
          url: endpoints.revoke,
          redirect: 'manual',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          data: new URLSearchParams({ token }).toString(),
        });
        await ended.catch(unless('invalid_token'));
      }),
    clientFor: async (accessToken) => {
      const { client } = await newClient();
      client.setCredentials({ access_token: accessToken });
      return client;
    },
  };
}

function buildAuthorizationUrl(base: string, query: Readonly<Record<string, string>>): string {
  const url = new URL(base);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url.href;
}

function toHostTokens(answer: unknown, askedAt: Date, lifetimeSeconds: number): HostTokens {
  const { access_token, refresh_token, scope } = tokenAnswerSchema.parse(answer);
  return hostTokensSchema.parse({
    accessToken: access_token,
    ...(refresh_token === undefined ? {} : { refreshToken: refresh_token }),
    expiresAt: new Date(askedAt.getTime() + lifetimeSeconds * 1000),
    scopes: (scope ?? '').split(/\s+/u).filter((part) => part !== ''),
  });
}

/**
 * A client that makes each call once: a repeated code exchange burns the code, and the worker
 * decides about waiting. `lifetime` is the `expires_in` of the last token answer, which the library
 * replaces with wall time.
 */
async function createClient(
  { clientId, clientSecret }: GoogleOAuthSettings,
  endpoints: Endpoints,
): Promise<{ client: OAuth2Client; lifetime: () => number }> {
  const { OAuth2Client: Client } = await import('google-auth-library');
  const client = new Client({
    clientId,
    clientSecret,
    // What runs on this computer is not behind the proxy of the surroundings.
    transporterOptions: { noProxy: ['127.0.0.1', 'localhost'] },
    endpoints: {
      oauth2AuthBaseUrl: endpoints.authorize,
      oauth2TokenUrl: endpoints.token,
    },
  });
  let expiresIn = 0;
  client.transporter.interceptors.request.add({
    resolved: async (config) => {
      config.retryConfig = { retry: 0 };
      config.timeout ??= timeoutMs;
      return config;
    },
  });
  client.transporter.interceptors.response.add({
    resolved: async (response) => {
      expiresIn = expirySchema.safeParse(response.data).data?.expires_in ?? expiresIn;
      return response;
    },
  });
  return { client, lifetime: () => expiresIn };
}
