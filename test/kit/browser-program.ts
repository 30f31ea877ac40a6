import { once } from 'node:events';
import { createServer, type Server } from 'node:http';

import {
  Client,
  StreamableHTTPClientTransport,
  UnauthorizedError,
  type OAuthClientProvider,
  type OAuthDiscoveryState,
  type StoredOAuthClientInformation,
  type StoredOAuthTokens,
} from '@modelcontextprotocol/client';
import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';

/** A program on the person's own computer that they let in over their browser. */
export type InvitedProgram = {
  /** Calls a tool that does what it is asked for. @throws Error with its text when it fails. */
  call(name: string, input: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>>;
  /** Calls a tool that needs a person, and answers the link to where they decide. */
  askFor(name: string, input: Readonly<Record<string, unknown>>): Promise<string>;
  close(): Promise<void>;
};

/** Where the browser comes back to. */
async function openCallback(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP address');
  return `http://127.0.0.1:${address.port}/callback`;
}

/** The page after the way back; it asks for nothing more. */
const thanks =
  '<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>Back</title><h1>Back in the program</h1>';

function createMemory(redirectUrl: string, name: string, open: (address: URL) => void) {
  let information: StoredOAuthClientInformation | undefined;
  let tokens: StoredOAuthTokens | undefined;
  let discovered: OAuthDiscoveryState | undefined;
  let verifier = '';
  return {
    redirectUrl,
    clientMetadata: {
      client_name: name,
      redirect_uris: [redirectUrl],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
    },
    clientInformation: () => information,
    saveClientInformation: (given) => void (information = given),
    tokens: () => tokens,
    saveTokens: (given) => void (tokens = given),
    redirectToAuthorization: open,
    saveCodeVerifier: (given) => void (verifier = given),
    codeVerifier: () => verifier,
    saveDiscoveryState: (given) => void (discovered = given),
    discoveryState: () => discovered,
  } satisfies OAuthClientProvider;
}

/**
 * Connects a program to the web app of `origin` as Claude does: it asks, is sent to sign in, registers itself, and
 * `allow` takes the person's browser to the question and through it.
 */
export async function inviteProgram(
  origin: string,
  name: string,
  allow: (address: URL) => Promise<void>,
): Promise<InvitedProgram> {
  const back = Promise.withResolvers<URLSearchParams>();
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://127.0.0.1');
    if (pathname === '/callback') back.resolve(searchParams);
    response.setHeader('content-type', 'text/html').end(thanks);
  });
  const asked = Promise.withResolvers<URL>();
  const memory = createMemory(await openCallback(server), name, asked.resolve);
  const reach = () =>
    new StreamableHTTPClientTransport(new URL('/mcp', origin), { authProvider: memory });
  const connect = async (transport: StreamableHTTPClientTransport): Promise<Client> => {
    const client = new Client({ name, version: '1.0.0' }, { versionNegotiation: { mode: 'auto' } });
    await client.connect(transport);
    return client;
  };
  const first = reach();
  await connect(first).then(
    () => Promise.reject(new Error('it was let in without a person')),
    (error: unknown) => {
      if (!(error instanceof UnauthorizedError)) throw error;
    },
  );
  await allow(await asked.promise);
  await first.finishAuth(await back.promise);
  const client = await connect(reach());
  return useProgram(client, async () => {
    await client.close();
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
}

const record = z.record(z.string(), z.unknown());
const needsPerson = z.object({
  error: z.object({ code: z.literal('approval_required'), link: z.url() }),
});

function useProgram(client: Client, close: () => Promise<void>): InvitedProgram {
  const send = async (name: string, input: Readonly<Record<string, unknown>>) => {
    const answer = await client.callTool({ name, arguments: { ...input } });
    const { isError, structuredContent, content } = CallToolResultSchema.parse(answer);
    const texts = content.map((part) => (part.type === 'text' ? part.text : ''));
    return { isError, structuredContent, texts };
  };
  return {
    async call(name, input) {
      const { isError, structuredContent, texts } = await send(name, input);
      if (isError) throw new Error(`${name} failed: ${texts.join('\n')}`);
      return record.parse(structuredContent);
    },
    async askFor(name, input) {
      const { texts } = await send(name, input);
      return needsPerson.parse(JSON.parse(texts.at(-1) ?? '')).error.link;
    },
    close,
  };
}
