import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js';
import { ResourceUpdatedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

import { recordEvent } from '../core/events.ts';
import type { Context } from '../core/context.ts';
import { operations } from '../core/operations.ts';
import { openBelongings, type BelongingsScene } from '../test/kit/belongings.ts';
import type { McpClient } from '../test/kit/mcp.ts';
import { connect, everywhere, openMcpWeb, type McpWeb } from '../test/kit/mcp-web.ts';

let scene: BelongingsScene;
let web: McpWeb;
beforeAll(async () => {
  scene = await openBelongings();
  web = await openMcpWeb(scene.world, operations);
});
afterAll(async () => {
  await web.close();
  await scene.world.close();
});

const reach = () => ({ web, operations });

test.each(everywhere)('what is there can be read over $transport of $era', async (how) => {
  const { own, foreign, owner } = scene;
  const mcp = await connect(reach(), owner, how);
  const { client } = mcp;
  const uri = `jilo://videos/${own.video}`;

  const { resources } = await client.listResources();
  const uris = resources.map((resource) => resource.uri);
  expect(uris).toContain(uri);
  expect(uris.join(' ')).not.toContain(foreign.video);
  const { resourceTemplates } = await client.listResourceTemplates();
  expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toContain('jilo://videos/{id}');
  const { contents } = await client.readResource({ uri });
  expect(contents[0]).toMatchObject({ uri, text: expect.stringContaining(own.video) });
  for (const missing of [`jilo://videos/${foreign.video}`, 'jilo://nothing', 'file:///etc/passwd'])
    await expect(client.readResource({ uri: missing })).rejects.toThrow(/not found/i);

  const { prompts } = await client.listPrompts();
  expect(prompts.map(({ name }) => name)).toContain('weekly-plan');
  const args = { topic: 'paper boats' };
  const { messages } = await client.getPrompt({ name: 'weekly-plan', arguments: args });
  expect(JSON.stringify(messages)).toContain('paper boats');
  await expect(client.getPrompt({ name: 'unheard' })).rejects.toThrow('Unknown prompt: unheard');
  await expect(client.getPrompt({ name: 'weekly-plan', arguments: {} })).rejects.toThrow('topic');

  const ref = { type: 'ref/resource' as const, uri: 'jilo://videos/{id}' };
  const { completion } = await client.complete({ ref, argument: { name: 'id', value: 'vid' } });
  expect(completion.values).toEqual([own.video]);
  await mcp.close();
});

/** What the client is told has changed. */
function listenTo({ client }: McpClient): string[] {
  const told: string[] = [];
  if (client instanceof OldClient)
    client.setNotificationHandler(
      ResourceUpdatedNotificationSchema,
      ({ params }) => void told.push(params.uri),
    );
  else
    client.setNotificationHandler(
      'notifications/resources/updated',
      ({ params }) => void told.push(params.uri),
    );
  return told;
}

const happened = (subjectId: string) =>
  scene.world.app.database.db.transaction((tx) =>
    recordEvent(tx, { at: scene.world.now(), subjectId, kind: 'ready' }),
  );

describe('a change', () => {
  test('is told to a client of 2025 over stdio that subscribed, until it unsubscribes', async () => {
    const { own, foreign, owner } = scene;
    const mcp = await connect(reach(), owner, { era: '2025', transport: 'stdio' });
    const { client } = mcp;
    if (!(client instanceof OldClient)) throw new Error('a client of the other era');
    const told = listenTo(mcp);
    const video = `jilo://videos/${own.video}`;
    const publication = `jilo://publications/${own.publication}`;
    expect(client.getServerCapabilities()?.resources).toEqual({ subscribe: true });
    await client.subscribeResource({ uri: video });
    await client.subscribeResource({ uri: `jilo://videos/${foreign.video}` });
    for (const id of [foreign.video, own.publication, own.video]) await happened(id);
    await vi.waitFor(() => expect(told).toEqual([video]));
    await client.unsubscribeResource({ uri: video });
    await client.subscribeResource({ uri: publication });
    for (const id of [own.video, own.publication]) await happened(id);
    await vi.waitFor(() => expect(told).toEqual([video, publication]), { timeout: 5000 });
    await mcp.close();
  });

  test('cannot be asked for by a client of 2025 over HTTP, and that is said', async () => {
    const mcp = await connect(reach(), scene.owner, { era: '2025', transport: 'HTTP' });
    expect(mcp.client.getServerCapabilities()?.resources).toEqual({});
    await mcp.close();
  });

  /** Listens as this person to these addresses. */
  async function listening(
    context: Context,
    how: { era: '2026'; transport: 'stdio' | 'HTTP' },
    resourceSubscriptions: string[],
  ) {
    const mcp = await connect(reach(), context, how);
    const told = listenTo(mcp);
    if (mcp.client instanceof OldClient) throw new Error('a client of the other era');
    const subscription = await mcp.client.listen({ resourceSubscriptions });
    return { mcp, told, subscription };
  }

  test.each(['stdio', 'HTTP'] as const)(
    'is told over %s to a client of 2026 that listens, and only of one’s own',
    async (transport) => {
      const { own, foreign, owner, stranger } = scene;
      const how = { era: '2026', transport } as const;
      const everything = [own, foreign].flatMap((some) => [
        `jilo://videos/${some.video}`,
        `jilo://publications/${some.publication}`,
      ]);
      const [ownVideo = '', ownPublication = '', ...others] = everything;
      const mine = await listening(owner, how, [ownVideo, ...others]);
      const theirs = await listening(stranger, how, everything);
      for (const id of [foreign.video, own.publication, own.video, foreign.publication])
        await happened(id);
      await vi.waitFor(() => {
        expect(mine.told).toEqual([ownVideo]);
        expect(theirs.told.toSorted()).toEqual(others.toSorted());
      });
      expect(mine.told).not.toContain(ownPublication);
      for (const { subscription, mcp } of [mine, theirs]) {
        await subscription.close();
        expect(await subscription.closed).toBe('local');
        await mcp.close();
      }
    },
  );
});
