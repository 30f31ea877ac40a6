import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

import { recordEvent } from '../../core/events.ts';
import { operations } from '../../core/operations.ts';
import { scopeFor, scopes, type Scope } from '../../core/token/scopes.ts';
import { idCells, plainInput, policyOf } from './cells.ts';
import {
  callMcp,
  eras,
  listenMcp,
  sendMcp,
  type Era,
  type McpAnswer,
  type McpRequest,
} from './mcp-calls.ts';
import {
  callTool,
  completing,
  operationNamed,
  readsOf,
  readsWithoutId,
  requestsOf,
  tools,
  urisOf,
} from './mcp-requests.ts';
import { hashRows } from './rows.ts';
import { openScene, othersThan, type Party, type Scene } from './scene.ts';
import { leaksIn, leaksOfAll } from './secrets.ts';

let scene: Scene;
let calls = 0;
beforeAll(async () => {
  scene = await openScene();
});
afterAll(() => scene.close());

const parties = ['owner', 'neighbour', 'newcomer'] as const;
const others = ['neighbour', 'newcomer'] as const;

/** Sends it with the token of one scope, and holds headers and body against what the others keep to themselves. */
async function callAs(
  party: Party,
  scope: Scope,
  { era, request }: { readonly era: Era; readonly request: McpRequest },
): Promise<McpAnswer> {
  calls += 1;
  const token = party.tokens[scope];
  const answer = await callMcp(scene.world.publicUrl, { era, token, request });
  const sent = JSON.stringify(request);
  expect(leaksOfAll(answer.all, sent, othersThan(scene, party))).toEqual([]);
  expect(answer.all).not.toContain(token);
  return answer;
}

const size = `${tools.length} tools x ${parties.length} accounts x ${scopes.length} scopes`;

