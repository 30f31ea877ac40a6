import { fc } from '@fast-check/vitest';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';

import { approvals } from '../../drizzle/schema/consent.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import { secondsAfter } from '../clock.ts';
import type { Context, Surface } from '../context.ts';
import { isFault } from '../fault.ts';
import { defineOperation, perform, type AnyOperation, type Effect } from '../operation.ts';
import { decideApproval, withdrawApproval } from './decide.ts';
import { approvalLink, isApprovalLink } from './link.ts';

let world: World;
let owner: Context;
let program: Context;
let stranger: Context;
const runs: string[] = [];
beforeAll(async () => {
  world = await createWorld();
  owner = await world.context('web', 'owner');
  program = await world.context('mcp', 'owner');
  stranger = await world.context('mcp', 'stranger');
});
afterAll(() => world.close());

function declare(name: `${string}_${string}`, effect: Effect): AnyOperation {
  return defineOperation({
    name,
    summary: { en: 'Do a thing.', zh: '做一件事。' },
    effect,
    audience: 'everyone',
    needs: [],
    input: z.object({
      tag: z.string().describe('Which thing'),
      size: z.int().default(1).describe('How big'),
      open: z.enum(['private', 'public']).default('private').describe('For whom'),
    }),
    decidedByPerson: ['open'],
    output: z.object({ done: z.string() }),
    preview: async ({ tag }) => ({ title: tag, lines: [], cost: 3 }),
    run: async ({ tag }) => {
      runs.push(tag);
      return { done: tag };
    },
    say: ({ done }) => done,
  });
}
const kinds = ['spend', 'publish', 'destroy'] as const;
const guarded = kinds.map((effect) => declare(`thing_${effect}`, effect));
const others = kinds.map((effect) => declare(`other_${effect}`, effect));

type Draw = {
  readonly kind: Forgery;
  readonly effect: number;
  readonly spot: number;
  readonly char: string;
  readonly amount: number;
  readonly surface: Surface;
};
type Scene = Draw & {
  readonly operation: AnyOperation;
  readonly input: { readonly tag: string; readonly size: number };
  /** Asked by the owner's program; not decided yet. */
  readonly id: string;
};
type Options = { readonly approvalId?: string };

/** One character is another one. */
const flip = (text: string, { spot, char }: Draw): string => {
  const at = spot % text.length;
  const put = text[at] === char ? '!' : char;
  return `${text.slice(0, at)}${put}${text.slice(at + 1)}`;
};
const use = (
  { operation, input, id }: Scene,
  change: {
    readonly by?: Context;
    readonly options?: Options;
    readonly operation?: AnyOperation;
    readonly input?: object;
  } = {},
): Promise<boolean> => {
  const options = change.options ?? { approvalId: id };
  const attempt = perform(
    change.operation ?? operation,
    change.input ?? input,
    change.by ?? program,
    options,
  );
  return attempt.then(({ ok }) => ok);
};
const decide = async (
  { id }: Scene,
  how: { readonly approved?: boolean; readonly by?: Context; readonly choices?: object } = {},
): Promise<boolean> => {
  const { approved = true, by = owner, choices = {} } = how;
  const decision = { id, approved, by: by.actor.accountId, surface: 'web' } as const;
  return decideApproval(world.app, { ...decision, choices: { ...choices } }).then(
    () => true,
    (error: unknown) => {
      if (isFault(error, 'approval_not_valid')) return false;
      throw error;
    },
  );
};
const later = (context: Context, seconds: number): Context => ({
  ...context,
  clock: { now: () => secondsAfter(world.now(), seconds) },
});
const dearer = (operation: AnyOperation, amount: number): AnyOperation => ({
  ...operation,
  preview: async ({ tag }) => ({ title: String(tag), lines: [], cost: 3 + amount }),
});

