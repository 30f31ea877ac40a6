import { loadImage } from '@napi-rs/canvas';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

import type { Context } from '../core/context.ts';
import { operations } from '../core/operations.ts';
import { connectInMemory } from '../test/kit/mcp.ts';
import { serviceOf } from '../test/kit/mcp-web.ts';
import { addLive, addReading, openStats, secondsBefore } from '../test/kit/stats.ts';

let scene: Awaited<ReturnType<typeof openStats>>;
beforeAll(async () => {
  scene = await openStats();
});
afterAll(() => scene.world.close());

async function call(context: Context, name: string, input: Record<string, unknown>) {
  const mcp = await connectInMemory(serviceOf(operations, context), { era: '2025' });
  // From here on the client checks answers against the output schema.
  await mcp.client.listTools();
  const answer = await mcp.call(name, input);
  await mcp.close();
  return answer;
}

test('an answer with a picture carries it after its texts, one without has texts alone', async () => {
  const context = await scene.world.context('mcp');
  const empty = await call(context, 'stats_show', {});
  expect(empty.isError).toBeUndefined();
  expect(empty.content.map(({ type }) => type)).toEqual(['text', 'text']);
  const [id = ''] = await addLive(scene, 1);
  for (const hours of [2, 1])
    await addReading(scene, id, secondsBefore(scene.world.now(), hours * 3600), [90, 5, null]);
  const { content, structuredContent } = await call(context, 'stats_show', { days: 7 });
  expect(content.map(({ type }) => type)).toEqual(['text', 'text', 'image']);
  expect(structuredContent).toMatchObject({ totals: { views: 90, comments: null } });
  const { mimeType, data } = z
    .object({ mimeType: z.string(), data: z.base64() })
    .parse(content.at(-1));
  expect(mimeType).toBe('image/png');
  const { width, height } = await loadImage(Buffer.from(data, 'base64'));
  expect([width, height]).toEqual([800, 400]);
});

test('a failure has no picture', async () => {
  const context = await scene.world.context('mcp');
  const answer = await call(context, 'stats_show', { publication: 'pub_unheard' });
  expect(answer.isError).toBe(true);
  expect(answer.content.map(({ type }) => type)).toEqual(['text', 'text']);
});
