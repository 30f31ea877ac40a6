import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { oauthClients } from '../../drizzle/schema/oauth.ts';
import {
  callTool,
  claudeCallback,
  exchangeFields,
  sendRegistration,
  tokensIn,
} from '../kit/programs.ts';
import { createVisitor, signUp, type Visitor } from '../kit/visitor.ts';
import { createWorld, type World } from '../kit/world.ts';
import { askForCode, refusalOf } from './oauth-kit.ts';

let world: World;
let origin: string;
let ana: Visitor;

beforeAll(async () => {
  world = await createWorld();
  origin = world.publicUrl;
  ana = createVisitor(origin);
  await signUp(world, ana, 'ana@example.org');
});
afterAll(() => world.close());

const post = (body: string, headers: Readonly<Record<string, string>> = {}, at = origin) =>
  fetch(`${at}/auth/oauth2/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });

const registered = z.looseObject({ client_id: z.string(), client_secret: z.string().optional() });
const readRegistered = async (response: Response) => {
  expect(response.status).toBe(201);
  return registered.parse(await response.json());
};

describe('a description is refused', () => {
  test.each([
    ['that is not JSON', 'client_name=Claude'],
    ['that is empty', ''],
    ['that is a list', '[]'],
    ['that is a word', '"Claude"'],
    ['that is null', 'null'],
    ['whose addresses are no list', '{"redirect_uris":"https://claude.ai/"}'],
    ['whose addresses are objects', '{"redirect_uris":[{"href":"https://claude.ai/"}]}'],
    ['whose name is no text', '{"client_name":{"$ne":1},"redirect_uris":["https://claude.ai/"]}'],
    ['without addresses', '{"client_name":"Claude"}'],
    ['with an empty list of addresses', '{"redirect_uris":[]}'],
  ])('%s', async (_what, body) => {
    const refused = await post(body);
    expect(refused.status).toBe(400);
    expect((await refusalOf(refused))[1]).toMatch(/^invalid_/u);
  });

  test('with a thousand addresses', async () => {
    const redirect_uris = Array.from({ length: 1000 }, (_, at) => `https://a.example/${at}`);
    const refused = await sendRegistration(origin, { redirect_uris });
    expect(await refusalOf(refused)).toEqual([400, 'invalid_client_metadata']);
  });

  test('that is larger than 64 KiB, before it is read', async () => {
    const body = JSON.stringify({ client_name: 'x'.repeat(70_000) });
    expect((await post(body)).status).toBe(413);
  });

  test.each([
    ['signed statements', { token_endpoint_auth_method: 'private_key_jwt' }],
    ['keys at an address', { jwks_uri: 'https://169.254.169.254/keys' }],
    ['keys', { jwks: { keys: [] } }],
    ['a way to prove itself that there is not', { token_endpoint_auth_method: 'tls_client_auth' }],
    ['client credentials', { grant_types: ['client_credentials'] }],
    ['the implicit grant', { grant_types: ['implicit'], response_types: ['token'] }],
    ['passwords', { grant_types: ['password', 'authorization_code'] }],
    ['tokens as an answer', { response_types: ['token'] }],
    ['a kind that there is not', { application_type: 'root' }],
  ])('that wants %s', async (_what, metadata) => {
    const refused = await sendRegistration(origin, metadata);
    expect(refused.status).toBe(400);
    expect(await refused.json()).not.toHaveProperty('client_id');
  });
});

describe('what a program says of itself', () => {
  test('gives it no right: what we do not ask for is not kept', async () => {
    const given = await sendRegistration(origin, {
      client_id: 'client_of_somebody',
      client_secret: 'known',
      skip_consent: true,
      require_pkce: false,
      disabled: false,
      user_id: 'login_x',
      scope: 'read admin',
      resources: ['https://mcp.evil.example/mcp'],
      software_statement: 'e30.e30.',
      backchannel_logout_uri: 'https://169.254.169.254/',
      logo_uri: 'https://evil.example/pixel.png',
      metadata: { trusted: true },
    });
    const { client_id: id } = await readRegistered(given);
    expect(id).not.toBe('client_of_somebody');
    const [row] = await world.app.database.db
      .select()
      .from(oauthClients)
      .where(eq(oauthClients.clientId, id));
    expect(row).toMatchObject({
      skipConsent: null,
      clientSecret: null,
      userId: null,
      // People allow scopes; what a program says of them neither widens nor narrows that.
      scopes: ['read', 'write', 'spend', 'publish', 'offline_access'],
      softwareStatement: null,
      backchannelLogoutUri: null,
      icon: null,
    });
    expect(row?.requirePKCE).not.toBe(false);
    expect(JSON.stringify(row)).not.toContain('evil');
  });

  test('does not tie it to whoever happens to be signed in', async () => {
    const cookie = [...ana.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const body = JSON.stringify({ redirect_uris: [claudeCallback], client_name: 'Tied' });
    const { client_id: id } = await readRegistered(await post(body, { cookie, origin }));
    const [row] = await world.app.database.db
      .select({ userId: oauthClients.userId })
      .from(oauthClients)
      .where(eq(oauthClients.clientId, id));
    expect(row).toEqual({ userId: null });
  });
});

describe.each(['client_secret_basic', 'client_secret_post'])('a program with a %s', (method) => {
  test('is let in with it, and not without it or with another', async () => {
    const given = await sendRegistration(origin, { token_endpoint_auth_method: method });
    const { client_id: clientId, client_secret: secret = '' } = await readRegistered(given);
    expect(secret.length).toBeGreaterThanOrEqual(32);
    const program = { clientId, redirectUri: claudeCallback };
    const send = async (shown: string | null) => {
      const fields = exchangeFields(await askForCode(origin, ana, program));
      const inHead = method === 'client_secret_basic' && shown !== null;
      const coded = Buffer.from(`${clientId}:${shown ?? ''}`).toString('base64');
      if (inHead) delete fields['client_id'];
      else if (shown !== null) fields['client_secret'] = shown;
      return fetch(`${origin}/auth/oauth2/token`, {
        method: 'POST',
        headers: inHead ? { authorization: `Basic ${coded}` } : {},
        body: new URLSearchParams(fields),
      });
    };
    for (const wrong of [null, '', 'x', `${secret}x`, secret.slice(1)]) {
      const refused = await send(wrong);
      expect([400, 401]).toContain(refused.status);
      expect(await refused.json()).not.toHaveProperty('access_token');
    }
    const tokens = await tokensIn(await send(secret));
    expect((await callTool(origin, tokens.access_token)).status).toBe(200);
  });

  test('has it sealed in the table', async () => {
    const given = await sendRegistration(origin, { token_endpoint_auth_method: method });
    const { client_id: id, client_secret: secret = '' } = await readRegistered(given);
    const [row] = await world.app.database.db
      .select()
      .from(oauthClients)
      .where(eq(oauthClients.clientId, id));
    expect(row?.clientSecret).toBeTruthy();
    expect(JSON.stringify(row)).not.toContain(secret);
  });
});

test('an address that registers again and again is told to wait', async () => {
  const narrow = await createWorld({ settings: { RATE_ADDRESS_PER_MINUTE: '5' } });
  const body = JSON.stringify({ redirect_uris: [claudeCallback] });
  const statuses: number[] = [];
  for (let count = 0; count < 8; count += 1)
    statuses.push((await post(body, {}, narrow.publicUrl)).status);
  expect(statuses).toEqual([201, 201, 201, 201, 201, 429, 429, 429]);
  const rows = await narrow.app.database.db.select().from(oauthClients);
  expect(rows).toHaveLength(5);
  await narrow.close();
});
