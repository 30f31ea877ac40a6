import { fc } from '@fast-check/vitest';
import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';

import { openDatabase } from '../../drizzle/client.ts';
import { approvals, auditLog } from '../../drizzle/schema/consent.ts';
import { accounts } from '../../drizzle/schema/people.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import { accountShow } from '../account/show.ts';
import { accountUpdate } from '../account/update.ts';
import type { Context, Surface } from '../context.ts';
import { isFault } from '../fault.ts';
import { defineOperation, perform, type AnyOperation, type Effect } from '../operation.ts';
import { decideApproval } from './decide.ts';

let world: World;
let number = 0;
/** Somebody new, and the requests of a model of theirs. */
let person: Context;
let model: Context;
let runs: string[];
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  await comeIn();
});

async function comeIn(): Promise<void> {
  number += 1;
  person = await world.context('terminal', `person ${number}`);
  model = { ...person, actor: { ...person.actor, surface: 'mcp' } };
  runs = [];
}

const as = (surface: Surface, context = person): Context => ({
  ...context,
  actor: { ...context.actor, surface },
});

function costly(effect: Effect = 'spend'): AnyOperation {
  return defineOperation({
    name: `thing_${effect}`,
    summary: { en: 'Do a thing.', zh: '做一件事。' },
    effect,
    audience: 'everyone',
    needs: [],
    input: z.object({
      tag: z.string().describe('Which thing'),
      cost: z.int().default(1).describe('What it costs'),
      open: z.enum(['private', 'public']).default('private').describe('For whom'),
    }),
    decidedByPerson: ['open'],
    output: z.object({ open: z.string() }),
    preview: async ({ tag, cost }) => ({ title: tag, lines: [], cost }),
    run: async ({ tag, open }) => {
      runs.push(tag);
      return { open };
    },
    say: ({ open }) => open,
  });
}
const operation = costly();

const setLeash = (leash: number, context = person) => world.must(accountUpdate, { leash }, context);
const usedToday = async () => (await world.must(accountShow, {}, person))['leash_used'];
let tags = 0;
/** What comes of an attempt at something new, or at the same again. */
async function attempt(
  how: { readonly cost?: number; readonly tag?: string; readonly by?: Context } = {},
): Promise<string> {
  const { cost = 1, tag = `thing ${(tags += 1)}`, by = model } = how;
  const outcome = await perform(operation, { tag, cost }, by);
  return outcome.ok ? 'ok' : outcome.fault.code;
}
async function ask(tag: string, cost = 1): Promise<string> {
  const outcome = await perform(operation, { tag, cost }, model);
  if (outcome.ok || !isFault(outcome.fault, 'approval_required')) throw new Error('not asked');
  return outcome.fault.params.id;
}
const decide = (id: string, approved: boolean) =>
  decideApproval(world.app, { id, approved, by: person.actor.accountId, surface: 'web' });
const rowsOf = (decidedOn: string) =>
  world.app.database.db
    .select()
    .from(approvals)
    .where(
      and(eq(approvals.accountId, person.actor.accountId), eq(approvals.decidedOn, decidedOn)),
    );

describe('without a leash', () => {
  it('a person is asked every time, also about what costs nothing', async () => {
    expect(await attempt()).toBe('approval_required');
    expect(await attempt({ cost: 0 })).toBe('approval_required');
    expect(runs).toStrictEqual([]);
  });
});

