import { fc } from '@fast-check/vitest';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

import { approvals } from '../../drizzle/schema/consent.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import type { Context, Surface } from '../context.ts';
import { isFault } from '../fault.ts';
import { viewFault } from '../fault-view.ts';
import { defineOperation, perform, type AnyOperation, type Outcome } from '../operation.ts';
import { operations } from '../operations.ts';
import { decideApproval, findApproval } from './decide.ts';
import { approvalLink, isApprovalLink } from './link.ts';
import { requireApproval } from './require.ts';

let world: World;
let person: Context;
let model: Context;
let stranger: Context;
beforeAll(async () => {
  world = await createWorld();
  person = await world.context('terminal', 'owner');
  model = await world.context('mcp', 'owner');
  stranger = await world.context('terminal', 'stranger');
});
afterAll(() => world.close());

type Run = { readonly accountId: string; readonly input: { tag: string; open: string } };

/** An operation that spends, and a list of what it was started with. */
function spender(how: { name?: `${string}_${string}`; cost?: () => number } = {}) {
  const runs: Run[] = [];
  const operation: AnyOperation = defineOperation({
    name: how.name ?? 'thing_buy',
    summary: { en: 'Buy a thing.', zh: '买一个东西。' },
    effect: 'spend',
    audience: 'everyone',
    needs: [],
    input: z.object({
      tag: z.string().max(40).describe('Which thing'),
      size: z.int().default(1).describe('How big'),
      open: z.enum(['private', 'public']).default('private').describe('For whom'),
    }),
    decidedByPerson: ['open'],
    output: z.object({ bought: z.string() }),
    preview: async ({ tag }) => ({
      title: `Buy ${tag}`,
      lines: [['Thing', tag]],
      cost: how.cost?.() ?? 1,
    }),
    run: async (input, context) => {
      runs.push({ accountId: context.actor.accountId, input });
      return { bought: input.tag };
    },
    say: ({ bought }) => `Bought ${bought}.`,
  });
  return { operation, runs };
}

let tags = 0;
const newTag = (): string => `thing-${(tags += 1)}`;
const code = (outcome: Outcome): string => (outcome.ok ? 'ok' : outcome.fault.code);

/** The id of the approval that an attempt asks for. */
function askedFor(outcome: Outcome): string {
  if (!outcome.ok && isFault(outcome.fault, 'approval_required')) return outcome.fault.params.id;
  throw new Error(`asked for nothing: ${code(outcome)}`);
}
const decide = (id: string, approved: boolean, by: Context, choices: object = {}) =>
  decideApproval(world.app, {
    id,
    approved,
    surface: 'web',
    by: by.actor.accountId,
    choices: { ...choices },
  });
const as = (surface: Surface, context = person): Context => ({
  ...context,
  actor: { ...context.actor, surface },
});
const statusOf = async (id: string) => {
  const { db } = world.app.database;
  const [row] = await db.select().from(approvals).where(eq(approvals.id, id));
  return row?.status;
};

describe('without an approval', () => {
  it.each(['terminal', 'web', 'discord', 'mcp', 'agent'] as const)(
    'nothing is started from %s; the answer says where to decide',
    async (surface) => {
      const { operation, runs } = spender();
      const tag = newTag();
      const outcome = await perform(operation, { tag }, as(surface));
      const id = askedFor(outcome);
      if (outcome.ok) throw new Error('it ran');
      const view = viewFault(outcome.fault, 'en');
      expect(view).toMatchObject({ code: 'approval_required', approval: id, charged: false });
      const link = new URL(view.link ?? '');
      expect(`${link.origin}${link.pathname}`).toBe(`${world.publicUrl}/approvals/${id}`);
      expect(link.searchParams.get('sig')).toMatch(/^[\w-]{43}$/u);
      expect(view.message).toContain(`Buy ${tag}`);
      expect(runs).toStrictEqual([]);
    },
  );

  it('the question holds what was shown, and is for this account only', async () => {
    const { operation } = spender();
    const tag = newTag();
    const id = askedFor(await perform(operation, { tag }, model));
    expect(await findApproval(world.app, id)).toMatchObject({
      id,
      operation: 'thing_buy',
      surface: 'mcp',
      status: 'pending',
      preview: { title: `Buy ${tag}`, lines: [['Thing', tag]], cost: 1 },
    });
    const other = findApproval(world.app, id, stranger.actor.accountId);
    await expect(other).rejects.toMatchObject({ code: 'approval_not_valid' });
  });

  it('a model that asks again, 50 times at once, asks the same question', async () => {
    const { operation } = spender();
    for (let turn = 0; turn < 5; turn += 1) {
      const tag = newTag();
      const all = await Promise.all(
        Array.from({ length: 50 }, () => perform(operation, { tag }, model)),
      );
      expect(new Set(all.map(askedFor)).size).toBe(1);
    }
  });

  it('every operation of the product that needs consent asks for it', async () => {
    const guarded = operations.filter(({ effect }) => effect !== 'read' && effect !== 'write');
    expect(guarded.map(({ name }) => name)).toContain('video_generate');
    for (const operation of guarded) {
      const started: unknown[] = [];
      const guardedOperation = {
        ...operation,
        input: z.object({}),
        preview: async () => ({ title: newTag(), lines: [], cost: 0 }),
        run: async (input: unknown) => void started.push(input),
      };
      for (const surface of ['mcp', 'agent', 'discord'] as const)
        expect(code(await perform(guardedOperation, {}, as(surface)))).toBe('approval_required');
      expect(started).toStrictEqual([]);
    }
  });
});

