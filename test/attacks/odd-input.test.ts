import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { accountShow } from '../../core/account/show.ts';
import { createLog } from '../../core/log.ts';
import { defineOperation, perform } from '../../core/operation.ts';
import { tokenCreate } from '../../core/token/create.ts';
import { createWorld, type World } from '../kit/world.ts';
import { ask } from './wire.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

/** As a body brings them: keys that lead to what every object has in common. */
const pollutions = [
  '{"keyword":"boats","__proto__":{"isAdmin":true}}',
  '{"keyword":"boats","constructor":{"prototype":{"isAdmin":true}}}',
  '{"keyword":"boats","prototype":{"isAdmin":true}}',
  '{"__proto__":{"keyword":"boats","isAdmin":true}}',
] as const;

/** Whether any object has come to have it. */
const isPolluted = (): boolean => 'isAdmin' in {} || 'isAdmin' in [] || 'isAdmin' in expect;

describe('an input with the key of a prototype', () => {
  test.each(pollutions)('%s reaches no operation, and changes no other object', async (text) => {
    const ran: object[] = [];
    const operation = defineOperation({
      name: 'thing_find',
      summary: { en: 'Find a thing.', zh: '查找。' },
      effect: 'read',
      audience: 'everyone',
      needs: [],
      input: z.object({ keyword: z.string().default('none').describe('What to look for') }),
      output: z.object({ found: z.string() }),
      run: async (input) => {
        ran.push(input);
        return { found: input.keyword };
      },
      say: ({ found }) => found,
    });
    await perform(operation, JSON.parse(text), await world.context('mcp'));
    for (const input of ran) {
      expect('isAdmin' in input).toBe(false);
      expect(Reflect.ownKeys(input)).toEqual(['keyword']);
    }
    expect(isPolluted()).toBe(false);
  });

  test('does nothing over HTTP either', async () => {
    const made = await world.must(tokenCreate, { name: 'x' }, await world.context());
    const { token } = tokenCreate.output.parse(made);
    for (const text of pollutions) {
      const call = `{"jsonrpc":"2.0","id":1,"method":"tools/call","__proto__":{"isAdmin":true},"params":{"name":"trend_search","arguments":${text}}}`;
      const reply = await ask(`${world.publicUrl}/mcp`, {
        method: 'POST',
        body: call,
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
        },
      });
      expect(reply.status).toBeLessThan(500);
      expect(isPolluted()).toBe(false);
    }
    for (const path of ['/approvals/x?__proto__[isAdmin]=1&sig=x', '/media/a.mp4?constructor=1'])
      expect((await ask(world.publicUrl, { path })).status).toBe(403);
    expect(isPolluted()).toBe(false);
    expect((await perform(accountShow, {}, await world.context())).ok).toBe(true);
  });
});

const lineSchema = z.looseObject({ level: z.int(), time: z.string(), msg: z.string() });

describe('a line of the log', () => {
  test.each([
    'a\n{"level":30,"time":"2026-11-22T08:00:00.000Z","msg":"signed in as the owner"}',
    'a\r\n[error] all is well',
    'a\u2028b\u2029c\u0085d',
    'a\u001b[2J\u001b[1;31mred',
    'a\u009b2Jred\u007f',
    'a","msg":"another","x":"',
    '%s %d %j %o',
    'a\0b\u0008c',
  ])('stays one, in UTC, whatever it tells of: %j', (text) => {
    const lines: string[] = [];
    const log = createLog({ level: 'info', secrets: [], write: (line) => void lines.push(line) });
    log.info({ said: text, [text]: 1, err: new Error(text) }, `heard ${text}`);
    expect(lines).toHaveLength(1);
    const [line = ''] = lines;
    // No sign in it moves the cursor of a terminal or begins a line.
    expect(line.trimEnd()).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
    const told = lineSchema.parse(JSON.parse(line));
    expect(told).toMatchObject({ level: 30, msg: `heard ${text}`, said: text });
    expect(told.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/u);
  });
});

test('what was done cannot be changed or taken out of the record', async () => {
  const { sql } = world.app.database;
  await world.must(tokenCreate, { name: 'x' }, await world.context());
  for (const change of [
    sql`update audit_log set outcome = 'ok'`,
    sql`delete from audit_log`,
    sql`truncate audit_log`,
  ])
    await expect(change).rejects.toThrow('append-only');
});