describe('on a leash', () => {
  it.each([
    [4, 'ok'],
    [5, 'ok'],
    [6, 'approval_required'],
  ])('of 5, %i units at once: %s', async (cost, expected) => {
    await setLeash(5);
    expect(await attempt({ cost })).toBe(expected);
    expect(await usedToday()).toBe(expected === 'ok' ? cost : 0);
  });

  it('units add up to it, and what is refused for being too much takes nothing', async () => {
    await setLeash(5);
    expect(await attempt({ cost: 3 })).toBe('ok');
    expect(await attempt({ cost: 3 })).toBe('approval_required');
    expect(await attempt({ cost: 2 })).toBe('ok');
    expect(await attempt({ cost: 1 })).toBe('approval_required');
    expect(await attempt({ cost: 0 })).toBe('ok');
    expect(await usedToday()).toBe(5);
    expect(await world.must(accountShow, {}, person)).toMatchObject({ leash: 5, leash_used: 5 });
    expect(runs).toHaveLength(3);
  });

  it('leaves an approval and the audit of a use, as any other attempt does', async () => {
    await setLeash(5);
    expect(await attempt({ tag: 'boat', cost: 2 })).toBe('ok');
    const [row, ...more] = await rowsOf('leash');
    expect(more).toStrictEqual([]);
    expect(row).toMatchObject({
      operation: 'thing_spend',
      input: { tag: 'boat', cost: 2, open: 'private' },
      preview: { title: 'boat', cost: 2 },
      surface: 'mcp',
      status: 'used',
      choices: {},
      decidedAt: world.now(),
      usedAt: world.now(),
    });
    const audited = await world.app.database.db
      .select({ outcome: auditLog.outcome, approvalId: auditLog.approvalId })
      .from(auditLog)
      .where(
        and(eq(auditLog.accountId, person.actor.accountId), eq(auditLog.operation, 'thing_spend')),
      );
    expect(audited.map(({ outcome }) => outcome)).toStrictEqual(['started', 'ok']);
    for (const { approvalId } of audited) expect(approvalId).toBe(row?.id);
  });

  it.each(['mcp', 'agent'] as const)('requests of %s go through', async (surface) => {
    await setLeash(1);
    expect(await attempt({ by: as(surface) })).toBe('ok');
  });

  it.each(['terminal', 'web', 'discord'] as const)('a person on %s is asked', async (surface) => {
    await setLeash(20);
    expect(await attempt({ by: as(surface) })).toBe('approval_required');
    expect(await usedToday()).toBe(0);
  });

  it.each(['publish', 'destroy'] as const)(
    '%s is asked about, whatever it costs',
    async (effect) => {
      await setLeash(20);
      for (const cost of [0, 1])
        for (const surface of ['mcp', 'agent'] as const) {
          const outcome = await perform(costly(effect), { tag: 'a', cost }, as(surface));
          expect(outcome).toMatchObject({ ok: false, fault: { code: 'approval_required' } });
        }
      expect(runs).toStrictEqual([]);
      expect(await usedToday()).toBe(0);
    },
  );

  it('counts for one account alone', async () => {
    await setLeash(1);
    const other = as('mcp', await world.context('terminal', 'without a leash'));
    expect(await attempt({ by: other })).toBe('approval_required');
    expect(await attempt()).toBe('ok');
  });

  it('that is made shorter or taken away asks again at once', async () => {
    await setLeash(5);
    expect(await attempt({ cost: 3 })).toBe('ok');
    await setLeash(3);
    expect(await attempt()).toBe('approval_required');
    await setLeash(4);
    expect(await attempt()).toBe('ok');
    await setLeash(0);
    expect(await attempt({ cost: 0 })).toBe('approval_required');
  });

  it('the fields that a person decides stay as they are safest', async () => {
    await setLeash(5);
    const outcome = await perform(operation, { tag: 'a' }, model);
    expect(outcome).toMatchObject({ ok: true, value: { open: 'private' } });
    expect(await perform(operation, { tag: 'a', open: 'public' }, model)).toMatchObject({
      fault: { code: 'invalid_input' },
    });
  });

  it('what fails afterwards has used it all the same', async () => {
    await setLeash(1);
    const broken: AnyOperation = { ...operation, run: () => Promise.reject(new Error('broken')) };
    expect(await perform(broken, { tag: 'a' }, model)).toMatchObject({
      fault: { code: 'internal' },
    });
    expect(await usedToday()).toBe(1);
    expect(await attempt()).toBe('approval_required');
  });

  it('what may have been carried out before is asked about', async () => {
    await setLeash(5);
    expect(await perform(operation, { tag: 'a' }, model, { isRepeat: true })).toMatchObject({
      fault: { code: 'approval_required' },
    });
  });
});

