import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

import { channels, publications } from '../../drizzle/schema/publishing.ts';
import { answerOfHost } from '../../test/kit/host-answer.ts';
import {
  connectChannel,
  drainWith,
  makeReadyVideo,
  withVideoHost,
  youtubeOf,
} from '../../test/kit/trips.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import { decideApproval } from '../consent/decide.ts';
import type { Context } from '../context.ts';
import { Fault, isFault } from '../fault.ts';
import { systemIds } from '../ids.ts';
import { perform } from '../operation.ts';
import type { HostTokens } from '../ports/video-host.ts';
import { publicationCreate } from '../publication/create.ts';
import { loadSecrets } from '../secret.ts';
import { tokenCreate } from '../token/create.ts';
import { tokenList } from '../token/list.ts';
import { verifyToken } from '../token/verify.ts';
import { withAccess } from './access.ts';
import { completeConnection } from './complete.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

/** Every row of every table as Postgres writes it; bytes are in hex. */
async function dump(): Promise<string> {
  const { sql } = world.app.database;
  const tables = await sql`select format('%I.%I', table_schema, table_name) as name
    from information_schema.tables
    where table_schema not in ('pg_catalog', 'information_schema') and table_type = 'BASE TABLE'`;
  const parts: string[] = [];
  for (const { name } of z.array(z.object({ name: z.string() })).parse(tables)) {
    const rows = await sql.unsafe(`select row_of::text as text from ${name} as row_of`);
    parts.push(
      name,
      ...z
        .array(z.object({ text: z.string() }))
        .parse(rows)
        .map(({ text }) => text),
    );
  }
  return parts.join('\n');
}

/** What of a text can be seen in its base64, wherever in a longer text it stands. */
const base64Of = (secret: string, encoding: 'base64' | 'base64url'): string[] =>
  [0, 1, 2].map((before) => {
    const text = Buffer.from(`${'x'.repeat(before)}${secret}`).toString(encoding);
    const whole = Math.floor((before + secret.length) / 3) * 4;
    return text.slice(before === 0 ? 0 : 4, whole);
  });

const formsOf = (secret: string): string[] => [
  secret,
  encodeURIComponent(secret),
  encodeURIComponent(encodeURIComponent(secret)),
  JSON.stringify(secret).slice(1, -1),
  Buffer.from(secret).toString('hex'),
  ...base64Of(secret, 'base64'),
  ...base64Of(secret, 'base64url'),
];

const isIn = (text: string, secret: string): boolean => {
  const small = text.toLowerCase();
  return formsOf(secret).some((form) => text.includes(form) || small.includes(form.toLowerCase()));
};

test('a secret is found in every form that it may be written in', () => {
  const secret = '1//0ab_c-d+e/f=gh&ij%k';
  const inside = Buffer.from(`a long token: ${secret}, and more`);
  for (const form of [
    secret,
    `https://upload.example/?upload_id=${encodeURIComponent(secret)}`,
    inside.toString('hex').toUpperCase(),
    inside.toString('base64'),
    inside.subarray(1).toString('base64'),
    inside.subarray(2).toString('base64url'),
  ])
    expect(isIn(`(chn_1,${form},)`, secret), form).toBe(true);
  expect(isIn(`(chn_1,${secret.slice(1)})`, secret)).toBe(false);
});

/** Takes down every secret that goes between us and Google. */
function listen(secrets: Map<string, string>) {
  const host = youtubeOf(world);
  const keep = (name: string, tokens: HostTokens): HostTokens => {
    secrets.set(`${name}: access token`, tokens.accessToken);
    if (tokens.refreshToken) secrets.set(`${name}: refresh token`, tokens.refreshToken);
    return tokens;
  };
  return withVideoHost(world, {
    async exchangeCode(request) {
      secrets.set('code verifier', request.codeVerifier);
      return keep('connected', await host.exchangeCode(request));
    },
    refresh: async (token) => keep('refreshed', await host.refresh(token)),
    async startUpload(...request) {
      const session = await host.startUpload(...request);
      secrets.set('session', session);
      secrets.set('upload id', new URL(session).searchParams.get('upload_id') ?? '');
      return session;
    },
    // The session stays open.
    sendChunk: () => Promise.reject(new Fault('provider_busy', { provider: 'YouTube' })),
  });
}