describe('one approval', () => {
  it.each([false, true])('buys one of 50 attempts at once (named: %s)', async (isNamed) => {
    const { operation, runs } = spender();
    const tag = newTag();
    const id = askedFor(await perform(operation, { tag }, model));
    await decide(id, true, person);
    const options = isNamed ? { approvalId: id } : {};
    const all = await Promise.all(
      Array.from({ length: 50 }, () => perform(operation, { tag }, model, options)),
    );
    const counts = Map.groupBy(all.map(code), (name) => name);
    expect(counts.get('ok')).toHaveLength(1);
    expect(counts.get(isNamed ? 'approval_not_valid' : 'approval_required')).toHaveLength(49);
    expect(runs).toStrictEqual([
      { accountId: person.actor.accountId, input: { tag, size: 1, open: 'private' } },
    ]);
    expect(await statusOf(id)).toBe('used');
  });

  it('buys nothing the second time', async () => {
    const { operation, runs } = spender();
    const tag = newTag();
    const id = askedFor(await perform(operation, { tag }, model));
    await decide(id, true, person);
    await perform(operation, { tag }, model, { approvalId: id });
    expect(code(await perform(operation, { tag }, model, { approvalId: id }))).toBe(
      'approval_not_valid',
    );
    expect(askedFor(await perform(operation, { tag }, model))).not.toBe(id);
    expect(runs).toHaveLength(1);
  });

  it('asked from a chat can be used by the person, and the other way round', async () => {
    const { operation, runs } = spender();
    for (const [asker, user] of [
      [model, person],
      [person, model],
    ] as const) {
      const tag = newTag();
      await decide(askedFor(await perform(operation, { tag }, asker)), true, person);
      expect(code(await perform(operation, { tag }, user))).toBe('ok');
    }
    expect(runs).toHaveLength(2);
  });

  it('is for the same input, whatever the order of its fields and with or without defaults', async () => {
    const { operation, runs } = spender();
    const tag = newTag();
    const id = askedFor(await perform(operation, { size: 1, tag }, model));
    await decide(id, true, person);
    expect(code(await perform(operation, { tag }, model, { approvalId: id }))).toBe('ok');
    expect(runs).toHaveLength(1);
  });

  it('does not fit a changed input, and still fits the right one', async () => {
    const { operation, runs } = spender();
    const tag = newTag();
    const id = askedFor(await perform(operation, { tag }, model));
    await decide(id, true, person);
    for (const changed of [{ tag, size: 2 }, { tag: `${tag} ` }, { tag: newTag() }]) {
      expect(code(await perform(operation, changed, model, { approvalId: id }))).toBe(
        'approval_not_valid',
      );
      expect(code(await perform(operation, changed, model))).toBe('approval_required');
    }
    expect(runs).toStrictEqual([]);
    expect(code(await perform(operation, { tag }, model, { approvalId: id }))).toBe('ok');
  });

  it('does not fit a changed price', async () => {
    let cost = 1;
    const { operation, runs } = spender({ cost: () => cost });
    const tag = newTag();
    const id = askedFor(await perform(operation, { tag }, model));
    await decide(id, true, person);
    cost = 2;
    expect(code(await perform(operation, { tag }, model, { approvalId: id }))).toBe(
      'approval_not_valid',
    );
    const dearer = askedFor(await perform(operation, { tag }, model));
    expect(dearer).not.toBe(id);
    expect((await findApproval(world.app, dearer)).preview.cost).toBe(2);
    expect(runs).toStrictEqual([]);
  });

  it('does not fit another account, nor another operation', async () => {
    const { operation, runs } = spender();
    const other = spender({ name: 'thing_rent' });
    const tag = newTag();
    const id = askedFor(await perform(operation, { tag }, model));
    await decide(id, true, person);
    const attempts = [
      await perform(operation, { tag }, stranger, { approvalId: id }),
      await perform(operation, { tag }, as('mcp', stranger), { approvalId: id }),
      await perform(other.operation, { tag }, model, { approvalId: id }),
      await perform(operation, { tag }, model, { approvalId: 'apr_unknown' }),
    ];
    for (const attempt of attempts) expect(code(attempt)).toBe('approval_not_valid');
    expect([...runs, ...other.runs]).toStrictEqual([]);
  });
});

