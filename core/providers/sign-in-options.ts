import type { BetterAuthOptions, BetterAuthPlugin } from 'better-auth';
import { drizzleAdapter } from 'better-auth/adapters/drizzle';
import { genericOAuth } from 'better-auth/plugins';
import { APIError } from '@better-auth/core/error';
import { z } from 'zod';

import { tellOfNewMethod } from '../account/new-method.ts';
import { maxPasswordUnits, minPasswordLength } from '../account/password.ts';
import type { SignInMails } from '../account/sign-in-mails.ts';
import { followNewPassword, signInTables } from '../account/sign-in-store.ts';
import type { Services } from '../context.ts';
import { authPath } from '../token/resource.ts';
import { createOAuthPlugin } from './sign-in-oauth.ts';
import { endInTime, enter, sessionTimes } from './sign-in-session.ts';
import { socialProviders } from './sign-in-social.ts';

const linkSeconds = 3600;

const prefixes: Readonly<Record<string, string>> = {
  user: 'login',
  session: 'ses',
  account: 'way',
  verification: 'proof',
};

/** What the library is told: our tables, our ids, our mails, our rules; it keeps no counters of its own. */
export function signInOptions(services: Services, baseUrl: string, mails: SignInMails) {
  const { ids, crypto, config, database, log } = services;
  const providers = socialProviders(config);
  const isSecure = baseUrl.startsWith('https:');
  return {
    appName: 'Jilo',
    baseURL: baseUrl,
    basePath: authPath,
    secret: crypto.sign('sign-in', 'cookies and links'),
    trustedOrigins: [new URL(baseUrl).origin],
    database: drizzleAdapter(database.db, {
      provider: 'pg',
      transaction: true,
      schema: signInTables,
    }),
    user: {
      additionalFields: {
        locale: { type: 'string', required: false, defaultValue: 'en' },
        purpose: { type: 'string', required: false },
      },
    },
    session: sessionTimes,
    ...emailRules(services, mails),
    account: {
      // What somebody signs in with is asked who they are, and nothing else: its tokens are not kept.
      updateAccountOnSignIn: false,
      accountLinking: { enabled: true, requireLocalEmailVerified: true },
    },
    verification: { storeIdentifier: 'hashed' },
    databaseHooks: {
      session: {
        create: { after: (session, endpoint) => enter(services, session, endpoint) },
        update: { before: endInTime },
      },
      account: { create: methodHooks(services, mails) },
    },
    rateLimit: { enabled: false },
    advanced: {
      // Over https no other host of the same site can set it; the library's own prefix would allow that.
      cookiePrefix: isSecure ? '__Host-jilo' : 'jilo',
      useSecureCookies: false,
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax', path: '/', secure: isSecure },
      ipAddress: { disableIpTracking: true },
      database: { generateId: ({ model }) => ids.next(prefixes[model] ?? 'oauth') },
    },
    onAPIError: {
      errorURL: new URL('/auth-error', baseUrl).href,
      // Otherwise it writes to the console, past our log.
      onError: (error) =>
        log[error instanceof APIError ? 'debug' : 'error']({ err: error }, 'sign-in'),
    },
    logger: {
      level: 'warn',
      log: (level, message) => log[level === 'error' ? 'error' : 'debug']({ message }, 'sign-in'),
    },
    telemetry: { enabled: false },
    plugins: [
      ...(providers.length > 0 ? [pluginSchema.parse(genericOAuth({ config: providers }))] : []),
      pluginSchema.parse(
        createOAuthPlugin(services, {
          resource: new URL('/mcp', baseUrl).href,
          documents: config.NODE_ENV === 'test' ? 'loopback' : 'public',
        }),
      ),
    ],
  } satisfies BetterAuthOptions;
}

/** An address is proved by its link before anybody gets in with it, and the same for a new password. */
const emailRules = (services: Services, mails: SignInMails) =>
  ({
    emailAndPassword: {
      enabled: true,
      requireEmailVerification: true,
      minPasswordLength,
      maxPasswordLength: maxPasswordUnits,
      revokeSessionsOnPasswordReset: true,
      resetPasswordTokenExpiresIn: linkSeconds,
      sendResetPassword: ({ user, token }) => mails.reset(user, token),
      onPasswordReset: async ({ user }) => {
        await followNewPassword(services, user.id);
        await mails.passwordChanged(user);
      },
      onExistingUserSignUp: ({ user }) => mails.alreadyRegistered(user),
    },
    emailVerification: {
      expiresIn: linkSeconds,
      autoSignInAfterVerification: true,
      sendOnSignUp: true,
      sendOnSignIn: true,
      sendVerificationEmail: ({ user, token }) => mails.verify(user, token),
    },
  }) satisfies Pick<BetterAuthOptions, 'emailAndPassword' | 'emailVerification'>;

type Hooks = NonNullable<NonNullable<BetterAuthOptions['databaseHooks']>['account']>['create'];

/** Around a new way to sign in: what the provider gave is not kept, and its owner is told. */
const methodHooks = (services: Services, mails: SignInMails) =>
  ({
    before: async (method) => ({
      data: { ...method, accessToken: null, refreshToken: null, idToken: null },
    }),
    after: (method) => tellOfNewMethod(services, mails, method),
  }) satisfies Hooks;

/** The types of the plugins do not hold under exactOptionalPropertyTypes. */
const pluginSchema = z.custom<BetterAuthPlugin>(
  (plugin) => z.looseObject({ id: z.string() }).safeParse(plugin).success,
);
