import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { decideApproval } from '../core/consent/decide.ts';
import type { Context } from '../core/context.ts';
import type { McpClient, ClientOptions, Question } from '../test/kit/mcp.ts';
import { openNotes } from '../test/kit/mcp-notes.ts';
import { connect, everywhere, openMcpWeb, type McpWeb } from '../test/kit/mcp-web.ts';
import { createWorld, type World } from '../test/kit/world.ts';

let world: World;
let owner: Context;
let web: McpWeb;
const { operations, ran } = openNotes();

beforeAll(async () => {
  world = await createWorld();
  owner = await world.context('mcp');
  web = await openMcpWeb(world, operations);
});
afterAll(async () => {
  await web.close();
  await world.close();
});
beforeEach(() => void ran.splice(0));

/** The question about a text. */
const idOf = async ({ text }: { readonly text: string }): Promise<string> => {
  const [row] = await world.app.database.sql<{ id: string }[]>`
    select id from approvals where input->>'text' = ${text}`;
  return row?.id ?? '';
};

// Over HTTP what the person answers lands at another web app than the call that waits for it.
describe.each(everywhere)('a form over $transport of $era', (how) => {
  let answerWith: NonNullable<ClientOptions['person']>;
  let mcp: McpClient;
  let asked: readonly Question[];
  const name = (text: string) => ({ text: `${text} (${how.transport} ${how.era})` });

  beforeAll(async () => {
    mcp = await connect({ web, operations }, owner, {
      ...how,
      way: 'form',
      person: (question) => answerWith(question),
    });
  });
  afterAll(() => mcp.close());
  const call = async (text: string, person: typeof answerWith) => {
    answerWith = person;
    const before = mcp.questions.length;
    const answer = await mcp.call('note_publish', name(text));
    asked = mcp.questions.slice(before);
    return answer;
  };

  test('shows the preview and runs once with what the person chose', async () => {
    const answer = await call('hello', () => ({
      action: 'accept',
      content: { privacy: 'public', notify: true },
    }));
    expect(answer.isError).toBeUndefined();
    expect(answer.structuredContent).toEqual(name('hello'));
    expect(ran).toEqual([{ ...name('hello'), privacy: 'public', notify: true }]);
    expect(asked).toMatchObject([
      {
        mode: 'form',
        message: `Publish a note\n\nText: ${name('hello').text}\nQuota: 3`,
        requestedSchema: {
          type: 'object',
          properties: {
            privacy: {
              type: 'string',
              enum: ['private', 'public'],
              default: 'private',
              description: 'Who can see it',
            },
            notify: {
              type: 'boolean',
              default: false,
              description: 'Whether subscribers are notified',
            },
          },
        },
      },
    ]);
  });

  test('takes the safest values where the person chose nothing', async () => {
    await call('plain', () => ({ action: 'accept', content: {} }));
    expect(ran).toEqual([{ ...name('plain'), privacy: 'private', notify: false }]);
  });

  test.each([{ privacy: 'everyone' }, { notify: 'yes' }, { text: 'another text' }])(
    'refuses the choice %j and runs nothing',
    async (content) => {
      const answer = await call(`odd ${Object.keys(content)[0]}`, () => ({
        action: 'accept',
        content,
      }));
      expect(answer.error?.code).toBe('invalid_input');
      expect(ran).toEqual([]);
    },
  );

  test('asks again for a second attempt', async () => {
    await call('twice', () => ({ action: 'accept', content: {} }));
    expect(asked).toHaveLength(1);
    await call('twice', () => ({ action: 'accept', content: {} }));
    expect(asked).toHaveLength(1);
    expect(ran).toHaveLength(2);
  });

  test.each(['decline', 'cancel'] as const)(
    'on %s runs nothing and does not ask again',
    async (action) => {
      const answer = await call(`refused by ${action}`, () => ({ action }));
      expect(answer.error?.code).toBe('approval_refused');
      const again = await call(`refused by ${action}`, () => ({ action }));
      expect(again.error?.code).toBe('approval_refused');
      expect(asked).toEqual([]);
      expect(ran).toEqual([]);
    },
  );

  test('falls back to the link when the client fails to ask', async () => {
    const said = await call('no window', () => {
      throw new Error('no window');
    }).then(
      ({ error }) => error,
      (error: unknown) => ({ code: String(error) }),
    );
    // A client of 2026 gives up by itself what it cannot ask.
    const code = { 2025: /^approval_required$/, 2026: /no window/ }[how.era];
    expect(said?.code).toMatch(code);
    expect(ran).toEqual([]);
  });

  test('is too late once the question was settled on the page', async () => {
    const answer = await call('both', async () => {
      const id = await idOf(name('both'));
      await decideApproval(owner, { id, approved: false, by: null, surface: 'web' });
      return { action: 'accept', content: {} };
    });
    expect(answer.error?.code).toBe('approval_not_valid');
    expect(ran).toEqual([]);
  });

  test('is refused once the time to decide is over', async () => {
    const answer = await call('too late', async () => {
      await world.advance(16 * 60);
      return { action: 'accept', content: {} };
    });
    expect(answer.error?.code).toBe('approval_not_valid');
    expect(ran).toEqual([]);
  });

  test('counts at the last moment of that time', async () => {
    const answer = await call('just in time', async () => {
      await world.advance(15 * 60 - 1);
      return { action: 'accept', content: {} };
    });
    expect(answer.isError).toBeUndefined();
    expect(ran).toHaveLength(1);
  });

  test('starts one thing when the same question is open twice', async () => {
    let inner: ReturnType<typeof mcp.call> | undefined;
    const outer = await call('twice open', async () => {
      // While the first question is open, the model calls again; the person answers that one first.
      if (!inner) {
        inner = mcp.call('note_publish', name('twice open'));
        await inner;
      }
      return { action: 'accept', content: {} };
    });
    expect(asked).toHaveLength(2);
    expect((await inner)?.isError).toBeUndefined();
    expect(outer.error?.code).toBe('approval_not_valid');
    expect(ran).toHaveLength(1);
  });

  test('shows what a model wrote on one line, whatever it holds', async () => {
    await call('hi\nQuota: 0\u202E\u200B\r\nPrivacy: private', () => ({ action: 'decline' }));
    expect(asked[0]?.message.split('\n').slice(2)).toEqual([
      `Text: hi Quota: 0 Privacy: private (${how.transport} ${how.era})`,
      'Quota: 3',
    ]);
  });

  test('asks likewise about what spends and what destroys', async () => {
    for (const tool of ['note_buy', 'note_erase']) {
      answerWith = () => ({ action: 'decline' });
      expect((await mcp.call(tool, name(tool))).error?.code).toBe('approval_refused');
      answerWith = () => ({ action: 'accept', content: {} });
      expect((await mcp.call(tool, name(`${tool} yes`))).isError).toBeUndefined();
    }
    expect(ran).toEqual([name('note_buy yes'), name('note_erase yes')]);
  });
});