describe('time', () => {
  it.each([
    [899, 'ok'],
    [900, 'approval_not_valid'],
    [901, 'approval_not_valid'],
  ])('an approval used %i s after the question: %s', async (seconds, expected) => {
    const { operation, runs } = spender();
    const tag = newTag();
    const id = askedFor(await perform(operation, { tag }, model));
    await decide(id, true, person);
    await world.advance(seconds);
    expect(code(await perform(operation, { tag }, model, { approvalId: id }))).toBe(expected);
    expect(runs).toHaveLength(expected === 'ok' ? 1 : 0);
    expect(code(await perform(operation, { tag }, model))).toBe('approval_required');
  });

  const fate = (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'fine',
      (error: unknown) => (isFault(error) ? error.code : 'defect'),
    );

  it.each([
    [899, 'fine'],
    [900, 'approval_not_valid'],
    [901, 'approval_not_valid'],
  ])('a decision %i s after the question: %s', async (seconds, expected) => {
    const { operation } = spender();
    const id = askedFor(await perform(operation, { tag: newTag() }, model));
    await world.advance(seconds);
    expect(await fate(findApproval(world.app, id))).toBe(expected);
    expect(await fate(decide(id, true, person))).toBe(expected);
    expect(await statusOf(id)).toBe(expected === 'fine' ? 'approved' : 'pending');
  });
});

describe('a "no"', () => {
  it('is not asked about again by a model until it expires; a person is asked anew', async () => {
    const { operation, runs } = spender();
    const tag = newTag();
    const id = askedFor(await perform(operation, { tag }, model));
    await decide(id, false, person);
    for (const surface of ['mcp', 'agent'] as const)
      expect(code(await perform(operation, { tag }, as(surface)))).toBe('approval_refused');
    expect(code(await perform(operation, { tag }, model, { approvalId: id }))).toBe(
      'approval_not_valid',
    );
    await world.advance(899);
    expect(code(await perform(operation, { tag }, model))).toBe('approval_refused');
    await world.advance(1);
    expect(askedFor(await perform(operation, { tag }, model))).not.toBe(id);
    expect(runs).toStrictEqual([]);
  });

  it('to the model does not keep the person from doing it', async () => {
    const { operation, runs } = spender();
    const tag = newTag();
    await decide(askedFor(await perform(operation, { tag }, model)), false, person);
    await world.advance(1);
    const again = askedFor(await perform(operation, { tag }, person));
    await decide(again, true, person);
    expect(code(await perform(operation, { tag }, person, { approvalId: again }))).toBe('ok');
    expect(runs).toHaveLength(1);
  });

  it('is about this input alone', async () => {
    const { operation } = spender();
    const tag = newTag();
    await decide(askedFor(await perform(operation, { tag }, model)), false, person);
    expect(code(await perform(operation, { tag, size: 2 }, model))).toBe('approval_required');
    expect(code(await perform(operation, { tag }, as('mcp', stranger)))).toBe('approval_required');
  });
});

