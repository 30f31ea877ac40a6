import type { OAuthClientProvider } from '@modelcontextprotocol/client';
import { z } from 'zod';

import { claudeCallback } from './programs.ts';

type Known = NonNullable<Awaited<ReturnType<OAuthClientProvider['clientInformation']>>>;
type Tokens = NonNullable<Awaited<ReturnType<OAuthClientProvider['tokens']>>>;

/** What a program with one of the real MCP clients in it remembers of a server. */
export type McpProgram = {
  known: Known | undefined;
  tokens: Tokens | undefined;
  verifier: string;
  /** Where it wants to send its person, the newest last. */
  readonly sent: URL[];
  /** How often it has registered. */
  registrations: number;
  /** For `authProvider`, of either client. */
  readonly provider: OAuthClientProvider & Pick<Required<OAuthClientProvider>, 'state'>;
};

type Options = {
  readonly name?: string;
  readonly callback?: string;
  /** Absent: it registers. */
  readonly clientId?: string;
};

/** A program that keeps what it learns in memory, as their examples do. */
export function createMcpProgram(options: Options = {}): McpProgram {
  const { name = 'Claude', callback = claudeCallback, clientId } = options;
  const program: McpProgram = {
    known: clientId === undefined ? undefined : { client_id: clientId },
    tokens: undefined,
    verifier: '',
    sent: [],
    registrations: 0,
    provider: {
      redirectUrl: callback,
      clientMetadata: {
        client_name: name,
        redirect_uris: [callback],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        token_endpoint_auth_method: 'none',
      },
      state: () => 'state-of-the-program',
      clientInformation: () => program.known,
      saveClientInformation(known) {
        // A client also writes down with whom it is known.
        if (known.client_id !== program.known?.client_id) program.registrations += 1;
        program.known = known;
      },
      tokens: () => program.tokens,
      saveTokens: (tokens) => void (program.tokens = tokens),
      redirectToAuthorization: (address) => void program.sent.push(address),
      saveCodeVerifier: (verifier) => void (program.verifier = verifier),
      codeVerifier: () => program.verifier,
      invalidateCredentials(what) {
        if (what === 'all' || what === 'client') program.known = undefined;
        if (what === 'all' || what === 'tokens') program.tokens = undefined;
      },
    },
  };
  return program;
}

/** Where a program sent its person last. @throws ZodError when it sent nobody. */
export const lastSent = ({ sent }: McpProgram): URL => z.instanceof(URL).parse(sent.at(-1));
