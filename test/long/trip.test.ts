import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';

import { connectThroughGoogle } from '../../sandbox/google/browser.ts';
import { copyDatabase } from '../kit/database.ts';
import {
  mcpSurface,
  startJilo,
  terminalSurface,
  type Environment,
  type JiloProcess,
  type Surface,
} from '../kit/process.ts';

/** One Jilo in a process of its own, and beside it the surfaces as people use them. */
let jilo: JiloProcess;
let settings: Environment;
let drop: () => Promise<void>;
const surfaces: Record<string, Surface> = {};
const dataDir = mkdtempSync(join(tmpdir(), 'jilo-trip-'));

beforeAll(async () => {
  const database = await copyDatabase();
  drop = database.drop;
  settings = { JILO_DATA_DIR: dataDir, DATABASE_URL: database.url, PORT: '0' };
  jilo = await startJilo(settings);
  surfaces['call'] = terminalSurface({ ...settings, JILO_ACCOUNT: 'terminal' });
  const accept = () => ({ action: 'accept' as const, content: {} });
  surfaces['mcp'] = await mcpSurface({ ...settings, JILO_ACCOUNT: 'client' }, accept);
});

afterAll(async () => {
  for (const open of Object.values(surfaces)) await open.close();
  expect(await jilo.stop()).toBe(0);
  await drop();
  rmSync(dataDir, { recursive: true, force: true });
});

const names = ['call', 'mcp'] as const;

function surface(name: string): Surface {
  const found = surfaces[name];
  if (!found) throw new Error(`no surface ${name}`);
  return found;
}

async function must(name: string, operation: string, input: unknown) {
  const answer = await surface(name).call(operation, input);
  if (!answer.ok) throw new Error(`${operation}: ${answer.text}`);
  return answer.value;
}

const idIn = (value: Record<string, unknown>, field: string): string =>
  z.string().parse(value[field]);

/** The signed address gives the file, also in parts; without its signature it gives nothing. */
async function checkMedia(address: string): Promise<void> {
  const part = await fetch(address, { headers: { range: 'bytes=4-7' } });
  expect(part.status).toBe(206);
  expect(await part.text()).toBe('ftyp');
  const unsigned = new URL(address);
  unsigned.searchParams.delete('sig');
  const refused = await fetch(unsigned);
  expect(refused.status).toBe(403);
  expect(await refused.text()).not.toMatch(/node_modules|\.ts:/);
}

describe.each(names)('over %s', (name) => {
  test('a trend becomes a published video, and one unit of quota is spent', async () => {
    const { available } = await must(name, 'quota_show', {});
    expect(available).toBe(100);
    const search = await must(name, 'trend_search', { keyword: 'AI工具', platforms: 'tiktok' });
    const [best] = z.array(z.object({ id: z.string() })).parse(search['trends']);
    const trend = best?.id ?? '';
    const shown = await must(name, 'trend_show', { trend });
    expect(shown['recommendation']).toBeGreaterThanOrEqual(1);
    const { prompt } = await must(name, 'prompt_write', { trend, seconds: 15 });
    const quote = await must(name, 'video_quote', { prompt, seconds: 15 });
    const video = idIn(await must(name, 'video_generate', { quote: quote['quote'] }), 'video');
    const made = await vi.waitFor(
      async () => {
        const value = await must(name, 'video_show', { video });
        expect(value['status']).toBe('ready');
        return value;
      },
      { timeout: 40_000, interval: 500 },
    );
    expect(made['duration_seconds']).toBeCloseTo(15, 1);
    await checkMedia(idIn(made, 'url'));
    const { url } = await must(name, 'channel_connect', {});
    const connected = await connectThroughGoogle(z.string().parse(url));
    expect(connected.status).toBe(200);
    const texts = await must(name, 'publication_suggest', { video });
    const [title] = z.array(z.string()).parse(texts['titles']);
    const { description, tags } = texts;
    const wish = { video, title, description, tags };
    const publication = idIn(await must(name, 'publication_create', wish), 'publication');
    const live = await vi.waitFor(
      async () => {
        const value = await must(name, 'publication_show', { publication });
        expect(value['status']).toBe('live');
        return value;
      },
      { timeout: 40_000, interval: 500 },
    );
    expect(live['privacy']).toBe('private');
    expect((await fetch(idIn(live, 'url'))).status).toBe(200);
    const quota = await must(name, 'quota_show', {});
    expect(quota).toMatchObject({ available: 99, held: 0, spent: 1 });
  }, 90_000);

  test.each([
    ['an unknown operation', 'video_burn', {}, 'unknown_operation', 'video_quote'],
    ['a prompt of 9 characters', 'video_quote', { prompt: '123456789' }, 'invalid_input', 'prompt'],
    [
      'a prompt of 501 characters',
      'video_quote',
      { prompt: 'x'.repeat(501) },
      'invalid_input',
      'prompt',
    ],
    [
      'an unknown model',
      'video_quote',
      { prompt: 'a cat in the rain', model: 'sora' },
      'invalid_input',
      'model',
    ],
    [
      'a negative count',
      'trend_search',
      { keyword: 'AI', views_min: -1 },
      'invalid_input',
      'views_min',
    ],
    ['a field that does not exist', 'quota_show', { confirm: true }, 'invalid_input', 'confirm'],
    ['a quote of nobody', 'video_generate', { quote: 'quo_none' }, 'not_found', 'quo_none'],
  ])('%s is refused with the field and the next step', async (_, operation, input, code, named) => {
    const answer = await surface(name).call(operation, input);
    expect(answer.ok).toBe(false);
    if (answer.ok) return;
    expect(answer.code).toBe(code);
    expect(answer.text).toContain(named);
    expect(answer.text).not.toMatch(/\bat .+\.ts:\d+|node_modules|sandbox:fal-key/);
  });

  test("another person's video, quote and publication do not exist", async () => {
    const other = names.find((candidate) => candidate !== name) ?? '';
    const quote = await must(other, 'video_quote', { prompt: 'a cat in the rain', seconds: 15 });
    const answer = await surface(name).call('video_generate', { quote: quote['quote'] });
    expect(answer).toMatchObject({ ok: false, code: 'not_found' });
  });
});

