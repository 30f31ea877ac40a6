import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import type { Context } from '../core/context.ts';
import { connectByHttp } from '../test/kit/mcp.ts';
import { openNotes } from '../test/kit/mcp-notes.ts';
import { codeOf, messageOf, modern, postRaw } from '../test/kit/mcp-raw.ts';
import { openMcpWeb, type McpWeb } from '../test/kit/mcp-web.ts';
import { createWorld, type World } from '../test/kit/world.ts';

let world: World;
let owner: Context;
let web: McpWeb;
let token: string;
let foreign: string;
const { operations, ran } = openNotes();

beforeAll(async () => {
  world = await createWorld();
  owner = await world.context('mcp');
  web = await openMcpWeb(world, operations);
  token = await web.tokenFor(owner);
  foreign = await web.tokenFor(await world.context('mcp', 'stranger'));
});
afterAll(async () => {
  await web.close();
  await world.close();
});
beforeEach(() => void ran.splice(0));

const accept = { decision: { action: 'accept', content: {} } };

type Sent = {
  readonly text: string;
  readonly name?: string;
  readonly as?: string;
  readonly requestState?: string | undefined;
  readonly inputResponses?: Readonly<Record<string, unknown>>;
};

/** One request of a client of 2026 that can show forms. */
function send({ text, name = 'note_publish', as = token, ...more }: Sent): Promise<Response> {
  const params = { name, arguments: { text }, ...more };
  return postRaw(web.url, { token: as, ...modern('tools/call', params, { form: {} }) });
}

/** The state that the client is given with the question about a text. */
async function stateFor(text: string): Promise<string> {
  const { result } = await messageOf(await send({ text }));
  expect(result).toMatchObject({ resultType: 'input_required' });
  return result?.requestState ?? '';
}

describe('the state that a client of 2026 brings back', () => {
  test('counts once, however often it is sent', async () => {
    const requestState = await stateFor('once');
    const sent = { text: 'once', requestState, inputResponses: accept };
    const codes = await Promise.all(
      Array.from({ length: 8 }, async () => (await codeOf(await send(sent))) ?? 'done'),
    );
    expect(codes.toSorted()).toEqual([
      ...Array.from({ length: 7 }, () => 'approval_not_valid'),
      'done',
    ]);
    expect(await codeOf(await send(sent))).toBe('approval_not_valid');
    expect(ran).toHaveLength(1);
  });

  test('is good for no other input, tool or account', async () => {
    const requestState = await stateFor('exact');
    const other = { text: 'exact', requestState, inputResponses: accept };
    expect(await codeOf(await send({ ...other, text: 'exact!' }))).toBe('approval_not_valid');
    expect(await codeOf(await send({ ...other, name: 'note_buy' }))).toBe('approval_not_valid');
    expect(await codeOf(await send({ ...other, as: foreign }))).toBe('approval_not_valid');
    expect(ran).toEqual([]);
    expect(await codeOf(await send(other))).toBeUndefined();
    expect(ran).toHaveLength(1);
  });

  test('is refused when it was changed in any place or cut', async () => {
    const state = await stateFor('forged');
    const another = await stateFor('another');
    const [id = '', signature = ''] = state.split('.');
    const [otherId = ''] = another.split('.');
    const forged = [
      '',
      '.',
      id,
      `${id}.`,
      `.${signature}`,
      `${otherId}.${signature}`,
      `${id}.${another.split('.')[1]}`,
      state.slice(0, -2),
      ...Array.from({ length: 40 }, (_, index) => {
        const at = Math.floor((index * (state.length - 1)) / 40);
        return `${state.slice(0, at)}${state[at] === 'x' ? 'y' : 'x'}${state.slice(at + 1)}`;
      }),
    ];
    const codes = await Promise.all(
      forged.map(async (requestState) =>
        codeOf(await send({ text: 'forged', requestState, inputResponses: accept })),
      ),
    );
    expect(new Set(codes)).toEqual(new Set(['approval_not_valid']));
    expect(ran).toEqual([]);
  });

  test('without an answer, or with one that is none, starts nothing and leaves the question open', async () => {
    const requestState = await stateFor('open');
    const empty = [
      undefined,
      {},
      { other: accept.decision },
      { decision: { action: 'yes' } },
      { decision: true },
    ];
    for (const inputResponses of empty)
      expect(
        await codeOf(
          await send({ text: 'open', requestState, ...(inputResponses ? { inputResponses } : {}) }),
        ),
      ).toBe('approval_required');
    expect(ran).toEqual([]);
    const sent = { text: 'open', requestState, inputResponses: accept };
    expect(await codeOf(await send(sent))).toBeUndefined();
  });

  test('is what an answer needs: without it the person is asked again', async () => {
    await stateFor('stateless');
    const { result } = await messageOf(await send({ text: 'stateless', inputResponses: accept }));
    expect(result).toMatchObject({ resultType: 'input_required' });
    expect(ran).toEqual([]);
  });

  test('is over with the time to decide', async () => {
    const requestState = await stateFor('expired');
    await world.advance(15 * 60);
    const sent = { text: 'expired', requestState, inputResponses: accept };
    expect(await codeOf(await send(sent))).toBe('approval_not_valid');
    expect(ran).toEqual([]);
  });

  test('of a question that was declined buys nothing', async () => {
    const requestState = await stateFor('declined');
    const sent = { text: 'declined', requestState };
    const no = { decision: { action: 'decline' } };
    expect(await codeOf(await send({ ...sent, inputResponses: no }))).toBe('approval_refused');
    expect(await codeOf(await send({ ...sent, inputResponses: accept }))).toBe(
      'approval_not_valid',
    );
    expect(ran).toEqual([]);
  });
});

