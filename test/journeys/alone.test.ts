import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { z } from 'zod';

import { removeEmbedded } from '../../drizzle/embedded.ts';
import { mcpSurface, runScript, terminalSurface, type McpSurface } from '../kit/process.ts';

/** An MCP client's own Jilo: no `npm start`, no database server, a fresh data folder. */
let mcp: McpSurface;
const dataDir = mkdtempSync(join(tmpdir(), 'jilo-alone-'));
const settings = { JILO_DATA_DIR: dataDir };

beforeAll(async () => {
  mcp = await mcpSurface(settings);
});

afterAll(async () => {
  await mcp.close();
  removeEmbedded(dataDir);
  rmSync(dataDir, { recursive: true, force: true });
});

test('the MCP server alone makes a video, approved on the page that it serves itself', async () => {
  const wish = { prompt: 'a paper boat crosses a puddle', seconds: 15 };
  const quote = await mcp.call('video_quote', wish);
  const input = { quote: quote.ok ? quote.value['quote'] : '' };
  const asked = await mcp.call('video_generate', input);
  expect(asked).toMatchObject({ ok: false, code: 'approval_required' });
  const link = /http:\/\/127\.0\.0\.1:\d+\/approvals\/\S+?(?=[\s",])/.exec(
    asked.ok ? '' : asked.text,
  )?.[0];
  expect((await fetch(link ?? '')).status).toBe(200);

  // The person decides at the terminal instead, in a second process on the same folder.
  const started = await terminalSurface(settings).call('video_generate', input);
  expect(started).toMatchObject({ ok: true });
  const video = started.ok ? z.string().parse(started.value['video']) : '';
  await vi.waitFor(
    async () => {
      const shown = await mcp.call('video_show', { video });
      expect(shown).toMatchObject({ ok: true, value: { status: 'ready' } });
    },
    { timeout: 40_000, interval: 250 },
  );
  const quota = await terminalSurface(settings).call('quota_show', {});
  expect(quota).toMatchObject({ ok: true, value: { available: 99, held: 0 } });
}, 90_000);

test('what cannot start says why in words, without a stack', async () => {
  const broken = { JILO_DATA_DIR: dataDir, DATABASE_URL: 'mysql://nowhere', PORT: 'seventy' };
  for (const script of ['scripts/start.ts', 'scripts/call.ts', 'mcp-server/main.ts']) {
    const { code, stdout, stderr } = await runScript(script, [], broken);
    const said = `${stdout}${stderr}`;
    expect(code).toBe(1);
    expect(said).toContain('DATABASE_URL');
    expect(said).toContain('PORT');
    expect(said).not.toMatch(/\.ts:\d+/);
  }
  const down = {
    JILO_DATA_DIR: dataDir,
    DATABASE_URL: 'postgres://jilo:secret-word@127.0.0.1:1/jilo',
  };
  for (const script of ['scripts/start.ts', 'scripts/migrate.ts']) {
    const { code, stderr } = await runScript(script, [], down);
    expect(code).toBe(1);
    expect(stderr).toContain('The database cannot be reached.');
    expect(stderr).not.toMatch(/\.ts:\d+|secret-word/);
  }
}, 60_000);
