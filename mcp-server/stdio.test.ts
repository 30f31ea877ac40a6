import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { loadSurroundings } from '../core/config.ts';
import { copyDatabase } from '../test/kit/database.ts';
import { legacy, modern } from '../test/kit/mcp-raw.ts';
import { mcpSurface } from '../test/kit/process.ts';

const root = join(import.meta.dirname, '..');
const dataDir = mkdtempSync(join(tmpdir(), 'jilo-stdio-'));
const prepared = ['--import', join(root, 'scripts/require-node.mjs')];
let database: Awaited<ReturnType<typeof copyDatabase>>;
let settings: Record<string, string>;

beforeAll(async () => {
  database = await copyDatabase();
  settings = { JILO_DATA_DIR: dataDir, DATABASE_URL: database.url };
});
afterAll(async () => {
  await database.drop();
  rmSync(dataDir, { recursive: true, force: true });
});

const environment = (more: Record<string, string> = {}) => ({
  PATH: loadSurroundings().path,
  LANG: 'en_US.UTF-8',
  LOG_LEVEL: 'warn',
  ...settings,
  ...more,
});

const frameSchema = z.looseObject({
  jsonrpc: z.literal('2.0'),
  id: z.union([z.string(), z.number()]).optional(),
  result: z.looseObject({ isError: z.boolean().optional() }).optional(),
});

/** The address of a chart names the second of its end. */
const withoutChart = (result: unknown): string =>
  JSON.stringify(result).replaceAll(/exp=\d+&sig=[\w-]+/g, '');

/** Writes these messages, ends standard input at once, and reads what comes until the process has ended. */
async function talk(messages: readonly unknown[], more: Record<string, string> = {}) {
  const child = spawn(process.execPath, [...prepared, join(root, 'mcp-server/start.mjs')], {
    cwd: root,
    env: environment(more),
    stdio: 'pipe',
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (part) => (stdout += String(part)));
  child.stderr.on('data', (part) => (stderr += String(part)));
  child.stdin.end(messages.map((message) => `${JSON.stringify(message)}\n`).join(''));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const lines = stdout.split('\n').filter(Boolean);
  return { code, stderr, frames: lines.map((line) => frameSchema.parse(JSON.parse(line))) };
}

const opening = legacy(
  'initialize',
  {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'raw', version: '1' },
  },
  'open',
);
const opened = { jsonrpc: '2.0', method: 'notifications/initialized' };
const call = (id: string, name = 'quota_show', input = {}) =>
  legacy('tools/call', { name, arguments: input }, id);

describe('standard output', () => {
  test('carries frames alone, and the answers to all that was asked before the input ended', async () => {
    const { code, frames, stderr } = await talk([
      opening,
      opened,
      call('first'),
      legacy('tools/list', {}, 'list'),
      call('second'),
      call('wrong', 'quota_show', { no: 1 }),
    ]);
    expect(code, stderr).toBe(0);
    const answers = Object.fromEntries(frames.map(({ id, result }) => [id, result]));
    expect(Object.keys(answers).toSorted()).toEqual(['first', 'list', 'open', 'second', 'wrong']);
    expect(answers['first']).toMatchObject({ structuredContent: { available: 100 } });
    expect(withoutChart(answers['second'])).toEqual(withoutChart(answers['first']));
    expect(answers['wrong']).toMatchObject({ isError: true });
  });

  test('does the same for a client of 2026, and ends without a word when there is none', async () => {
    const asked = modern('tools/call', { name: 'quota_show', arguments: {} }).body;
    const { code, frames } = await talk([asked]);
    expect(code).toBe(0);
    expect(frames).toHaveLength(1);
    expect(frames[0]?.result).toMatchObject({ structuredContent: { available: 100 } });
    expect(await talk([])).toEqual({ code: 0, stderr: '', frames: [] });
  });
});

test('a real client of 2026 lists, calls, and hears of changes', async () => {
  const client = new Client(
    { name: 'test', version: '1' },
    { versionNegotiation: { mode: 'auto' } },
  );
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [...prepared, join(root, 'mcp-server/start.mjs')],
    cwd: root,
    env: environment(),
    stderr: 'pipe',
  });
  await client.connect(transport);
  expect(client.getNegotiatedProtocolVersion()).toBe('2026-07-28');
  expect((await client.listTools()).tools.map(({ name }) => name)).toContain('quota_show');
  // The product opens once for those who come while it does.
  const both = await Promise.all(
    ['quota_show', 'search'].map((name) =>
      client.callTool({ name, arguments: name === 'search' ? { query: '' } : {} }),
    ),
  );
  expect(both.map(({ isError }) => isError)).toEqual([undefined, undefined]);
  const subscription = await client.listen({ resourceSubscriptions: ['jilo://ledger'] });
  expect(subscription.honoredFilter).toEqual({ resourceSubscriptions: ['jilo://ledger'] });
  await client.close();
});

test('a product that cannot be opened says why, and is tried again by the next call', async () => {
  const missing = await copyDatabase();
  await missing.drop();
  const mcp = await mcpSurface({ ...settings, DATABASE_URL: missing.url });
  const said = async () => JSON.stringify(await mcp.client.callTool({ name: 'quota_show' }));
  expect((await mcp.client.listTools()).tools.length).toBeGreaterThan(10);
  const first = await said();
  expect(first).toMatch(/"isError":true/);
  expect(first).toMatch(/database/i);
  expect(first).not.toMatch(/\.ts:\d+|node_modules/);
  await expect(mcp.client.listResources()).rejects.toThrow(/database/i);
  const again = await copyDatabase(new URL(missing.url).pathname.slice(1));
  expect(await said()).toMatch(/"available":100/);
  await mcp.close();
  await again.drop();
}, 60_000);
