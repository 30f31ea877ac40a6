import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, expect, test } from 'vitest';

import { removeEmbedded } from '../../drizzle/embedded.ts';
import { runScript, terminalSurface } from '../kit/process.ts';

/** A chat alone on a fresh data folder: no `npm start`, no keys. */
const dataDir = mkdtempSync(join(tmpdir(), 'jilo-chat-'));
const settings = { JILO_DATA_DIR: dataDir };
const wish = 'make a 15 second video of a calm city of robots at dawn';

afterAll(() => {
  removeEmbedded(dataDir);
  rmSync(dataDir, { recursive: true, force: true });
});

test('a message at the terminal makes a video, once its person has said yes', async () => {
  const alone = await runScript('scripts/chat.ts', ['--say', wish], settings);
  expect(alone).toMatchObject({ code: 0, stderr: '' });
  expect(alone.stdout).toContain('┌ Make a 15 s video');
  expect(alone.stdout).toMatch(/Open http:\/\/127\.0\.0\.1:\d+\/approvals\/apr_\w+\?sig=/u);
  expect(alone.stdout).not.toContain('Started vid_');

  const yes = await runScript('scripts/chat.ts', ['--say', `${wish} again`, '--yes'], settings);
  expect(yes).toMatchObject({ code: 0, stderr: '' });
  expect(yes.stdout).toMatch(/Started vid_\w+\. 99 quota left/u);
  expect(yes.stdout).toMatch(/vid_\w+: ready, 100%/u);
  const quota = await terminalSurface(settings).call('quota_show', {});
  expect(quota).toMatchObject({ ok: true, value: { available: 99, held: 0 } });
}, 90_000);

test('words that it does not know are answered with those that it does', async () => {
  const wrong = await runScript('scripts/chat.ts', ['--yell'], settings);
  expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining('--say') });
});