describe('a decision of the person', () => {
  it('that says no is respected for as long as it holds', async () => {
    const id = await ask('boat');
    await decide(id, false);
    await setLeash(5);
    expect(await attempt({ tag: 'boat' })).toBe('approval_refused');
    await world.advance(899);
    expect(await attempt({ tag: 'boat' })).toBe('approval_refused');
    expect(await attempt()).toBe('ok');
    await world.advance(1);
    expect(await attempt({ tag: 'boat' })).toBe('ok');
  });

  it('that says no stands also after the same went through on the leash', async () => {
    await setLeash(1);
    expect(await attempt({ tag: 'boat' })).toBe('ok');
    await decide(await ask('boat'), false);
    await setLeash(5);
    expect(await attempt({ tag: 'boat' })).toBe('approval_refused');
  });

  it('that says yes is used first and takes nothing off the leash', async () => {
    const id = await ask('boat');
    await decide(id, true);
    await setLeash(1);
    expect(await attempt({ tag: 'boat' })).toBe('ok');
    expect(await usedToday()).toBe(0);
    expect(await rowsOf('web')).toMatchObject([{ id, status: 'used' }]);
    expect(await attempt({ tag: 'boat' })).toBe('ok');
    expect(await usedToday()).toBe(1);
  });

  it('is not needed any more for a question that the leash has settled, and buys nothing', async () => {
    const id = await ask('boat');
    await setLeash(1);
    expect(await attempt({ tag: 'boat' })).toBe('ok');
    expect(await rowsOf('leash')).toMatchObject([{ id, status: 'used' }]);
    await expect(decide(id, true)).rejects.toMatchObject({ code: 'approval_not_valid' });
    expect(await attempt({ tag: 'boat' })).toBe('approval_required');
    expect(runs).toStrictEqual(['boat']);
  });

  it('stays open where the person has asked, whatever a model does on the leash', async () => {
    const own = await perform(operation, { tag: 'boat' }, person);
    if (own.ok || !isFault(own.fault, 'approval_required')) throw new Error('not asked');
    await setLeash(1);
    expect(await attempt({ tag: 'boat' })).toBe('ok');
    await decide(own.fault.params.id, true);
    expect(await attempt({ tag: 'boat', by: person })).toBe('ok');
    expect(runs).toStrictEqual(['boat', 'boat']);
  });

  it.each(['unknown', 'used', 'other input'])(
    'that is named and does not fit (%s) is not replaced by the leash',
    async (kind) => {
      const id = await ask('boat');
      await decide(id, true);
      await setLeash(20);
      if (kind === 'used') await perform(operation, { tag: 'boat' }, model, { approvalId: id });
      const tag = kind === 'other input' ? 'ship' : 'boat';
      const named = { approvalId: kind === 'unknown' ? 'apr_none' : id };
      expect(await perform(operation, { tag }, model, named)).toMatchObject({
        fault: { code: 'approval_not_valid' },
      });
      expect(await usedToday()).toBe(0);
    },
  );
});

describe('a day', () => {
  /** Lets the clock reach this time of the next day, in UTC. */
  const advanceTo = async (time: string) => {
    const next = new Date(`${world.now().toISOString().slice(0, 10)}T${time}Z`);
    const ahead = next.getTime() - world.now().getTime();
    await world.advance(ahead / 1000 + (ahead < 0 ? 86_400 : 0));
  };

  it.each([
    ['UTC', '23:59:59.999', '00:00:00.000'],
    ['Asia/Shanghai', '15:59:59.999', '16:00:00.000'],
    ['Asia/Kathmandu', '18:14:59.999', '18:15:00.000'],
  ])('in %s begins at midnight there', async (zone, before, midnight) => {
    await world.must(accountUpdate, { time_zone: zone, leash: 2 }, person);
    // On the day before, whatever the time is now.
    await advanceTo(midnight);
    expect(await attempt({ cost: 2 })).toBe('ok');
    await advanceTo(before);
    expect(await attempt()).toBe('approval_required');
    expect(await usedToday()).toBe(2);
    await advanceTo(midnight);
    expect(await usedToday()).toBe(0);
    expect(await attempt({ cost: 2 })).toBe('ok');
    expect(await attempt()).toBe('approval_required');
  });
});

describe('a hundred calls at once', () => {
  it.each(['each about its own', 'all about the same'])('%s: 10 of 10', async (kind) => {
    const second = openDatabase(world.databaseUrl, 10);
    for (let turn = 0; turn < 3; turn += 1) {
      await comeIn();
      await setLeash(10);
      const by = [model, { ...model, database: second }] as const;
      const all = await Promise.all(
        Array.from({ length: 100 }, (_, index) =>
          attempt({
            ...(kind === 'all about the same' ? { tag: `same ${number}` } : {}),
            by: by[index % 2] ?? model,
          }),
        ),
      );
      expect(all.filter((code) => code === 'ok')).toHaveLength(10);
      expect(all.filter((code) => code === 'approval_required')).toHaveLength(90);
      expect(runs).toHaveLength(10);
      expect(await usedToday()).toBe(10);
    }
    await second.close();
  });
});