test('JSON that is none is named as that', async () => {
  const answer = await surface('call').call('video_quote', '{"prompt": ');
  expect(answer).toMatchObject({ ok: false, code: 'invalid_input' });
});

test('without a person at hand, both surfaces ask for one and start nothing', async () => {
  const terminal = terminalSurface({ ...settings, JILO_ACCOUNT: 'terminal' }, false);
  const plain = await mcpSurface({ ...settings, JILO_ACCOUNT: 'client' });
  for (const [asking, name] of [
    [terminal, 'call'],
    [plain, 'mcp'],
  ] as const) {
    // The address of the chart names its end, which moves on.
    const { chart: _, ...before } = await must(name, 'quota_show', {});
    const quote = await must(name, 'video_quote', { prompt: 'a cat in the rain', seconds: 15 });
    const answer = await asking.call('video_generate', { quote: quote['quote'] });
    expect(answer).toMatchObject({ ok: false, code: 'approval_required' });
    expect(await must(name, 'quota_show', {})).toMatchObject(before);
  }
  await plain.close();
}, 60_000);

test('a request from a model is approved on the signed page, and goes through once', async () => {
  const plain = await mcpSurface({ ...settings, JILO_ACCOUNT: 'client' });
  const quote = await must('mcp', 'video_quote', { prompt: 'a dog on a red boat', seconds: 15 });
  const input = { quote: quote['quote'] };
  const asked = await plain.call('video_generate', input);
  expect(asked).toMatchObject({ ok: false, code: 'approval_required' });
  const link =
    /http:\/\/127\.0\.0\.1:\d+\/approvals\/[^\s"\\]+/.exec(asked.ok ? '' : asked.text)?.[0] ?? '';
  const page = await fetch(link);
  expect(page.status).toBe(200);
  const html = await page.text();
  expect(html).toContain('a dog on a red boat');
  const form = new URLSearchParams(
    Array.from(
      html.matchAll(/<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"/g),
      ([, key, value]): [string, string] => [key ?? '', value ?? ''],
    ),
  );
  const approve = /<button[^>]*name="([^"]+)"[^>]*value="(approve[^"]*)"/.exec(html);
  form.set(approve?.[1] ?? '', approve?.[2] ?? '');
  const decided = await fetch(link, { method: 'POST', body: form });
  expect(decided.status).toBe(200);
  expect(await plain.call('video_generate', input)).toMatchObject({ ok: true });
  expect(await plain.call('video_generate', input)).toMatchObject({
    ok: false,
    code: 'approval_required',
  });
  await plain.close();
}, 60_000);

test('a database that is down is said to be down, on each surface', async () => {
  const down = { ...settings, DATABASE_URL: 'postgres://jilo:secret-word@127.0.0.1:1/jilo' };
  const answer = await terminalSurface(down).call('quota_show', {});
  expect(answer).toMatchObject({ ok: false, code: 'database_down' });
  expect(JSON.stringify(answer)).not.toContain('secret-word');
});
