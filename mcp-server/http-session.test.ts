import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Context } from '../core/context.ts';
import { openNotes } from '../test/kit/mcp-notes.ts';
import { legacy, messageOf, postRaw } from '../test/kit/mcp-raw.ts';
import { openMcpWeb, type McpWeb } from '../test/kit/mcp-web.ts';
import { createWorld, type World } from '../test/kit/world.ts';

let world: World;
let owner: Context;
let web: McpWeb;
let token: string;
const { operations, ran, waits } = openNotes();

beforeAll(async () => {
  world = await createWorld();
  owner = await world.context();
  web = await openMcpWeb(world, operations);
  token = await web.tokenFor(owner);
});
afterAll(async () => {
  await web.close();
  await world.close();
});

/** The session id that a client of 2025 with these abilities is given. */
async function sessionFor(as: string, elicitation: object | undefined): Promise<string> {
  const response = await postRaw(web.url, {
    token: as,
    body: legacy('initialize', {
      protocolVersion: '2025-11-25',
      capabilities: elicitation ? { elicitation } : {},
      clientInfo: { name: 'raw', version: '1' },
    }),
  });
  await response.body?.cancel();
  return response.headers.get('mcp-session-id') ?? '';
}

/** The first thing that comes back for a call that needs a person: a question, or that there is none. */
async function firstWord(session: string | null, text: string): Promise<string> {
  const gone = new AbortController();
  const response = await fetch(`${web.otherUrl}/mcp`, {
    method: 'POST',
    signal: gone.signal,
    headers: {
      Authorization: `Bearer ${token}`,
      Accept: 'application/json, text/event-stream',
      'Content-Type': 'application/json',
      ...(session === null ? {} : { 'Mcp-Session-Id': session }),
    },
    body: JSON.stringify(legacy('tools/call', { name: 'note_publish', arguments: { text } })),
  });
  let seen = '';
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  for (let isOver = false; !isOver && !/data: \{.*\n/.test(seen);) {
    const { done = true, value = '' } = (await reader?.read()) ?? {};
    seen += value;
    isOver = done;
  }
  gone.abort();
  return /"elicitation\/create"|approval_required/.exec(seen)?.[0] ?? seen;
}

const asked = '"elicitation/create"';

describe('a session id', () => {
  test.each([
    [{}, asked],
    [{ form: {} }, asked],
    [{ url: {} }, asked],
    [{ form: {}, url: {} }, asked],
    [undefined, 'approval_required'],
  ])('tells every web app that a client that declares %j can be asked: %s', async (can, word) => {
    const session = await sessionFor(token, can);
    expect(await firstWord(session, `as ${JSON.stringify(can)}`)).toBe(word);
  });

  test('is different for each connection', async () => {
    expect(await sessionFor(token, {})).not.toBe(await sessionFor(token, {}));
  });

  test('that is missing, forged or of another account asks nobody', async () => {
    const own = await sessionFor(token, {});
    const stranger = await web.tokenFor(await world.context('terminal', 'stranger'));
    const none = await sessionFor(token, undefined);
    const [statement = '', signature = ''] = own.split('.');
    const [noStatement = '', noSignature = ''] = none.split('.');
    const wrong = [
      null,
      'x',
      '.',
      statement,
      `${statement}.`,
      `.${signature}`,
      `${statement}.${noSignature}`,
      `${noStatement}.${signature}`,
      `${statement.slice(0, -1)}.${signature}`,
      own.slice(0, -2),
      await sessionFor(stranger, {}),
    ];
    for (const [index, session] of wrong.entries())
      expect(await firstWord(session, `forged ${index}`)).toBe('approval_required');
    expect(ran).toEqual([]);
  });
});

describe('a call that is given up', () => {
  const body = legacy('tools/call', { name: 'note_wait', arguments: {} }, 'call-1');
  const givenUp = {
    jsonrpc: '2.0',
    method: 'notifications/cancelled',
    params: { requestId: 'call-1' },
  };

  test('is given up by its own connection alone, at whichever web app', async () => {
    const session = await sessionFor(token, {});
    const another = await sessionFor(token, {});
    const calling = postRaw(web.url, { token, headers: { 'Mcp-Session-Id': session }, body });
    await waits.started.promise;
    let isOver = false;
    void waits.aborted.promise.finally(() => {
      isOver = true;
    });
    const say = (id: string | null, as = token, what: object = givenUp) =>
      postRaw(web.otherUrl, {
        token: as,
        ...(id === null ? {} : { headers: { 'Mcp-Session-Id': id } }),
        body: what,
      });
    const stranger = await web.tokenFor(await world.context('terminal', 'stranger'));
    const other = { ...givenUp, params: { requestId: 'call-2' } };
    for (const sent of [
      say(another),
      say(null),
      say(session, stranger),
      say(session, token, other),
    ])
      expect((await sent).status).toBe(202);
    // A call between shows that what was said before has been heard.
    const between = legacy('tools/call', { name: 'note_list', arguments: {} });
    expect((await messageOf(await postRaw(web.url, { token, body: between }))).result).toBeTruthy();
    expect(isOver).toBe(false);
    expect((await say(session)).status).toBe(202);
    await waits.aborted.promise;
    expect(await (await calling).text()).not.toContain('"result"');
  });
});
