import express from 'express';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { createWorld, type World } from '../test/kit/world.ts';
import { csrfField, requireCsrf } from './csrf.ts';
import { answerAs, handleErrors } from './errors.ts';
import { serveWeb, type WebServer } from './serve.ts';

let world: World;
let web: WebServer;
beforeAll(async () => {
  world = await createWorld();
  const app = express();
  app.set('listen host', '127.0.0.1');
  app.use(answerAs({ as: 'json' }));
  app.post('/', express.urlencoded({ extended: false }), (request, response) => {
    requireCsrf(world.services, 'session_a', request);
    response.json({ status: 'taken' });
  });
  app.use(handleErrors(world.services));
  web = await serveWeb(app, 0);
});
afterAll(async () => {
  await web.close();
  await world.close();
});

const valueFor = (session: string): string =>
  /value="([^"]+)"/.exec(csrfField(world.services, session).text)?.[1] ?? '';

async function press(
  fields: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>>,
) {
  const body = new URLSearchParams(fields);
  return (await fetch(web.url, { method: 'POST', body, headers })).status;
}

const own = () => ({ origin: world.publicUrl });

test('a form of the page of this session is taken', async () => {
  expect(await press({ csrf: valueFor('session_a') }, own())).toBe(200);
});

test('neither guard lets in what the other would', async () => {
  const csrf = valueFor('session_a');
  expect(await press({ csrf }, { origin: 'https://evil.example' })).toBe(403);
  expect(await press({ csrf }, { ...own(), 'sec-fetch-site': 'cross-site' })).toBe(403);
  expect(await press({}, own())).toBe(403);
  expect(await press({ csrf: '' }, own())).toBe(403);
  expect(await press({ csrf: `${csrf}x` }, own())).toBe(403);
  expect(await press({ csrf: valueFor('session_b') }, own())).toBe(403);
});