describe('the decision', () => {
  it.each([
    [true, true],
    [true, false],
    [false, true],
    [false, false],
  ])('stands once made: %s, then %s', async (first, second) => {
    const { operation } = spender();
    const id = askedFor(await perform(operation, { tag: newTag() }, model));
    await decide(id, first, person);
    await expect(decide(id, second, person)).rejects.toMatchObject({ code: 'approval_not_valid' });
    expect(await statusOf(id)).toBe(first ? 'approved' : 'declined');
  });

  it('of 50 at once counts once', async () => {
    const { operation } = spender();
    const id = askedFor(await perform(operation, { tag: newTag() }, model));
    const all = await Promise.allSettled(
      Array.from({ length: 50 }, (_, index) => decide(id, index % 2 === 0, person)),
    );
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('is refused to another account, and to an id that is none', async () => {
    const { operation, runs } = spender();
    const tag = newTag();
    const id = askedFor(await perform(operation, { tag }, model));
    for (const [asked, by] of [
      [id, stranger],
      ['apr_none', person],
    ] as const)
      await expect(decide(asked, true, by)).rejects.toMatchObject({ code: 'approval_not_valid' });
    expect(code(await perform(operation, { tag }, model, { approvalId: id }))).toBe(
      'approval_not_valid',
    );
    expect(runs).toStrictEqual([]);
  });

  it('cannot be made by the model itself: only a signed link stands for a person', async () => {
    const { operation } = spender();
    const id = askedFor(await perform(operation, { tag: newTag() }, model));
    const link = new URL(approvalLink(world.app, id) ?? '');
    const signature = link.searchParams.get('sig') ?? '';
    expect(isApprovalLink(world.app, id, signature)).toBe(true);
    expect(isApprovalLink(world.app, `${id}x`, signature)).toBe(false);
    expect(isApprovalLink(world.app, id, `${signature.slice(0, -2)}AA`)).toBe(false);
    expect(isApprovalLink(world.app, id, '')).toBe(false);
    expect(approvalLink({ ...world.app, publicUrl: () => null }, id)).toBeNull();
  });
});

describe('what a person chooses', () => {
  const attempt = async (choices: object) => {
    const { operation, runs } = spender();
    const tag = newTag();
    const id = askedFor(await perform(operation, { tag }, model));
    await decide(id, true, person, choices);
    const outcome = await perform(operation, { tag }, model, { approvalId: id });
    return {
      outcome,
      runs,
      id,
      again: () => perform(operation, { tag }, model, { approvalId: id }),
    };
  };

  it('joins the input of the model', async () => {
    const { outcome, runs } = await attempt({ open: 'public' });
    expect(code(outcome)).toBe('ok');
    expect(runs[0]?.input.open).toBe('public');
  });

  it.each([
    ['a value that does not exist', { open: 'everyone' }],
    ['a value of another type', { open: 4 }],
    ['a field that there is not', { owner: 'me' }],
    ['something that was approved as it is', { size: 5 }],
    ['another thing than was asked for', { tag: 'yacht' }],
    ['both a good and a bad one', { open: 'public', tag: 'yacht' }],
  ])('is checked: %s starts nothing', async (_, choices) => {
    const { outcome, runs, id, again } = await attempt(choices);
    expect(code(outcome)).toBe('invalid_input');
    expect(await statusOf(id)).toBe('used');
    expect(code(await again())).toBe('approval_not_valid');
    expect(runs).toStrictEqual([]);
  });
});

describe('a crash', () => {
  it('after the approval was used and before the run starts nothing', async () => {
    const { operation, runs } = spender();
    const tag = newTag();
    const id = askedFor(await perform(operation, { tag }, model));
    await decide(id, true, person);
    // The process dies here: the use has committed, nothing else has happened.
    const asked = {
      operation,
      input: { tag, size: 1, open: 'private' },
      preview: { title: `Buy ${tag}`, lines: [], cost: 1 },
    };
    expect(await requireApproval(asked, model, { approvalId: id })).toStrictEqual({
      id,
      choices: {},
    });
    expect(code(await perform(operation, { tag }, model, { approvalId: id }))).toBe(
      'approval_not_valid',
    );
    expect(code(await perform(operation, { tag }, model))).toBe('approval_required');
    expect(runs).toStrictEqual([]);
  });

  it('inside the run starts nothing a second time', async () => {
    const tag = newTag();
    let runs = 0;
    const { operation } = spender();
    const dying: AnyOperation = {
      ...operation,
      run: async () => {
        runs += 1;
        throw new Error('killed');
      },
    };
    const id = askedFor(await perform(dying, { tag }, model));
    await decide(id, true, person);
    expect(code(await perform(dying, { tag }, model, { approvalId: id }))).toBe('internal');
    expect(code(await perform(dying, { tag }, model, { approvalId: id }))).toBe(
      'approval_not_valid',
    );
    expect(runs).toBe(1);
  });

  it('of the database while the approval is used leaves it unused', async () => {
    const { operation, runs } = spender();
    const tag = newTag();
    const id = askedFor(await perform(operation, { tag }, model));
    await decide(id, true, person);
    const { db } = world.app.database;
    await db.execute(
      sql`alter table approvals add constraint broken check (status <> 'used') not valid`,
    );
    expect(code(await perform(operation, { tag }, model, { approvalId: id }))).toBe('internal');
    await db.execute(sql`alter table approvals drop constraint broken`);
    expect(await statusOf(id)).toBe('approved');
    expect(runs).toStrictEqual([]);
    expect(code(await perform(operation, { tag }, model, { approvalId: id }))).toBe('ok');
  });
});

type Step =
  | { readonly do: 'ask'; readonly who: number; readonly thing: number }
  | {
      readonly do: 'use';
      readonly who: number;
      /** null: the one that the question is about. */
      readonly thing: number | null;
      /** null: no approval is named. */
      readonly question: number | null;
    }
  | {
      readonly do: 'decide';
      readonly who: number;
      readonly question: number;
      readonly yes: boolean;
    }
  | { readonly do: 'wait'; readonly seconds: number };

const who = fc.nat({ max: 3 });
const thing = fc.nat({ max: 1 });
const question = fc.nat({ max: 20 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('ask' as const), who, thing }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('decide' as const),
      who,
      question,
      yes: fc.constantFrom(true, true, true, false),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('use' as const),
      who,
      thing: fc.option(thing),
      question: fc.option(question),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      seconds: fc.constantFrom(1, 1, 1, 450, 899, 900),
    }),
  },
);

