import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { expect, test } from 'vitest';

import { loadSurroundings } from '../core/config.ts';

const root = join(import.meta.dirname, '..');

/** What only a call may load. */
const heavy = [
  'node_modules/googleapis/',
  'node_modules/@googleapis/',
  'node_modules/google-auth-library/',
  'node_modules/discord.js/',
  'node_modules/apify-client/',
  'node_modules/stripe/',
  'node_modules/node-av/',
  'node_modules/drizzle-orm/',
  'node_modules/ai/',
  'node_modules/pg-boss/',
  'node_modules/express/',
  'core/operations.ts',
];

/** The modules that the stdio server has loaded when it has listed its tools, and how many tools. */
async function start(imports: readonly string[] = []) {
  const folder = mkdtempSync(join(tmpdir(), 'jilo-start-'));
  const preloaded = [import.meta.resolve('../test/kit/print-imports.mjs'), ...imports];
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [...preloaded.flatMap((url) => ['--import', url]), join(root, 'mcp-server/start.mjs')],
    cwd: root,
    env: { PATH: loadSurroundings().path, JILO_DATA_DIR: folder },
    stderr: 'pipe',
  });
  let said = '';
  transport.stderr?.on('data', (part) => (said += String(part)));
  const client = new Client({ name: 'start', version: '1.0.0' });
  await client.connect(transport);
  const { tools } = await client.listTools();
  const ended = new Promise((resolve) => {
    transport.stderr?.once('end', resolve);
  });
  await client.close();
  await ended;
  rmSync(folder, { recursive: true, force: true });
  const loaded = [...said.matchAll(/^loaded (.+)$/gm)].map(([, url = '']) => url);
  return { loaded, tools: tools.length };
}

const heavyOf = (loaded: readonly string[]): string[] =>
  heavy.filter((part) => loaded.some((url) => url.includes(`/${part}`)));

test('the tools are listed before anything of the product is loaded', async () => {
  const { loaded, tools } = await start();
  expect(tools).toBeGreaterThan(15);
  expect(loaded.filter((url) => url.endsWith('/mcp-server/main.ts'))).toHaveLength(1);
  expect(heavyOf(loaded)).toEqual([]);
});

test('a start path that loads the product is found out', async () => {
  const { loaded } = await start([import.meta.resolve('../core/operations.ts')]);
  expect(heavyOf(loaded)).toEqual(['node_modules/drizzle-orm/', 'core/operations.ts']);
});
