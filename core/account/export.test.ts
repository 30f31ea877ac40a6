import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { getTableColumns, getTableName, is } from 'drizzle-orm';
import { PgTable } from 'drizzle-orm/pg-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { drafts } from '../../drizzle/schema/chat.ts';
import { furnishAccount, type WholeAccount } from '../../test/kit/whole-account.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import type { Context } from '../context.ts';
import { sealedColumns } from '../reseal.ts';
import { accountExport } from './export.ts';
import { columnsOf } from './export-section.ts';
import { exportSections } from './export-sections.ts';
import { writeExport } from './export-write.ts';

/** Why a table is not in the file. */
const leftOut: Readonly<Record<string, string>> = {
  account_links: 'one-time links that hold ids alone',
  former_identities: 'a hash of who has deleted an account, which names nobody',
  host_allowances: "the whole project's day at YouTube",
  inbox: 'raw callbacks of the providers; what came of them is in shots and videos',
  login_proofs: 'secrets that are good once',
  oauth_access_tokens: 'hashes of tokens',
  oauth_client_assertions: 'statements of programs',
  oauth_client_resources: 'facts about programs',
  oauth_clients: 'facts about programs, with their secrets',
  oauth_refresh_tokens: 'hashes of tokens',
  oauth_resources: 'our own addresses',
  oauth_states: 'secrets of a round trip to Google',
  payment_notices: 'messages of the payment service, which name no account',
  prompt_checks: 'judgements by hash of a text, of whoever wrote it',
  rate_limits: 'how often was asked in the last minute',
  servers: 'settings of a chat server, which are no person’s',
  trend_harvest_items: 'shared by everybody who searched the same',
  trend_harvests: 'shared by everybody who searched the same',
  trend_search_harvests: 'which shared work a search was answered from',
  trend_snapshots: 'numbers of public videos',
};

async function everyTable(): Promise<Map<string, PgTable>> {
  const folder = join(import.meta.dirname, '../../drizzle/schema');
  const tables = new Map<string, PgTable>();
  for (const file of readdirSync(folder)) {
    const found: Record<string, unknown> = await import(join(folder, file));
    for (const value of Object.values(found))
      if (is(value, PgTable)) tables.set(getTableName(value), value);
  }
  return tables;
}

test('every table is exported, or is named with its reason', async () => {
  const tables = await everyTable();
  expect(tables.size).toBeGreaterThan(50);
  const exported = exportSections.map(({ table }) => getTableName(table));
  expect(new Set(exported).size).toBe(exported.length);
  expect([...exported, ...Object.keys(leftOut)].toSorted()).toEqual([...tables.keys()].toSorted());
});

test('no column with a secret is read, and what is left out exists', () => {
  const secret = /sealed|_hash$|^hash$|secret|verifier|password|^token$|_token$|session/u;
  for (const section of exportSections) {
    const names = Object.keys(columnsOf(section));
    expect([section.name, names.filter((name) => secret.test(name))]).toEqual([section.name, []]);
    const all = Object.values(getTableColumns(section.table)).map(({ name }) => name);
    for (const name of [...(section.left ?? []), ...Object.keys(section.files ?? {})])
      expect([section.name, all]).toEqual([section.name, expect.arrayContaining([name])]);
  }
  for (const { table, column } of sealedColumns) {
    const section = exportSections.find((one) => getTableName(one.table) === table);
    expect(section && Object.keys(columnsOf(section))).not.toEqual(
      expect.arrayContaining([column]),
    );
  }
});

const fileSchema = z.looseObject({
  schema: z.literal('jilo.account/1'),
  account: z.string(),
  created_at: z.iso.datetime(),
});
const rowsSchema = z.array(z.record(z.string(), z.unknown()));

describe('the file', () => {
  let world: World;
  let own: WholeAccount;
  beforeAll(async () => {
    world = await createWorld();
    own = await furnishAccount(world, 'zqkanarie');
    await furnishAccount(world, 'zqsparrow');
  }, 120_000);
  afterAll(() => world.close());

  async function textOf({ actor }: Context): Promise<string> {
    let text = '';
    for await (const part of writeExport(world.app, actor.accountId)) text += part;
    return text;
  }
  const read = async (person: Context) => fileSchema.parse(JSON.parse(await textOf(person)));

  test('holds something of every table, and a link for each stored file', async () => {
    const file = await read(own.person);
    expect(file).toMatchObject({ account: own.person.actor.accountId });
    const rows = new Map(
      exportSections.map(({ name }) => [name, rowsSchema.parse(file[name])] as const),
    );
    // These come with signing in on the web, and with a refund.
    const none = [...rows].filter(([, list]) => list.length === 0).map(([name]) => name);
    expect(none.filter((name) => !name.startsWith('login'))).toEqual(['compensations']);
    const [video] = rows.get('videos') ?? [];
    expect(video).toMatchObject({
      id: own.video,
      prompt: expect.stringContaining('zqkanarie'),
      file: expect.stringContaining(`/media/videos/${own.video}.mp4?exp=`),
      poster: expect.stringContaining('/media/posters/'),
    });
    expect(video).not.toHaveProperty('file_key');
    expect((await fetch(String(video?.['file']))).status).toBe(200);
    expect(rows.get('access_tokens')).toEqual([
      expect.objectContaining({ name: 'zqkanarie', revoked_at: null }),
    ]);
  });

  test('holds no secret, and nothing of anybody else', async () => {
    const text = await textOf(own.person);
    expect(text).toContain('zqkanarie');
    expect(text).not.toMatch(/zqsparrow|secret-(?:hash|state|sealed)|_sealed|session_url/u);
    const other = await read(await world.context('terminal', 'nobody yet'));
    expect(JSON.stringify(other)).not.toMatch(/zq/u);
    expect(rowsSchema.parse(other['quota_movements'])).toHaveLength(1);
  });

  test('is read some rows at a time, and misses none of many', async () => {
    const person = await world.context('terminal', 'much');
    const { accountId } = person.actor;
    const changedAt = world.now();
    const many = Array.from({ length: 601 }, (_, at) => ({
      id: `dra_${String(at)}`,
      accountId,
      topic: `topic ${String(at)}`,
      fields: {},
      changedAt,
    }));
    await world.app.database.db.insert(drafts).values(many);
    const file = await read(person);
    const ids = rowsSchema.parse(file['drafts']).map(({ id }) => String(id));
    expect(ids.toSorted()).toEqual(many.map(({ id }) => id).toSorted());
  });

  test('has a link that says how long it opens', async () => {
    const outcome = await world.perform(accountExport, {}, own.person);
    expect(outcome).toMatchObject({
      ok: true,
      value: {
        link: expect.stringContaining(`/exports/${own.person.actor.accountId}.json?exp=`),
        file: 'jilo-account.json',
        valid_until: new Date(world.now().getTime() + 3_600_000).toISOString(),
      },
      text: expect.stringContaining('for an hour'),
    });
  });
});
