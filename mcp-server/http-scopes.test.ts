import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Context } from '../core/context.ts';
import { openNotes } from '../test/kit/mcp-notes.ts';
import { codeOf, legacy, modern, postRaw } from '../test/kit/mcp-raw.ts';
import { openMcpWeb, type McpWeb } from '../test/kit/mcp-web.ts';
import { createWorld, type World } from '../test/kit/world.ts';

let world: World;
let owner: Context;
let web: McpWeb;
const { operations, ran } = openNotes();

beforeAll(async () => {
  world = await createWorld();
  owner = await world.context();
  web = await openMcpWeb(world, operations);
});
afterAll(async () => {
  await web.close();
  await world.close();
});

const metadata = () => `${world.publicUrl}/.well-known/oauth-protected-resource/mcp`;

describe('a scope', () => {
  const needed = {
    note_list: 'read',
    search: 'read',
    note_write: 'write',
    note_erase: 'write',
    note_buy: 'spend',
    note_publish: 'publish',
  } as const;

  test.each(['read', 'write', 'spend', 'publish'] as const)(
    '%s allows what needs it and nothing else, alone and in a batch',
    async (scope) => {
      const narrow = await web.tokenFor(owner, scope);
      for (const [name, scopeOf] of Object.entries(needed)) {
        const params = { name, arguments: { text: 'by scope' } };
        const single = modern('tools/call', params);
        const bodies = [
          single,
          { body: legacy('tools/call', params) },
          { body: [legacy('ping', {}, 7), legacy('tools/call', params, 8)] },
        ];
        for (const body of bodies) {
          const response = await postRaw(web.url, { token: narrow, ...body });
          const challenge = response.headers.get('www-authenticate') ?? '';
          const said = [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [
            key,
            value,
          ]);
          expect({ name, status: response.status, ...Object.fromEntries(said) }).toMatchObject(
            scopeOf === scope
              ? { name, status: 200 }
              : {
                  name,
                  status: 403,
                  error: 'insufficient_scope',
                  scope: scopeOf,
                  resource_metadata: metadata(),
                },
          );
          await response.body?.cancel();
        }
      }
      ran.splice(0);
    },
  );

  test('is asked for what is read besides tools, and not for what everyone may know', async () => {
    const narrow = await web.tokenFor(owner, 'write');
    const address = { uri: 'jilo://ledger' };
    const ref = { type: 'ref/prompt', name: 'weekly-plan' };
    const statuses = async (methods: readonly (readonly [string, object])[]) =>
      Promise.all(
        methods.map(async ([method, params]) => {
          const message = modern(method, { ...params });
          const response = await postRaw(web.url, { token: narrow, ...message });
          await response.body?.cancel();
          return response.status;
        }),
      );
    const reading = await statuses([
      ['resources/list', {}],
      ['resources/templates/list', {}],
      ['resources/read', address],
      ['prompts/get', { name: 'weekly-plan' }],
      ['completion/complete', { ref, argument: { name: 'x', value: '' } }],
      ['subscriptions/listen', { notifications: {} }],
    ]);
    expect(new Set(reading)).toEqual(new Set([403]));
    const open = await statuses([
      ['tools/list', {}],
      ['prompts/list', {}],
      ['server/discover', {}],
    ]);
    expect(open).toEqual([200, 200, 200]);
  });

  test('is not asked for a tool that there is not', async () => {
    const narrow = await web.tokenFor(owner, 'write');
    const params = { name: 'note_own', arguments: {} };
    const body = legacy('tools/call', params);
    expect(await codeOf(await postRaw(web.url, { token: narrow, body }))).toBe('unknown_operation');
  });
});
