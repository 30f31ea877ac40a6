import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { removeEmbedded } from '../../drizzle/embedded.ts';
import { runScript } from '../../test/kit/process.ts';
import { isolated } from '../isolated.ts';

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'jilo-commands-'));
});
afterAll(() => {
  for (const name of ['old', 'new']) removeEmbedded(join(root, name));
  rmSync(root, { recursive: true, force: true });
});

const run = (script: string, words: readonly string[], folder: string) =>
  runScript(`scripts/${script}.ts`, words, { ...isolated, JILO_DATA_DIR: join(root, folder) });

test('the embedded database is backed up to a file and restored into another data folder', async () => {
  const file = join(root, 'backup.tar');
  const nothing = await run('backup', [file], 'old');
  expect(nothing).toMatchObject({ code: 1, stderr: expect.stringContaining('nothing to back up') });
  expect(existsSync(file)).toBe(false);
  expect((await run('call', ['account_show', '{}'], 'old')).code).toBe(0);
  const backup = await run('backup', [file], 'old');
  expect(backup).toMatchObject({ code: 0, stderr: '' });
  expect(backup.stdout).toContain('JILO_SECRET is not in this backup');
  expect(readdirSync(root).toSorted()).toEqual(['backup.tar', 'old']);

  const restored = await run('restore', [file], 'new');
  expect(restored).toMatchObject({ code: 0, stderr: '' });
  expect(restored.stdout).toContain('There is no secret here yet');
  expect(restored.stdout).toContain('The books agree: 1 movements in 1 wallets.');
  const [before, after] = [
    await run('call', ['account_show', '{}'], 'old'),
    await run('call', ['account_show', '{}'], 'new'),
  ];
  expect(JSON.parse(after.stdout)).toEqual(JSON.parse(before.stdout));

  const again = await run('restore', [file], 'new');
  expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('not empty') });
});

test.each(['backup', 'restore'])('%s says how it is called', async (script) => {
  for (const words of [[], ['one', 'two'], ['--force']]) {
    const { code, stderr } = await run(script, words, 'unused');
    expect([code, stderr]).toEqual([1, expect.stringContaining(`npm run ${script} -- `)]);
  }
  expect(existsSync(join(root, 'unused'))).toBe(false);
});
