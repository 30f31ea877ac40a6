import { boolean, index, integer, pgTable, text } from 'drizzle-orm/pg-core';

import { json, moment } from './columns.ts';
import { logins, loginSessions } from './sign-in.ts';

/** A program that asked to act for people over MCP. better-auth reads and writes these tables. */
export const oauthClients = pgTable('oauth_clients', {
  id: text('id').primaryKey(),
  clientId: text('client_id').notNull().unique(),
  /** Sealed. */
  clientSecret: text('client_secret'),
  /** Set where the id is the address of a document that describes the program. */
  clientDiscoveryId: text('client_discovery_id'),
  disabled: boolean('disabled').default(false),
  skipConsent: boolean('skip_consent'),
  enableEndSession: boolean('enable_end_session'),
  subjectType: text('subject_type'),
  scopes: text('scopes').array(),
  clientCredentialsScopes: text('client_credentials_scopes').array(),
  userId: text('login_id').references(() => logins.id, { onDelete: 'cascade' }),
  name: text('name'),
  uri: text('uri'),
  icon: text('icon'),
  contacts: text('contacts').array(),
  tos: text('tos'),
  policy: text('policy'),
  softwareId: text('software_id'),
  softwareVersion: text('software_version'),
  softwareStatement: text('software_statement'),
  redirectUris: text('redirect_uris').array().notNull(),
  postLogoutRedirectUris: text('post_logout_redirect_uris').array(),
  backchannelLogoutUri: text('backchannel_logout_uri'),
  backchannelLogoutSessionRequired: boolean('backchannel_logout_session_required'),
  tokenEndpointAuthMethod: text('token_endpoint_auth_method'),
  applicationType: text('application_type'),
  jwks: text('jwks'),
  jwksUri: text('jwks_uri'),
  grantTypes: text('grant_types').array(),
  responseTypes: text('response_types').array(),
  requirePKCE: boolean('require_pkce'),
  dpopBoundAccessTokens: boolean('dpop_bound_access_tokens').default(false),
  referenceId: text('reference_id'),
  metadata: json<unknown>('metadata'),
  createdAt: moment('created_at'),
  updatedAt: moment('updated_at'),
});

/** An address that tokens are made for: our own MCP address, and those it had before. */
export const oauthResources = pgTable('oauth_resources', {
  id: text('id').primaryKey(),
  identifier: text('identifier').notNull().unique(),
  name: text('name').notNull(),
  accessTokenTtl: integer('access_token_ttl'),
  refreshTokenTtl: integer('refresh_token_ttl'),
  signingAlgorithm: text('signing_algorithm'),
  signingKeyId: text('signing_key_id'),
  allowedScopes: text('allowed_scopes').array(),
  customClaims: json<unknown>('custom_claims'),
  dpopBoundAccessTokensRequired: boolean('dpop_bound_access_tokens_required').default(false),
  disabled: boolean('disabled').default(false),
  policyVersion: integer('policy_version').default(1),
  metadata: json<unknown>('metadata'),
  createdAt: moment('created_at'),
  updatedAt: moment('updated_at'),
});

const clientColumn = () =>
  text('client_id')
    .notNull()
    .references(() => oauthClients.clientId, { onDelete: 'cascade' });

export const oauthClientResources = pgTable(
  'oauth_client_resources',
  {
    id: text('id').primaryKey(),
    clientId: clientColumn(),
    resourceId: text('resource_id')
      .notNull()
      .references(() => oauthResources.identifier, { onDelete: 'cascade' }),
    metadata: json<unknown>('metadata'),
    createdAt: moment('created_at'),
  },
  (table) => [
    index('oauth_client_resources_by_client').on(table.clientId),
    index('oauth_client_resources_by_resource').on(table.resourceId),
  ],
);

/** The token itself is kept nowhere, only its hash. */
export const oauthRefreshTokens = pgTable(
  'oauth_refresh_tokens',
  {
    id: text('id').primaryKey(),
    token: text('token').notNull().unique(),
    clientId: clientColumn(),
    sessionId: text('session_id').references(() => loginSessions.id, { onDelete: 'set null' }),
    userId: text('login_id')
      .notNull()
      .references(() => logins.id, { onDelete: 'cascade' }),
    referenceId: text('reference_id'),
    authorizationCodeId: text('authorization_code_id'),
    resources: text('resources').array(),
    requestedUserInfoClaims: text('requested_user_info_claims').array(),
    expiresAt: moment('expires_at').notNull(),
    createdAt: moment('created_at').notNull(),
    revoked: moment('revoked'),
    rotatedAt: moment('rotated_at'),
    rotationReplayResponse: text('rotation_replay_response'),
    rotationReplayExpiresAt: moment('rotation_replay_expires_at'),
    authTime: moment('auth_time'),
    confirmation: json<unknown>('confirmation'),
    scopes: text('scopes').array().notNull(),
  },
  (table) => [
    index('oauth_refresh_tokens_by_client').on(table.clientId),
    index('oauth_refresh_tokens_by_session').on(table.sessionId),
    index('oauth_refresh_tokens_by_login').on(table.userId),
    index('oauth_refresh_tokens_by_code').on(table.authorizationCodeId),
  ],
);

/** The token itself is kept nowhere, only its hash. */
export const oauthAccessTokens = pgTable(
  'oauth_access_tokens',
  {
    id: text('id').primaryKey(),
    token: text('token').notNull().unique(),
    clientId: clientColumn(),
    sessionId: text('session_id').references(() => loginSessions.id, { onDelete: 'set null' }),
    userId: text('login_id').references(() => logins.id, { onDelete: 'cascade' }),
    referenceId: text('reference_id'),
    authorizationCodeId: text('authorization_code_id'),
    resources: text('resources').array(),
    requestedUserInfoClaims: text('requested_user_info_claims').array(),
    refreshId: text('refresh_id').references(() => oauthRefreshTokens.id, { onDelete: 'cascade' }),
    expiresAt: moment('expires_at').notNull(),
    createdAt: moment('created_at').notNull(),
    revoked: moment('revoked'),
    confirmation: json<unknown>('confirmation'),
    scopes: text('scopes').array().notNull(),
  },
  (table) => [
    index('oauth_access_tokens_by_client').on(table.clientId),
    index('oauth_access_tokens_by_session').on(table.sessionId),
    index('oauth_access_tokens_by_login').on(table.userId),
    index('oauth_access_tokens_by_code').on(table.authorizationCodeId),
    index('oauth_access_tokens_by_refresh').on(table.refreshId),
  ],
);

/** What a person has allowed a program. */
export const oauthConsents = pgTable(
  'oauth_consents',
  {
    id: text('id').primaryKey(),
    clientId: clientColumn(),
    userId: text('login_id').references(() => logins.id, { onDelete: 'cascade' }),
    referenceId: text('reference_id'),
    resources: text('resources').array(),
    requestedUserInfoClaims: text('requested_user_info_claims').array(),
    scopes: text('scopes').array().notNull(),
    createdAt: moment('created_at').notNull(),
    updatedAt: moment('updated_at').notNull(),
  },
  (table) => [
    index('oauth_consents_by_client').on(table.clientId),
    index('oauth_consents_by_login').on(table.userId),
  ],
);

/** Signed statements of clients that have been used up. */
export const oauthClientAssertions = pgTable('oauth_client_assertions', {
  id: text('id').primaryKey(),
  expiresAt: moment('expires_at').notNull(),
});
