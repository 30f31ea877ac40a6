import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';

import { decideApproval } from '../core/consent/decide.ts';
import type { Context } from '../core/context.ts';
import type { ClientOptions, McpClient, Question } from '../test/kit/mcp.ts';
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

/** The person decides on the page that the question leads to. */
const decide = ({ url = '' }: Question, approved: boolean, choices = {}) =>
  decideApproval(owner, {
    id: /apr_\w+/.exec(url)?.[0] ?? '',
    approved,
    by: null,
    surface: 'web',
    choices,
  });

describe.each(everywhere)(
  'a page for a client that only opens addresses, over $transport of $era',
  (how) => {
    let answerWith: NonNullable<ClientOptions['person']>;
    let mcp: McpClient;
    let asked: readonly Question[];
    const name = (text: string) => ({ text: `${text} (${how.transport} ${how.era})` });

    beforeAll(async () => {
      mcp = await connect({ web, operations }, owner, {
        ...how,
        way: 'url',
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

    test('leads to the approval, shows the preview, and runs once with what was chosen there', async () => {
      const pages: number[] = [];
      const answer = await call('hello', async (question) => {
        const page = await fetch(question.url?.replace(world.publicUrl, web.otherUrl) ?? '');
        pages.push(page.status);
        await decide(question, true, { privacy: 'public' });
        return { action: 'accept' };
      });
      expect(answer.structuredContent).toEqual(name('hello'));
      expect(ran).toEqual([{ ...name('hello'), privacy: 'public', notify: false }]);
      expect(asked).toMatchObject([
        {
          mode: 'url',
          message: `Publish a note\n\nText: ${name('hello').text}\nQuota: 3`,
          url: expect.stringContaining(`${world.publicUrl}/approvals/apr_`),
        },
      ]);
      expect(pages).toEqual([200]);
    });

    test('waits for a person who is still reading', async () => {
      const answer = await call('slowly', (question) => {
        setImmediate(() => void decide(question, true));
        return { action: 'accept' };
      });
      expect(answer.structuredContent).toEqual(name('slowly'));
      expect(ran).toHaveLength(1);
    });

    test('takes a no on the page', async () => {
      const answer = await call('no there', async (question) => {
        await decide(question, false);
        return { action: 'accept' };
      });
      expect(answer.error?.code).toBe('approval_refused');
      expect(ran).toEqual([]);
    });

    test.each(['decline', 'cancel'] as const)('takes a %s in the client', async (action) => {
      const answer = await call(`no here: ${action}`, () => ({ action }));
      expect(answer.error?.code).toBe('approval_refused');
      expect(ran).toEqual([]);
    });

    test('does not wait for ever: the same call after the decision goes through once', async () => {
      let isOver = false;
      const calling = call('later', () => ({ action: 'accept' })).finally(() => {
        isOver = true;
      });
      await vi.waitFor(async () => {
        await world.advance(10);
        expect(isOver).toBe(true);
      });
      const late = await calling;
      expect(late.error).toMatchObject({ code: 'approval_required', link: asked[0]?.url });
      expect(ran).toEqual([]);
      await decide({ mode: 'url', message: '', url: late.error?.link }, true);
      const answers = await Promise.all([
        call('later', () => ({ action: 'decline' })),
        call('later', () => ({ action: 'decline' })),
      ]);
      expect(answers.filter(({ isError }) => !isError)).toHaveLength(1);
      expect(ran).toHaveLength(1);
    });

    test('is not believed: a client that says yes for its person starts nothing', async () => {
      let isOver = false;
      const content = { privacy: 'public', approved: true };
      const calling = call('forged', () => ({ action: 'accept', content })).finally(() => {
        isOver = true;
      });
      await vi.waitFor(async () => {
        await world.advance(10);
        expect(isOver).toBe(true);
      });
      expect((await calling).error?.code).toBe('approval_required');
      expect(ran).toEqual([]);
    });
  },
);

describe.each(everywhere)('a client that cannot ask, over $transport of $era', (how) => {
  let mcp: McpClient;
  const name = (text: string) => ({ text: `${text} (${how.transport} ${how.era}, none)` });
  const call = (text: string, extra = {}) => mcp.call('note_publish', { ...name(text), ...extra });

  beforeAll(async () => {
    mcp = await connect({ web, operations }, owner, how);
  });
  afterAll(() => mcp.close());

  test('is given the id, the link and the preview, and nothing runs', async () => {
    const answer = await call('without asking');
    expect(answer.isError).toBe(true);
    expect(answer.error).toMatchObject({
      code: 'approval_required',
      approval: expect.stringMatching(/^apr_/),
      preview: {
        title: 'Publish a note',
        lines: [['Text', name('without asking').text]],
        cost: 3,
      },
    });
    expect(answer.error?.link).toContain(`${world.publicUrl}/approvals/${answer.error?.approval}`);
    expect(ran).toEqual([]);
  });

  test.each([
    { confirm: true },
    { approved: true },
    { approval: 'apr_x' },
    { approvalId: 'apr_x' },
    { privacy: 'public' },
    { notify: true },
  ])('cannot decide by %j', async (extra) => {
    expect((await call('forced', extra)).error?.code).toBe('invalid_input');
    expect(ran).toEqual([]);
  });

  test('goes through once after the person approved elsewhere, and never again', async () => {
    const asked = await call('once only');
    const id = asked.error?.approval ?? '';
    expect((await call('once only')).error?.approval).toBe(id);
    const choices = { privacy: 'public' };
    await decideApproval(owner, { id, approved: true, by: null, surface: 'web', choices });
    expect((await call('once only, changed')).error?.code).toBe('approval_required');
    const answers = await Promise.all(Array.from({ length: 8 }, () => call('once only')));
    expect(answers.filter(({ isError }) => !isError)).toHaveLength(1);
    expect(ran).toEqual([{ ...name('once only'), privacy: 'public', notify: false }]);
  });

  test('is told of a no', async () => {
    const id = (await call('refused')).error?.approval ?? '';
    await decideApproval(owner, { id, approved: false, by: null, surface: 'web' });
    expect((await call('refused')).error?.code).toBe('approval_refused');
    expect(ran).toEqual([]);
  });

  test("does not take another account's approval", async () => {
    const id = (await call('mine')).error?.approval ?? '';
    await decideApproval(owner, { id, approved: true, by: null, surface: 'web' });
    const stranger = await world.context('mcp', 'stranger');
    const theirs = await connect({ web, operations }, stranger, how);
    const answer = await theirs.call('note_publish', name('mine'));
    expect(answer.error?.code).toBe('approval_required');
    expect(answer.error?.approval).not.toBe(id);
    expect(ran).toEqual([]);
    await theirs.close();
  });
});