/** Makes access tokens, uses one of them, and takes down what they could be told from. */
async function useTokens(secrets: Map<string, string>, context: Context) {
  for (const name of ['used', 'unused']) {
    const made = await world.must(tokenCreate, { name }, context);
    const { token } = tokenCreate.output.parse(made);
    const grant = name === 'used' ? await verifyToken(world.app, token) : null;
    expect(grant !== null, name).toBe(name === 'used');
    const secret = token.slice('jilo_'.length, -6);
    secrets.set(`${name}: personal token`, token);
    secrets.set(`${name}: its secret`, secret);
    secrets.set(`${name}: its bytes`, Buffer.from(secret, 'base64url').toString('hex'));
    secrets.set(`${name}: its text`, Buffer.from(secret, 'base64url').toString('base64'));
  }
  await world.must(tokenList, {}, context);
}

test('a dump of the database holds no usable token', async () => {
  const secrets = new Map<string, string>();
  const services = { ...world.app, ports: listen(secrets) };
  const context = await world.context();
  const answer = await answerOfHost(world, context);
  await completeConnection(services, answer);
  const [channel] = await world.app.database.db.select().from(channels);
  const id = channel?.id ?? '';
  await useTokens(secrets, context);
  const open = await answerOfHost(world, context);
  const video = await makeReadyVideo(world);
  const wish = { video, title: 'A paper boat', description: '', tags: '' };
  const asked = await perform(publicationCreate, wish, context);
  if (asked.ok || !isFault(asked.fault, 'approval_required')) throw new Error('nobody was asked');
  const { id: approval, link } = asked.fault.params;
  const by = context.actor.accountId;
  await decideApproval(world.app, { id: approval, approved: true, by, surface: 'terminal' });
  const started = await perform(publicationCreate, wish, context, { approvalId: approval });
  expect(started.ok).toBe(true);
  await drainWith(world, services.ports);
  await world.advance(3600);
  await withAccess(services, id, async (token) => token);
  const [row] = await world.app.database.db.select().from(publications);
  expect(row?.sessionSealed).not.toBeNull();

  for (const [name, one] of Object.entries({ first: answer, second: open })) {
    secrets.set(`${name}: state`, one.state);
    secrets.set(`${name}: code`, one.code);
    secrets.set(`${name}: browser`, one.browser ?? '');
  }
  secrets.set('approval', new URL(link ?? '').searchParams.get('sig') ?? '');
  secrets.set('installation', loadSecrets(world.app.config, systemIds).current);
  expect([...secrets.keys()]).toEqual(
    expect.arrayContaining([
      'code verifier',
      'connected: access token',
      'connected: refresh token',
      'refreshed: access token',
      'session',
      'upload id',
      'approval',
      'used: personal token',
      'unused: its bytes',
    ]),
  );
  const text = await dump();
  expect(text).toContain(context.actor.accountId);
  expect(text).toContain(row?.sessionSealed);
  const log = world.logs.join('');
  for (const [name, secret] of secrets) {
    expect(secret.length, name).toBeGreaterThan(20);
    expect(isIn(text, secret), `${name} in the database`).toBe(false);
    expect(isIn(log, secret), `${name} in the log`).toBe(false);
  }
  expect(text).toMatch(/\(tok_[^\n]*,unused,[0-9a-f]{64},/);
  expect(text).not.toMatch(/ya29\.|1\/\/0|upload_id|jilo_[\w-]{24}/);
});

test('a sealed value that is moved to another row does not open', async () => {
  const { db } = world.app.database;
  const mine = await connectChannel(world, 'mover', { channel: 'Jilo Demo Channel' });
  const other = await connectChannel(world, 'mover', { channel: '城市慢镜头' });
  const theirs = await connectChannel(world, 'somebody', { channel: '城市慢镜头' });
  const read = async (id: string) => {
    const [row] = await db.select().from(channels).where(eq(channels.id, id));
    return {
      accessTokenSealed: row?.accessTokenSealed,
      refreshTokenSealed: row?.refreshTokenSealed,
    };
  };
  const kept = await read(mine);
  const use = () => withAccess(world.app, mine, async (token) => token);
  const swapped = {
    accessTokenSealed: kept.refreshTokenSealed,
    refreshTokenSealed: kept.accessTokenSealed,
  };
  for (const moved of [await read(other), await read(theirs), swapped]) {
    await db.update(channels).set(moved).where(eq(channels.id, mine));
    await expect(use()).rejects.toThrow('unable to authenticate data');
  }
  await db.update(channels).set(kept).where(eq(channels.id, mine));
  expect(await use()).toMatch(/^ya29\./);
});