/** Each tries what nobody has approved and answers whether it was accepted. */
const forgeries = {
  'a changed id': async (scene: Scene) => {
    await decide(scene);
    return use(scene, { options: { approvalId: flip(scene.id, scene) } });
  },
  'a changed text': async (scene: Scene) => {
    await decide(scene);
    const input = { ...scene.input, tag: flip(scene.input.tag, scene) };
    return use(scene, { input });
  },
  'a changed text, unnamed': async (scene: Scene) => {
    await decide(scene);
    const input = { ...scene.input, tag: flip(scene.input.tag, scene) };
    return use(scene, { input, options: {} });
  },
  'a changed number': async (scene: Scene) => {
    await decide(scene);
    return use(scene, { input: { ...scene.input, size: scene.input.size + scene.amount } });
  },
  'a field that a person decides': async (scene: Scene) => {
    await decide(scene);
    return use(scene, { input: { ...scene.input, open: 'public' } });
  },
  'a changed price': async (scene: Scene) => {
    await decide(scene);
    return use(scene, { operation: dearer(scene.operation, scene.amount) });
  },
  'a changed price, unnamed': async (scene: Scene) => {
    await decide(scene);
    return use(scene, { operation: dearer(scene.operation, scene.amount), options: {} });
  },
  'another operation': async (scene: Scene) => {
    await decide(scene);
    const operation = others[scene.effect];
    return use(scene, operation ? { operation } : {});
  },
  'another effect': async (scene: Scene) => {
    await decide(scene);
    const operation = guarded[(scene.effect + 1) % guarded.length];
    return use(scene, operation ? { operation } : {});
  },
  'another account': async (scene: Scene) => {
    await decide(scene);
    const { surface } = scene;
    return use(scene, { by: { ...stranger, actor: { ...stranger.actor, surface } } });
  },
  'another account, unnamed': async (scene: Scene) => {
    await decide(scene);
    return use(scene, { by: stranger, options: {} });
  },
  'after it has expired': async (scene: Scene) => {
    await decide(scene);
    return use(scene, { by: later(program, 900 + scene.amount - 1) });
  },
  'used twice': async (scene: Scene) => {
    await decide(scene);
    if (!(await use(scene))) throw new Error('what was approved is refused');
    const [first, second] = await Promise.all([use(scene), use(scene, { options: {} })]);
    return first || second;
  },
  declined: async (scene: Scene) => {
    await decide(scene, { approved: false });
    return use(scene);
  },
  'declined, then approved': async (scene: Scene) => {
    await decide(scene, { approved: false });
    return (await decide(scene)) || use(scene);
  },
  'approved, then taken back': async (scene: Scene) => {
    await decide(scene);
    await withdrawApproval(world.app, { id: scene.id, by: owner.actor.accountId });
    return use(scene);
  },
  'not decided': (scene: Scene) => use(scene),
  'decided by another account': async (scene: Scene) =>
    (await decide(scene, { by: stranger })) || use(scene),
  'a forged link': async (scene: Scene) => {
    const link = new URL(approvalLink(world.app, scene.id) ?? '');
    const signature = link.searchParams.get('sig') ?? '';
    const isIdTaken = isApprovalLink(world.app, flip(scene.id, scene), signature);
    return isIdTaken || isApprovalLink(world.app, scene.id, flip(signature, scene));
  },
  'choices beside what a person decides': async (scene: Scene) => {
    await decide(scene, { choices: { open: 'public', size: scene.amount } });
    return use(scene);
  },
} as const satisfies Record<string, (scene: Scene) => Promise<boolean>>;
type Forgery = keyof typeof forgeries;

const isForgery = (name: string): name is Forgery => name in forgeries;
const draw: fc.Arbitrary<Draw> = fc.record({
  kind: fc.constantFrom(...Object.keys(forgeries).filter(isForgery)),
  effect: fc.nat({ max: kinds.length - 1 }),
  spot: fc.nat({ max: 1000 }),
  char: fc.constantFrom('0', '1', '9', 'a', 'b', 'k', 'z', '_', ' ', '-', 'A', 'Z', 'é', '爆'),
  amount: fc.integer({ min: 1, max: 1000 }),
  surface: fc.constantFrom<Surface>('mcp', 'agent', 'discord', 'web', 'terminal'),
});

async function stage(drawn: Draw, number: number): Promise<Scene> {
  const operation = guarded[drawn.effect] ?? declare('thing_none', 'spend');
  // No single change makes it that of another one.
  const input = { tag: `thing-${number}-${number}`, size: 1 };
  const outcome = await perform(operation, input, program);
  if (outcome.ok || !isFault(outcome.fault, 'approval_required')) throw new Error('not asked');
  return { ...drawn, operation, input, id: outcome.fault.params.id };
}

const statusOf = async (id: string) => {
  const { db } = world.app.database;
  const [row] = await db.select().from(approvals).where(eq(approvals.id, id));
  return row?.status;
};

it('of 1,000 mutated, replayed, expired and foreign approvals none is accepted', async () => {
  const draws = fc.sample(draw, { numRuns: 1000, seed: 20_261_123 });
  const tried: Record<string, number> = {};
  const accepted: string[] = [];
  let genuine = 0;
  const attempt = async (drawn: Draw, number: number): Promise<void> => {
    const { kind } = drawn;
    const scene = await stage(drawn, number);
    tried[kind] = (tried[kind] ?? 0) + 1;
    if (await forgeries[kind](scene)) accepted.push(`${kind} ${JSON.stringify(drawn)}`);
    // A forgery uses nothing up: what was really approved still goes through, once.
    if ((await statusOf(scene.id)) !== 'approved') return;
    if (await use(scene)) genuine += 1;
    if (await use(scene)) accepted.push(`${kind}, again`);
  };
  for (let begin = 0; begin < draws.length; begin += 10)
    await Promise.all(
      draws.slice(begin, begin + 10).map((drawn, index) => attempt(drawn, begin + index)),
    );
  expect(accepted).toStrictEqual([]);
  expect(tried).toMatchInlineSnapshot(`
    {
      "a changed id": 52,
      "a changed number": 58,
      "a changed price": 48,
      "a changed price, unnamed": 48,
      "a changed text": 53,
      "a changed text, unnamed": 43,
      "a field that a person decides": 52,
      "a forged link": 50,
      "after it has expired": 44,
      "another account": 54,
      "another account, unnamed": 51,
      "another effect": 49,
      "another operation": 52,
      "approved, then taken back": 55,
      "choices beside what a person decides": 48,
      "decided by another account": 51,
      "declined": 40,
      "declined, then approved": 53,
      "not decided": 61,
      "used twice": 38,
    }
  `);
  const all = Object.values(tried);
  expect(all).toHaveLength(Object.keys(forgeries).length);
  expect(all.reduce((sum, count) => sum + count, 0)).toBe(1000);
  // Only what was approved has run: by its person's word, once each.
  expect(runs).toHaveLength(genuine + (tried['used twice'] ?? 0));
  expect(new Set(runs).size).toBe(runs.length);
  expect(genuine).toBeGreaterThan(400);
}, 120_000);