describe('the answer that a client of 2025 posts', () => {
  /** A client whose answers the test holds in its hands. */
  async function holdAnswers() {
    const held = Promise.withResolvers<unknown>();
    const mcp = await connectByHttp({
      era: '2025',
      way: 'form',
      person: () => ({ action: 'accept', content: {} }),
      url: web.url,
      token,
      fetch: async (address, init) => {
        const body: unknown = typeof init?.body === 'string' ? JSON.parse(init.body) : null;
        if (body === null || 'method' in Object(body)) return fetch(address, init);
        held.resolve(body);
        return new Response(null, { status: 202 });
      },
    });
    return { mcp, answer: held.promise };
  }

  test("changes nothing with another account's token, and counts once with one's own", async () => {
    const { mcp, answer } = await holdAnswers();
    const calling = mcp.call('note_publish', { text: 'posted' });
    const accepted = Object(await answer);
    for (const url of [web.url, web.otherUrl])
      expect((await postRaw(url, { token: foreign, body: accepted })).status).toBe(202);
    expect((await postRaw(web.url, { body: accepted })).status).toBe(401);
    const unheard = { ...accepted, id: `${accepted.id}x` };
    expect((await postRaw(web.otherUrl, { token, body: unheard })).status).toBe(202);
    // What came before was not taken for a yes: this no is the first answer.
    const declined = { ...accepted, result: { action: 'decline' } };
    expect((await postRaw(web.otherUrl, { token, body: declined })).status).toBe(202);
    expect((await postRaw(web.otherUrl, { token, body: accepted })).status).toBe(202);
    expect((await calling).error?.code).toBe('approval_refused');
    expect(ran).toEqual([]);
    await mcp.close();
  });

  test('starts one thing when it comes twice, at both web apps', async () => {
    const { mcp, answer } = await holdAnswers();
    const calling = mcp.call('note_publish', { text: 'posted twice' });
    const body = await answer;
    await Promise.all([web.url, web.otherUrl, web.url].map((url) => postRaw(url, { token, body })));
    expect((await calling).isError).toBeUndefined();
    await postRaw(web.url, { token, body });
    expect(ran).toHaveLength(1);
    await mcp.close();
  });

  test('falls back to the link when it is an error', async () => {
    const { mcp, answer } = await holdAnswers();
    const calling = mcp.call('note_publish', { text: 'posted error' });
    const { id } = Object(await answer);
    const error = { code: -32_603, message: 'no window' };
    await postRaw(web.url, { token, body: { jsonrpc: '2.0', id, error } });
    expect((await calling).error?.code).toBe('approval_required');
    expect(ran).toEqual([]);
    await mcp.close();
  });
});
