import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { operations } from '../../core/operations.ts';
import { faultsOfRoutes, routes } from '../../scripts/authorisation/routes.ts';
import { createWebApp } from '../../web-callbacks/app.ts';
import type { Attack } from './attack-parts.ts';
import { attacksOn, goTo, linksOf, type Setting } from './attacks.ts';
import { openSession } from './attacks-mcp.ts';
import { readRoutes, type Registered } from './registered-routes.ts';
import { hashRows } from './rows.ts';
import { openScene, type Scene } from './scene.ts';
import { leaksIn } from './secrets.ts';

let scene: Scene;
let setting: Setting;
let registered: Registered;
let calls = 0;
beforeAll(async () => {
  scene = await openScene();
  const links = { owner: linksOf(scene, scene.owner), neighbour: linksOf(scene, scene.neighbour) };
  setting = { scene, links, ways: await goTo(scene), session: await openSession(scene) };
  const app = createWebApp(scene.world.app, { operations, instanceId: 'run_routes' });
  registered = readRoutes(app.router);
});
afterAll(() => scene.close());

const names = Object.keys(routes);

describe(`${names.length} routes`, () => {
  afterAll(() => void process.stdout.write(`authorisation: ${calls} calls of routes\n`));

  test('are all that the web app has', () => {
    expect(faultsOfRoutes(registered.routes, routes)).toEqual([]);
    expect(Object.keys(attacksOn).toSorted()).toEqual(names.toSorted());
  });

  test('a new one without a row, and a row without a route, say what to do', () => {
    const { 'GET /healthz': _, ...rest } = routes;
    const rows = { ...rest, 'GET /gone': 'nothing: it is public' as const };
    expect(faultsOfRoutes(names, rows)).toEqual([
      'GET /healthz: add its row to scripts/authorisation/routes.ts: what lets somebody in there',
      'GET /gone: there is no such route; remove its row from scripts/authorisation/routes.ts',
    ]);
  });

  test('answer alone: what stands before them counts and names requests, protects, parses and says what went wrong', () => {
    // One more answers somebody, or it is counted here.
    expect(registered.middlewares).toBe(13);
  });

  test.each(names)('%s lets nobody else in', async (route) => {
    const before = await hashRows(scene.world, scene.owner.ids);
    const requests = scene.outside();
    const attacks = attacksOn[route]?.(setting) ?? [];
    expect(attacks.length).toBeGreaterThan(1);
    for (const attack of attacks) {
      const { status, all } = await send(attack, route);
      const allowed = attack.statuses ?? Array.from({ length: 100 }, (_, index) => 400 + index);
      expect([attack.what, allowed.includes(status), status]).toEqual([attack.what, true, status]);
      const sent = [attack.path, String(attack.body), JSON.stringify(attack.headers)].join('\n');
      expect([attack.what, leaksIn(all, sent, scene.owner.secrets)]).toEqual([attack.what, []]);
    }
    expect(await hashRows(scene.world, scene.owner.ids)).toEqual(before);
    expect(scene.outside()).toEqual(requests);
  });

  test.each(['/media', '/approvals', '/mcp/x', '/.env', '/index.html'])(
    '%s is no route',
    async (path) => {
      expect((await send({ what: 'nothing', path }, 'GET')).status).toBe(404);
    },
  );

  test('what is refused is good where it belongs', async () => {
    const { links, ways } = setting;
    for (const party of ['owner', 'neighbour'] as const)
      for (const kind of ['media', 'charts', 'receipts', 'exports', 'approvals'] as const)
        expect((await fetch(links[party][kind])).status).toBe(200);
    const followed = await fetch(links.owner.progress, { method: 'HEAD' });
    expect(followed.headers.get('content-type')).toContain('text/event-stream');
    const { address, cookie } = ways.owner;
    expect((await fetch(address, { headers: { cookie } })).status).toBe(200);
    const page = await (await fetch(links.owner.approvals)).text();
    expect(leaksIn(page, '', scene.owner.secrets).join('\n')).toContain('quoted prompt');
  });
});

/** Sends it as it is; the answer with all its headers. */
async function send(attack: Attack, route: string) {
  calls += 1;
  const [method = 'GET'] = route.split(' ');
  const { path, headers = {}, body } = attack;
  const response = await fetch(`${scene.world.publicUrl}${path}`, {
    method: attack.method ?? (method === 'ALL' ? 'GET' : method),
    headers,
    redirect: 'manual',
    ...(body === undefined ? {} : { body }),
  });
  const lines = [...response.headers].map((pair) => pair.join(': '));
  return { status: response.status, all: [...lines, '', await response.text()].join('\n') };
}
