import { Client as NewClient, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as OldTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { oauthAccessTokens, oauthClients } from '../../drizzle/schema/oauth.ts';
import { serveRoutes, type Emulator } from '../../sandbox/http.ts';
import { createMcpProgram, lastSent, type McpProgram } from '../../test/kit/mcp-program.ts';
import { allow, askToken, callTool } from '../../test/kit/programs.ts';
import { createVisitor, signUp, type Visitor } from '../../test/kit/visitor.ts';
import { createWorld, type World } from '../../test/kit/world.ts';

const info = { name: 'test', version: '1' };
let world: World;
let visitor: Visitor;
let mcp: URL;

beforeAll(async () => {
  world = await createWorld();
  visitor = createVisitor(world.publicUrl);
  await signUp(world, visitor, 'ana@example.org');
  mcp = new URL('/mcp', world.publicUrl);
});
afterAll(() => world.close());

/** What a program asked of whoever it sent here last. */
const askedBy = (program: McpProgram) => Object.fromEntries(lastSent(program).searchParams);

/** The person allows what a program asks; what it is called back with. */
const pressAllow = async (program: McpProgram): Promise<URLSearchParams> =>
  (await allow(visitor, lastSent(program).href)).searchParams;

const clientIdOf = (program: McpProgram): string => program.known?.client_id ?? '';
const tokenOf = (program: McpProgram): string => program.tokens?.access_token ?? '';

/** The hour of every token of a program is over. */
const endHour = (program: McpProgram) =>
  world.app.database.db
    .update(oauthAccessTokens)
    .set({ expiresAt: world.now() })
    .where(eq(oauthAccessTokens.clientId, clientIdOf(program)));

describe('the older client, as in Claude', () => {
  const program = createMcpProgram();
  const connect = async (): Promise<OldClient> => {
    const client = new OldClient(info);
    await client.connect(new OldTransport(mcp, { authProvider: program.provider }));
    return client;
  };
  const showUnits = async (client: OldClient) =>
    (await client.callTool({ name: 'quota_show', arguments: {} })).isError ?? false;

  test('is told where to go, registers, and is let in', async () => {
    const first = new OldTransport(mcp, { authProvider: program.provider });
    await expect(new OldClient(info).connect(first)).rejects.toThrow('Unauthorized');
    expect(program.registrations).toBe(1);
    expect(askedBy(program)).toMatchObject({
      client_id: clientIdOf(program),
      code_challenge_method: 'S256',
      redirect_uri: 'https://claude.ai/api/mcp/auth_callback',
      resource: mcp.href,
    });
    const called = await pressAllow(program);
    expect(called.get('state')).toBe('state-of-the-program');
    await first.finishAuth(called.get('code') ?? '');
    const client = await connect();
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toContain('quota_show');
    expect(await showUnits(client)).toBe(false);
    await client.close();
  });

  test('gets a new token by itself when the hour is over', async () => {
    const before = tokenOf(program);
    await endHour(program);
    expect((await callTool(world.publicUrl, before)).status).toBe(401);
    const client = await connect();
    expect(await showUnits(client)).toBe(false);
    expect(tokenOf(program)).not.toBe(before);
    expect([program.registrations, program.sent.length]).toEqual([1, 1]);
    await client.close();
  });

  test('registers once more when it is not known any longer', async () => {
    const gone = clientIdOf(program);
    await world.app.database.db.delete(oauthClients).where(eq(oauthClients.clientId, gone));
    const refused = await askToken(world.publicUrl, {
      grant_type: 'refresh_token',
      refresh_token: program.tokens?.refresh_token ?? '',
      client_id: gone,
    });
    expect(refused.status).toBe(401);
    expect(await refused.json()).toMatchObject({ error: 'invalid_client' });
    const again = new OldTransport(mcp, { authProvider: program.provider });
    await expect(new OldClient(info).connect(again)).rejects.toThrow('Unauthorized');
    expect(program.registrations).toBe(2);
    expect(clientIdOf(program)).not.toBe(gone);
    await again.finishAuth((await pressAllow(program)).get('code') ?? '');
    expect(await showUnits(await connect())).toBe(false);
  });

  test('that names no resource, as before RFC 8707, is let in as well', async () => {
    const old = createMcpProgram({ name: 'Old' });
    const authProvider = { ...old.provider, validateResourceURL: async () => undefined };
    const transport = new OldTransport(mcp, { authProvider });
    await expect(new OldClient(info).connect(transport)).rejects.toThrow('Unauthorized');
    expect(askedBy(old)).not.toHaveProperty('resource');
    await transport.finishAuth((await pressAllow(old)).get('code') ?? '');
    expect((await callTool(world.publicUrl, tokenOf(old))).status).toBe(200);
  });
});

describe('the newer client, as in ChatGPT, known by the address of its document', () => {
  const callback = 'https://chatgpt.com/connector/oauth/aBc';
  let host: Emulator;
  let program: McpProgram;

  beforeAll(async () => {
    host = await serveRoutes(
      [
        {
          method: 'GET',
          path: /^\/client\.json$/u,
          handle: ({ url }) => ({
            status: 200,
            body: JSON.stringify({
              client_id: url.href,
              client_name: 'ChatGPT',
              redirect_uris: [callback],
              grant_types: ['authorization_code', 'refresh_token'],
              token_endpoint_auth_method: 'none',
            }),
          }),
        },
      ],
      { status: 404 },
    );
    program = createMcpProgram({ callback, clientId: `${host.url}/client.json` });
  });
  afterAll(() => host.close());

  const connect = async (): Promise<NewClient> => {
    const client = new NewClient(info);
    const { provider: authProvider } = program;
    await client.connect(new StreamableHTTPClientTransport(mcp, { authProvider }));
    return client;
  };

  test('is let in without registering, and says at which address its token is to be good', async () => {
    const { provider: authProvider } = program;
    const first = new StreamableHTTPClientTransport(mcp, { authProvider });
    await expect(new NewClient(info).connect(first)).rejects.toThrow('Unauthorized');
    expect(askedBy(program)).toMatchObject({
      client_id: `${host.url}/client.json`,
      code_challenge_method: 'S256',
      resource: mcp.href,
    });
    expect(program.registrations).toBe(0);
    const asking = new URL(lastSent(program));
    asking.searchParams.set('scope', 'read');
    const called = await allow(visitor, asking.href);
    expect(called.origin + called.pathname).toBe(callback);
    await first.finishAuth(called.searchParams);
    const client = await connect();
    expect((await client.callTool({ name: 'quota_show', arguments: {} })).isError).toBeFalsy();
    await client.close();
  });

  test('asks for more when a tool needs more, and goes on with what it had besides', async () => {
    const client = await connect();
    const { provider: authProvider } = program;
    const spend = { name: 'video_retry', arguments: {} };
    const before = await callTool(world.publicUrl, tokenOf(program), spend.name, spend.arguments);
    expect(before.status).toBe(403);
    expect(before.headers.get('www-authenticate')).toContain('error="insufficient_scope"');
    const asked = program.sent.length;
    await expect(client.callTool(spend)).rejects.toThrow('Unauthorized');
    expect(program.sent.length).toBe(asked + 1);
    expect(askedBy(program)['scope']?.split(' ')).toEqual(
      expect.arrayContaining(['read', 'spend']),
    );
    const transport = new StreamableHTTPClientTransport(mcp, { authProvider });
    await transport.finishAuth(await pressAllow(program));
    const after = await callTool(world.publicUrl, tokenOf(program), spend.name, spend.arguments);
    expect(after.status).toBe(200);
    expect((await callTool(world.publicUrl, tokenOf(program))).status).toBe(200);
    await client.close();
  });
});

test('a program of this machine comes back at whichever port is free', async () => {
  const program = createMcpProgram({ name: 'Code', callback: 'http://localhost:3118/callback' });
  const { provider: authProvider } = program;
  const transport = new OldTransport(mcp, { authProvider });
  await expect(new OldClient(info).connect(transport)).rejects.toThrow('Unauthorized');
  const asking = lastSent(program);
  asking.searchParams.set('redirect_uri', 'http://localhost:61234/callback');
  const called = await allow(visitor, asking.href);
  expect(called.origin + called.pathname).toBe('http://localhost:61234/callback');
  const tokens = await askToken(world.publicUrl, {
    grant_type: 'authorization_code',
    code: called.searchParams.get('code') ?? '',
    client_id: clientIdOf(program),
    redirect_uri: 'http://localhost:61234/callback',
    code_verifier: program.verifier,
  });
  expect(tokens.status).toBe(200);
});
