import { APIError } from '@better-auth/core/error';
import { oauthProvider } from '@better-auth/oauth-provider';
import { registerClientMetadataDocument } from '@better-auth/oauth-provider/internal';

import type { Services } from '../context.ts';
import { isFault } from '../fault.ts';
import { scopes } from '../token/scopes.ts';
import type { DownloadHosts } from './download-addresses.ts';
import { createProgramDocuments, isDocumentAddress } from './program-document.ts';
import { refreshPrefix } from './sign-in-token.ts';

type Options = Parameters<typeof oauthProvider>[0];
type Extension = NonNullable<Options['extensions']>[number];
type Discovery = Exclude<NonNullable<Extension['clientDiscovery']>, readonly unknown[]>;

const accessSeconds = 3600;
const refreshSeconds = 30 * 86_400;
const codeSeconds = 600;

/** Without it a program gets no refresh token. */
const staySignedIn = 'offline_access';

/** A document is read again after so long. */
const documentFreshMs = 3_600_000;

/** Names the rows of programs that are read from documents; a change would orphan them. */
const discoveryId = 'client-id-document';

/** No row of its own: whoever may open it has the whole table. */
const secretPlace = { table: 'oauth_clients', column: 'client_secret', row: '', account: '' };

type OAuthPlace = {
  /** The address that tokens are good at. */
  readonly resource: string;
  /** Where documents of programs may lie. */
  readonly documents: DownloadHosts;
};

/**
 * OAuth 2.1 for the programs that speak MCP: opaque tokens for one address, which the database can end at
 * once, PKCE, refresh tokens that are good once, dynamic registration, and ids that are addresses of a
 * document (draft-ietf-oauth-client-id-metadata-document).
 */
export function createOAuthPlugin(services: Services, { resource, documents }: OAuthPlace) {
  const { crypto, ids } = services;
  const options: Options = {
    loginPage: '/sign-in',
    consentPage: '/consent',
    scopes: [...scopes, staySignedIn],
    resources: [{ identifier: resource, name: 'Jilo' }],
    enforcePerClientResources: false,
    grantTypes: ['authorization_code', 'refresh_token'],
    disableJwtPlugin: true,
    accessTokenExpiresIn: accessSeconds,
    refreshTokenExpiresIn: refreshSeconds,
    codeExpiresIn: codeSeconds,
    allowDynamicClientRegistration: true,
    allowUnauthenticatedClientRegistration: true,
    allowPublicClientPrelogin: true,
    prefix: { opaqueAccessToken: 'jilo_at_', refreshToken: refreshPrefix },
    generateClientId: () => ids.next('client'),
    storeClientSecret: {
      encrypt: (secret) => crypto.seal(secret, secretPlace),
      decrypt: (sealed) => openOrNothing(services, sealed),
    },
    extensions: [
      { clientDiscovery: describedPrograms(services, documents, (...given) => register(...given)) },
    ],
  };
  const register: Register = async (context, input) => {
    const { client } = await registerClientMetadataDocument(context, options, input);
    return client;
  };
  return oauthProvider(options);
}

type Resolve = Discovery['resolve'];
type Client = Awaited<ReturnType<Resolve>>;
type Register = (
  context: Parameters<Resolve>[0],
  input: Parameters<typeof registerClientMetadataDocument>[2],
) => Promise<Client>;

/** Programs whose id is the address of a document; the rows keep what was read last. */
function describedPrograms(
  { clock }: Services,
  documents: DownloadHosts,
  register: Register,
): Discovery {
  const read = createProgramDocuments(documents);
  return {
    id: discoveryId,
    matches: (id) => isDocumentAddress(id, documents),
    discoveryMetadata: { client_id_metadata_document_supported: true },
    async resolve(context, id, existing) {
      const readAt = existing?.updatedAt?.getTime() ?? -Infinity;
      if (existing && clock.now().getTime() - readAt < documentFreshMs) return existing;
      try {
        const metadata = await read(id);
        const owned = existing ? { existingClient: existing } : {};
        return await register(context, {
          metadata,
          clientId: id,
          clientDiscoveryId: discoveryId,
          ...owned,
        });
      } catch (error) {
        // A program whose document cannot be read is not known; what we knew of it may be wrong by now.
        if (isFault(error) || error instanceof APIError) return null;
        throw error;
      }
    },
  };
}

/** A secret whose key is gone matches nothing: the program registers once more. */
function openOrNothing({ crypto }: Services, sealed: string): string {
  try {
    return crypto.open(sealed, secretPlace);
  } catch {
    return '';
  }
}