describe('who may set it', () => {
  it.each([
    [-1, false],
    [0, true],
    [20, true],
    [21, false],
    [0.5, false],
  ])('a person to %d: %s', async (leash, isTaken) => {
    const outcome = await world.perform(accountUpdate, { leash }, person);
    const taken = { ok: true, value: { leash } };
    const refused = { ok: false, fault: { code: 'invalid_input', field: 'leash' } };
    expect(outcome).toMatchObject(isTaken ? taken : refused);
  });

  it.each(['mcp', 'agent'] as const)('never a model by %s', async (surface) => {
    const outcome = await perform(accountUpdate, { leash: 20, notices: true }, as(surface));
    expect(outcome).toMatchObject({ fault: { code: 'invalid_input' } });
    expect(await world.must(accountShow, {}, person)).toMatchObject({ leash: 0, notices: true });
  });
});

type Move =
  | { readonly do: 'spend'; readonly cost: number; readonly thing: number; readonly by: Surface }
  | { readonly do: 'decide'; readonly yes: boolean }
  | { readonly do: 'leash'; readonly units: number }
  | { readonly do: 'wait'; readonly hours: number };

const move: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('spend' as const),
      cost: fc.nat({ max: 4 }),
      thing: fc.nat({ max: 6 }),
      by: fc.constantFrom<Surface>('mcp', 'agent', 'mcp', 'agent', 'discord'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('decide' as const), yes: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('leash' as const),
      units: fc.constantFrom(0, 3, 10),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('wait' as const), hours: fc.constantFrom(0.1, 1, 9) }),
  },
);

describe('any mixture of attempts, decisions, settings and time', () => {
  it('never spends more on the leash in a day than it was set to, nor anything without a word', async () => {
    let onLeash = 0;
    let asked = 0;
    const property = fc.asyncProperty(
      fc.array(fc.array(move, { minLength: 1, maxLength: 8 }), { minLength: 3, maxLength: 8 }),
      fc.constantFrom('UTC', 'Asia/Shanghai', 'America/New_York'),
      async (rounds, zone) => {
        await comeIn();
        await world.must(accountUpdate, { time_zone: zone, leash: 3 }, person);
        let longest = 3;
        const open = new Set<string>();
        let approved = 0;
        const take = async (next: Move): Promise<void> => {
          if (next.do === 'spend') {
            const tag = `thing ${next.thing}`;
            const outcome = await perform(operation, { tag, cost: next.cost }, as(next.by));
            if (outcome.ok || !isFault(outcome.fault, 'approval_required')) return;
            open.add(outcome.fault.params.id);
            asked += 1;
          } else if (next.do === 'decide') {
            const [id] = open;
            if (id === undefined) return;
            open.delete(id);
            const isDone = await decide(id, next.yes).then(
              () => true,
              () => false,
            );
            if (isDone && next.yes) approved += 1;
          }
        };
        for (const round of rounds) {
          await Promise.all(round.map(take));
          for (const next of round) {
            if (next.do === 'wait') await world.advance(next.hours * 3600);
            if (next.do !== 'leash') continue;
            longest = Math.max(longest, next.units);
            await setLeash(next.units);
          }
        }
        const rows = await rowsOf('leash');
        const dayOf = (at: Date | null) =>
          at?.toLocaleDateString('en-CA', { timeZone: zone }) ?? '';
        const days = Map.groupBy(rows, ({ usedAt }) => dayOf(usedAt));
        for (const [, spent] of days) {
          const units = spent.map(({ preview }) => z.object({ cost: z.int() }).parse(preview).cost);
          expect(units.reduce((sum, cost) => sum + cost, 0)).toBeLessThanOrEqual(longest);
        }
        for (const { surface } of rows) expect(['mcp', 'agent']).toContain(surface);
        expect(runs.length - rows.length).toBeLessThanOrEqual(approved);
        expect(runs.length).toBeGreaterThanOrEqual(rows.length);
        onLeash += rows.length;
      },
    );
    await fc.assert(property, { numRuns: 25, seed: 20_261_123 });
    // Mixtures in which nothing goes through, or all does, would prove nothing.
    expect(onLeash).toBeGreaterThan(20);
    expect(asked).toBeGreaterThan(20);
  });
});

it('is nothing before somebody sets it', async () => {
  const { db } = world.app.database;
  const [row] = await db.select().from(accounts).where(eq(accounts.id, person.actor.accountId));
  expect(row?.leashUnits).toBe(0);
});
