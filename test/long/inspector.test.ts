import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

import { loadSurroundings } from '../../core/config.ts';
import { tokenCreate } from '../../core/token/create.ts';
import { createWorld, type World } from '../kit/world.ts';

const inspector = fileURLToPath(
  import.meta.resolve('@modelcontextprotocol/inspector/clients/launcher/build/index.js'),
);
const start = fileURLToPath(import.meta.resolve('../../mcp-server/start.mjs'));
const folder = mkdtempSync(join(tmpdir(), 'jilo-inspector-'));

let world: World;
let token: string;

beforeAll(async () => {
  world = await createWorld();
  const made = await world.must(
    tokenCreate,
    { name: 'Inspector', scopes: 'read' },
    await world.context('terminal', 'inspector'),
  );
  token = String(made['token']);
});

afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true, force: true });
});

/** How the Inspector's command line is told where the server is. */
const targets = {
  stdio: () => [
    process.execPath,
    start,
    ...settingsFor({
      JILO_DATA_DIR: folder,
      DATABASE_URL: world.databaseUrl,
      JILO_ACCOUNT: 'inspector',
      PORT: '0',
    }),
  ],
  HTTP: () => [
    '--server-url',
    new URL('/mcp', world.publicUrl).href,
    '--header',
    `Authorization: Bearer ${token}`,
  ],
};

const settingsFor = (settings: Readonly<Record<string, string>>): string[] =>
  Object.entries(settings).flatMap(([name, value]) => ['-e', `${name}=${value}`]);

/** @throws Error with what it printed when the Inspector ends with another code than 0. */
async function inspect(target: readonly string[], words: readonly string[]): Promise<unknown> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [inspector, '--cli', ...target, ...words],
    { env: { PATH: loadSurroundings().path, HOME: folder } },
  );
  return JSON.parse(stdout);
}

const listSchema = z.object({ tools: z.array(z.object({ name: z.string() })) });

test.each([
  ['stdio', 'legacy'],
  ['stdio', 'modern'],
  ['HTTP', 'legacy'],
  ['HTTP', 'modern'],
] as const)(
  "the official Inspector's command line lists and calls tools: %s, %s",
  async (way, era) => {
    const target = targets[way]();
    const common = ['--protocol-era', era, '--method'];
    const { tools } = listSchema.parse(
      await inspect(target, [...common, 'tools/list', '--strict']),
    );
    expect(tools.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['trend_search', 'video_generate', 'quota_show', 'search', 'fetch']),
    );
    const called = await inspect(target, [...common, 'tools/call', '--tool-name', 'quota_show']);
    expect(called).toMatchObject({ structuredContent: { available: 100, held: 0 } });
  },
);

test('the Inspector is not let in without a token', async () => {
  const [, url = ''] = targets.HTTP();
  const words = ['--method', 'tools/list', '--stored-auth-only'];
  await expect(inspect(['--server-url', url], words)).rejects.toThrow(/401|auth/i);
});
