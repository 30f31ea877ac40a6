import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { tokenList } from '../../core/token/list.ts';
import { tokenRevoke } from '../../core/token/revoke.ts';
import {
  askToken,
  callTool,
  claudeCallback,
  createProof,
  letIn,
  questionAddress,
  registerProgram,
  tokensIn,
  type Program,
} from '../../test/kit/programs.ts';
import { contextOfLogin } from '../../test/kit/signed-up.ts';
import { createVisitor, signUp, type Visitor } from '../../test/kit/visitor.ts';
import { createWorld, type World } from '../../test/kit/world.ts';

let world: World;
let visitor: Visitor;
let program: Program;

beforeAll(async () => {
  world = await createWorld();
  visitor = createVisitor(world.publicUrl);
  await signUp(world, visitor, 'ana@example.org');
  program = await registerProgram(world.publicUrl);
});
afterAll(() => world.close());

test('the metadata of RFC 8414 and RFC 9728 name each other', async () => {
  const read = async (path: string) => (await fetch(`${world.publicUrl}${path}`)).json();
  const resource = await read('/.well-known/oauth-protected-resource/mcp');
  const server = await read('/.well-known/oauth-authorization-server/auth');
  expect(resource).toMatchObject({
    resource: `${world.publicUrl}/mcp`,
    authorization_servers: [`${world.publicUrl}/auth`],
  });
  expect(server).toEqual({
    issuer: `${world.publicUrl}/auth`,
    authorization_endpoint: `${world.publicUrl}/auth/oauth2/authorize`,
    token_endpoint: `${world.publicUrl}/auth/oauth2/token`,
    registration_endpoint: `${world.publicUrl}/auth/oauth2/register`,
    revocation_endpoint: `${world.publicUrl}/auth/oauth2/revoke`,
    scopes_supported: ['read', 'write', 'spend', 'publish', 'offline_access'],
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_methods_supported: ['none', 'client_secret_basic', 'client_secret_post'],
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
    client_id_metadata_document_supported: true,
  });
});

test('the page says who asks, for what, and where the answer goes', async () => {
  const { challenge } = createProof();
  const page = await visitor.open(questionAddress(world.publicUrl, { program, challenge }));
  for (const said of ['Let Claude use your Jilo account?', 'claude.ai', 'ana@example.org'])
    expect(page.text).toContain(said);
  expect(page.text).toContain('ask to make videos; you confirm each one');
  expect(page.text).not.toContain('ask to publish');
});

test('a program that was let in does what it was allowed, and nothing else', async () => {
  const tokens = await letIn(world.publicUrl, visitor, program, { scope: 'spend' });
  expect(tokens.scope.split(' ')).toEqual(['spend', 'offline_access']);
  const read = await callTool(world.publicUrl, tokens.access_token);
  expect(read.status).toBe(403);
  expect(read.headers.get('www-authenticate')).toContain('insufficient_scope');
  const other = await letIn(world.publicUrl, visitor, program, { scope: 'read' });
  expect((await callTool(world.publicUrl, other.access_token)).status).toBe(200);
});

test('whoever denies is sent back without a code', async () => {
  const { challenge } = createProof();
  const other = await registerProgram(world.publicUrl);
  const address = questionAddress(world.publicUrl, { program: other, challenge });
  const page = await visitor.open(address);
  const after = await visitor.press(page, '/consent', { decision: 'deny' });
  const called = new URL(after.url);
  expect(called.origin + called.pathname).toBe(claudeCallback);
  expect(Object.fromEntries(called.searchParams)).toMatchObject({
    error: 'access_denied',
    state: 'state-of-the-program',
    iss: `${world.publicUrl}/auth`,
  });
  expect(called.searchParams.has('code')).toBe(false);
});

test('a refresh token is good once; used again it ends every token of its family', async () => {
  const own = await registerProgram(world.publicUrl);
  const first = await letIn(world.publicUrl, visitor, own);
  const refresh = (token: string) =>
    askToken(world.publicUrl, {
      grant_type: 'refresh_token',
      refresh_token: token,
      client_id: own.clientId,
    });
  const second = await tokensIn(await refresh(first.refresh_token));
  expect((await callTool(world.publicUrl, second.access_token)).status).toBe(200);
  expect((await refresh(first.refresh_token)).status).toBe(400);
  expect((await refresh(second.refresh_token)).status).toBe(400);
  expect((await callTool(world.publicUrl, second.access_token)).status).toBe(401);
});

test('revocation ends a token at once, and once more it is no error', async () => {
  const tokens = await letIn(world.publicUrl, visitor, program);
  const revoke = () =>
    fetch(`${world.publicUrl}/auth/oauth2/revoke`, {
      method: 'POST',
      body: new URLSearchParams({ token: tokens.access_token, client_id: program.clientId }),
    });
  expect((await revoke()).status).toBe(200);
  expect((await callTool(world.publicUrl, tokens.access_token)).status).toBe(401);
  expect((await revoke()).status).toBe(200);
});

describe('the list of tokens', () => {
  test('holds programs, and shuts one out for good', async () => {
    const own = await registerProgram(world.publicUrl, { client_name: 'Nosy' });
    const tokens = await letIn(world.publicUrl, visitor, own);
    const context = await contextOfLogin(world, 'ana@example.org');
    const { tokens: listed } = tokenList.output.parse(await world.must(tokenList, {}, context));
    const [nosy] = listed.filter(({ name }) => name === 'Nosy');
    expect(nosy).toMatchObject({ kind: 'program', state: 'active', scopes: ['read', 'spend'] });
    const stranger = await world.context('terminal', 'somebody else');
    await expect(world.must(tokenRevoke, { token: nosy?.id }, stranger)).rejects.toMatchObject({
      code: 'not_found',
    });
    await world.must(tokenRevoke, { token: nosy?.id }, context);
    expect((await callTool(world.publicUrl, tokens.access_token)).status).toBe(401);
    const again = await askToken(world.publicUrl, {
      grant_type: 'refresh_token',
      refresh_token: tokens.refresh_token,
      client_id: own.clientId,
    });
    expect(again.status).toBe(400);
  });
});