describe(`${size}, in ${eras.length} eras`, () => {
  beforeAll(async () => {
    const request = { method: 'tools/list', params: {} };
    // From now on nothing is written of the use of a token.
    for (const name of parties)
      for (const scope of scopes)
        for (const era of eras)
          expect(await callAs(scene[name], scope, { era, request })).toMatchObject({ code: 'ok' });
  });
  afterAll(() => void process.stdout.write(`authorisation: ${calls} calls of MCP (${size})\n`));

  test.each(parties.flatMap((name) => scopes.map((scope) => ({ name, scope }))))(
    'a token of $name for $scope alone does nothing that takes another scope',
    async ({ name, scope }) => {
      const { world } = scene;
      const before = await hashRows(world);
      const requests = scene.outside();
      const wrong = requestsOf(scene, scene[name]).filter((one) => one.scope !== scope);
      expect(wrong.length).toBeGreaterThan(8);
      for (const { scope: needed, request } of wrong)
        for (const era of eras) {
          const { status, challenge, body } = await callAs(scene[name], scope, { era, request });
          expect([request, status]).toEqual([request, 403]);
          expect(challenge).toMatch(/^Bearer .*error="insufficient_scope"/u);
          expect(challenge).toContain(`scope="${needed}"`);
          expect(body).toContain('insufficient_scope');
        }
      expect(await hashRows(world)).toEqual(before);
      expect(scene.outside()).toEqual(requests);
    },
  );

  describe.each(others)('%s with the scope', (name) => {
    let before: Record<string, string>;
    beforeAll(async () => {
      before = await hashRows(scene.world, scene.owner.ids);
    });
    afterAll(async () => {
      expect(await hashRows(scene.world, scene.owner.ids)).toEqual(before);
    });

    test.each(tools.filter(({ tool }) => operationNamed(tool.name)))(
      'reaches nothing of the owner by $tool.name',
      async ({ tool, effect }) => {
        const party = scene[name];
        const operation = operationNamed(tool.name);
        if (!operation) throw new Error(`${tool.name} is gone`);
        const scope = scopeFor(effect);
        const requests = scene.outside();
        for (const { id, input, twinId, twin } of idCells(scene, operation, party, scene.owner))
          for (const era of eras) {
            const given = { era, request: callTool(tool.name, input) };
            const answer = await callAs(party, scope, given);
            expect([answer.status, answer.code]).toEqual([200, 'not_found']);
            const same = { era, request: callTool(tool.name, twin) };
            const { body } = await callAs(party, scope, same);
            expect(answer.body.replaceAll(id, twinId)).toBe(body);
          }
        expect(scene.outside()).toEqual(requests);
        const input = plainInput(scene, operation);
        const { own, others: refusal = own } = policyOf(operation);
        for (const era of input ? eras : []) {
          const given = { era, request: callTool(tool.name, input ?? {}) };
          expect((await callAs(party, scope, given)).code).toBe(refusal);
        }
      },
    );

    test.each(eras)('reads nothing of the owner in any other way (%s)', async (era) => {
      const party = scene[name];
      const requests = scene.outside();
      for (const uri of urisOf(scene))
        for (const request of readsOf(uri)) {
          const answer = await callAs(party, 'read', { era, request });
          const id = /[a-z]{3}_\w+/u.exec(uri)?.[0] ?? '';
          const twinId = scene.world.app.ids.next(id.slice(0, 3));
          const twin = readsOf(uri.replace(id, twinId)).find(
            ({ method }) => method === request.method,
          );
          const { body } = await callAs(party, 'read', { era, request: twin ?? request });
          expect(answer.code).not.toBe('ok');
          expect(answer.body.replaceAll(id, twinId)).toBe(body);
        }
      const [trend = ''] = scene.owner.has.ids.trend;
      const remix = {
        method: 'prompts/get',
        params: { name: 'remix-a-trend', arguments: { trend } },
      };
      const secrets = [...scene.owner.secrets.values()].slice(0, 40);
      const asked = [
        ...readsWithoutId(),
        remix,
        ...secrets.map((query) => callTool('search', { query })),
        ...scene.owner.has.ids.video.flatMap(completing),
        ...scene.owner.has.ids.trend.flatMap((id) => completing(id.slice(0, 12))),
      ];
      for (const request of asked) await callAs(party, 'read', { era, request });
      for (const query of secrets) {
        const request = callTool('search', { query });
        const { body } = await callAs(party, 'read', { era, request });
        expect(body).toMatch(/results\\?":\[\]/u);
      }
      expect(scene.outside()).toEqual(requests);
    });
  });

  test('what is no tool cannot be called, whatever the token allows', async () => {
    const hidden = operations.filter(({ audience }) => audience !== 'everyone');
    expect(hidden.length).toBeGreaterThan(10);
    const { world, owner } = scene;
    const before = await hashRows(world);
    for (const operation of hidden)
      for (const scope of scopes)
        for (const era of eras) {
          const [cell] = idCells(scene, operation, owner, owner);
          const input = cell?.input ?? plainInput(scene, operation) ?? {};
          const answer = await callAs(owner, scope, {
            era,
            request: callTool(operation.name, input),
          });
          expect([operation.name, answer.code]).toEqual([operation.name, 'unknown_operation']);
        }
    expect(await hashRows(world)).toEqual(before);
  });

  test('a message that is no request of its own does nothing beyond the scope', async () => {
    const { world, owner } = scene;
    const [, publication] = owner.has.ids.publication;
    const call = callTool('publication_cancel', { publication });
    const request = { jsonrpc: '2.0', id: 1, ...call };
    const listing = { jsonrpc: '2.0', id: 2, method: 'tools/list', params: {} };
    const { id: _, ...notification } = request;
    const bodies = [
      notification,
      { ...request, id: null },
      { ...request, id: {} },
      { ...request, jsonrpc: '1.0' },
      { ...request, method: 'Tools/Call' },
      { ...request, params: { ...call.params, name: 'publication_cancel ' } },
      [request],
      [listing, request],
      [[request]],
      { ...listing, params: request },
    ];
    const before = await hashRows(world);
    for (const body of bodies)
      for (const era of eras) {
        calls += 1;
        const answer = await sendMcp(world.publicUrl, { era, token: owner.tokens.read, body });
        expect([body, answer.all.includes('"outcome"')]).toEqual([body, false]);
      }
    expect(await hashRows(world)).toEqual(before);
  });

  test('whoever listens for the things of another hears nothing', async () => {
    const { world, owner, neighbour } = scene;
    const own = neighbour.has.ids.publication.map((id) => `jilo://publications/${id}`);
    const token = neighbour.tokens.read;
    const stream = await listenMcp(world.publicUrl, token, [...urisOf(scene), ...own]);
    const change = async ({ has }: Party) => {
      const [subjectId = ''] = has?.ids.publication ?? [];
      const { db } = world.app.database;
      await db.transaction((tx) =>
        recordEvent(tx, { at: world.now(), subjectId, kind: 'changed' }),
      );
    };
    await stream.until((text) => text.includes('acknowledged'));
    await vi.waitFor(async () => {
      await change(owner);
      await change(neighbour);
      expect(stream.text()).toContain('resources/updated');
    }, 20_000);
    const heard = await stream.close();
    const sent = heard.split('\n').find((line) => line.includes('acknowledged')) ?? '';
    expect(leaksOfAll(heard.replace(sent, ''), '', [owner])).toEqual([]);
  });

  test('the owner is kept out of nothing, and reads what the others must not', async () => {
    const { owner } = scene;
    const seen = new Set<string>();
    const read = async (
      scope: Scope,
      given: { readonly era: Era; readonly request: McpRequest },
    ) => {
      const answer = await callAs(owner, scope, given);
      const sent = JSON.stringify(given.request);
      for (const leak of leaksIn(answer.all, sent, owner.secrets))
        seen.add(leak.split(' (')[0] ?? '');
      return answer.code;
    };
    for (const { tool, effect } of tools) {
      const operation = operationNamed(tool.name);
      if (!operation) continue;
      const plain = plainInput(scene, operation);
      const cells = idCells(scene, operation, owner, owner).map(({ input }) => input);
      const codes = new Set<string>();
      for (const [index, input] of [...(plain ? [plain] : []), ...cells].entries()) {
        const era = eras[index % 2] ?? '2025-11-25';
        codes.add(await read(scopeFor(effect), { era, request: callTool(tool.name, input) }));
      }
      expect([tool.name, ...codes]).toContain(policyOf(operation).own);
      expect([tool.name, ...codes]).not.toContain('not_found');
    }
    for (const era of eras)
      for (const request of [...readsWithoutId(), ...urisOf(scene).flatMap(readsOf)])
        await read('read', { era, request });
    expect([...seen]).toEqual(expect.arrayContaining(readable));
    // Only the address of a chart holds it, as base64.
    expect([...seen]).toContain(`id ${owner.context.actor.accountId}`);
  });
});

/** What an owner is shown over MCP, so that the search for leaks is known to find it. */
const readable = [
  'prompt',
  'quoted prompt',
  'lost prompt',
  'channel title',
  'publication title',
  'publication description',
  'scheduled title',
  'trend title',
  'keyword',
  'views',
  'likes',
  'comments',
];