describe('any mixture of asking, deciding and doing', () => {
  it('runs at most what was approved, each approval once, and never for another account', async () => {
    let ran = 0;
    const property = fc.asyncProperty(
      fc.array(fc.array(step, { minLength: 1, maxLength: 6 }), { minLength: 5, maxLength: 12 }),
      async (rounds) => {
        const { operation, runs } = spender();
        const things = [newTag(), newTag()];
        const actors = [person, model, stranger, as('mcp', stranger)];
        const questions: { id: string; accountId: string; tag: string }[] = [];
        const approved: (typeof questions)[number][] = [];
        const meddled: (typeof questions)[number][] = [];
        const note = (outcome: Outcome, accountId: string, tag: string) => {
          if (outcome.ok || !isFault(outcome.fault, 'approval_required')) return;
          const { id } = outcome.fault.params;
          if (!questions.some((known) => known.id === id)) questions.push({ id, accountId, tag });
        };
        const rule = async (found: (typeof questions)[number], yes: boolean, by: Context) => {
          const isDone = await decide(found.id, yes, by).then(
            () => true,
            () => false,
          );
          if (isDone && yes) approved.push(found);
          if (isDone && found.accountId !== by.actor.accountId) meddled.push(found);
        };
        const take = async (move: Step): Promise<void> => {
          if (move.do === 'wait') return;
          const actor = actors[move.who] ?? person;
          const { accountId } = actor.actor;
          const asked = move.do === 'ask' ? null : move.question;
          const found =
            asked === null ? undefined : questions[asked % Math.max(1, questions.length)];
          if (move.do === 'decide') return found && rule(found, move.yes, actor);
          const tag = things[move.thing ?? -1] ?? found?.tag ?? things[0] ?? '';
          const options = found ? { approvalId: found.id } : {};
          note(await perform(operation, { tag }, actor, options), accountId, tag);
        };
        for (const round of rounds) {
          await Promise.all(round.map(take));
          for (const move of round) if (move.do === 'wait') await world.advance(move.seconds);
        }
        ran += runs.length;
        for (const tag of things)
          for (const { actor } of [person, stranger]) {
            const isOurs = (entry: { accountId: string; tag: string }) =>
              entry.accountId === actor.accountId && entry.tag === tag;
            const bought = runs.filter(({ accountId, input }) =>
              isOurs({ accountId, tag: input.tag }),
            );
            const paid = approved.filter(isOurs);
            expect(bought.length).toBeLessThanOrEqual(paid.length);
            const used = await Promise.all(paid.map(({ id }) => statusOf(id)));
            expect(used.filter((status) => status === 'used')).toHaveLength(bought.length);
          }
        expect(meddled).toStrictEqual([]);
        const ids = approved.map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
      },
    );
    await fc.assert(property, { numRuns: 40, seed: 20_261_122 });
    // Mixtures in which nothing ever runs would prove nothing.
    expect(ran).toBeGreaterThan(20);
  });
});
