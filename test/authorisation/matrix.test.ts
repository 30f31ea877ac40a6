import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Context } from '../../core/context.ts';
import { viewFault } from '../../core/fault-view.ts';
import { perform, type AnyOperation, type Outcome } from '../../core/operation.ts';
import { operations } from '../../core/operations.ts';
import { quotaShow } from '../../core/quota/show.ts';
import { wallets } from '../../drizzle/schema/quota.ts';
import { readAll } from './alone.ts';
import { idCells, isPlain, plainInput, policyOf } from './cells.ts';
import { hashRows, tablesOf } from './rows.ts';
import { openScene, othersThan, type Party, type Scene } from './scene.ts';
import { leaksOfAll } from './secrets.ts';

let scene: Scene;
let calls = 0;
beforeAll(async () => {
  scene = await openScene();
});
afterAll(() => scene.close());

const others = ['neighbour', 'newcomer'] as const;

/** These first: a checkout that is open, and a newer link, stand in their way. */
const first = ['account_delete', 'account_merge'];
const inTurn = [
  ...operations.filter(({ name }) => first.includes(name)),
  ...operations.filter(({ name }) => !first.includes(name)),
];

/** What comes of a call that names nothing of anybody else's. */
function codeFor(operation: AnyOperation, { name, has }: Party): string {
  // Whoever has a video that is being made is told of it before they leave.
  if (operation.name === 'account_delete' && has) return 'deletion_running';
  const { own, others: refusal = own } = policyOf(operation);
  return name === 'owner' ? own : refusal;
}

/** The chat server of a request: for others, what they read is from another one than the owner's. */
function contextFor(operation: AnyOperation, { name, context, has }: Party): Context {
  if (policyOf(operation).besides !== 'server') return context;
  const isOwner = name === 'owner';
  const away = has?.serverId ?? '100000000000000009';
  const serverId = isOwner || operation.effect !== 'read' ? scene.owner.has.serverId : away;
  const actor = { ...context.actor, surface: 'discord', serverId } as const;
  return { ...context, actor: { ...actor, isServerManager: isOwner } };
}

/** Everything that an outcome says, in both languages. */
const wordsOf = (operation: AnyOperation, outcome: Outcome): string =>
  JSON.stringify(
    outcome.ok
      ? [outcome.value, outcome.text, operation.say(outcome.value, 'zh')]
      : [viewFault(outcome.fault, 'en'), viewFault(outcome.fault, 'zh'), outcome.fault.params],
  );

/** Performs as the party, and holds the answer against what the others keep to themselves. */
async function callAs(party: Party, operation: AnyOperation, input: object) {
  calls += 1;
  const outcome = await perform(operation, input, contextFor(operation, party));
  const words = wordsOf(operation, outcome);
  expect(leaksOfAll(words, JSON.stringify(input), othersThan(scene, party))).toEqual([]);
  const { code, field = null } = outcome.ok ? { code: 'ok' } : outcome.fault;
  return { code, field, words };
}

describe(`${operations.length} operations x 3 accounts`, () => {
  afterAll(() => void process.stdout.write(`authorisation: ${calls} calls of operations\n`));

  test('no row of one account names another', () => {
    const { owner, neighbour, newcomer } = scene;
    const all = [owner, neighbour, newcomer].flatMap(({ ids }) => ids);
    expect(new Set(all).size).toBe(all.length);
    expect(owner.ids.length).toBeGreaterThan(30);
  });

  test('who has nothing reads the same as when there was nobody else', async () => {
    const { readAlone, newcomer, pictureUrl } = scene;
    expect(readAlone.size).toBeGreaterThan(10);
    const answers = await readAll(newcomer.context, pictureUrl);
    const changed = [...answers].filter(([name, answer]) => readAlone.get(name) !== answer);
    expect(changed).toEqual([]);
  });

  test('everybody is shown the quota of their own wallet', async () => {
    const rows = await scene.world.app.database.db.select().from(wallets);
    expect(new Set(rows.map(({ available }) => available)).size).toBeGreaterThan(1);
    for (const { context } of [scene.owner, scene.neighbour, scene.newcomer]) {
      const own = rows.find(({ accountId }) => accountId === context.actor.accountId);
      const outcome = await perform(quotaShow, {}, context);
      expect(outcome).toMatchObject({ ok: true, value: { available: own?.available } });
    }
  });

  describe.each(others)('%s', (name) => {
    let before: Record<string, string>;
    beforeAll(async () => {
      before = await hashRows(scene.world, scene.owner.ids);
    });
    afterAll(async () => {
      expect(await hashRows(scene.world, scene.owner.ids)).toEqual(before);
    });

    test.each(inTurn.filter((one) => policyOf(one).ids))(
      'finds nothing of the owner by $name',
      async (operation) => {
        const party = scene[name];
        const requests = scene.outside();
        const cells = idCells(scene, operation, party, scene.owner);
        expect(cells.length).toBeGreaterThan(0);
        for (const { field, id, input, twinId, twin } of cells) {
          const answer = await callAs(party, operation, input);
          // Who has nothing may be told of another field first.
          const told = party.has ? answer.field : field;
          expect([answer.code, told]).toEqual(['not_found', field]);
          const { words } = await callAs(party, operation, twin);
          expect(answer.words.replaceAll(id, twinId)).toBe(words);
        }
        expect(scene.outside()).toEqual(requests);
      },
    );

    test.each(inTurn.filter(isPlain))(
      'reads nothing of the owner by $name without an id',
      async (operation) => {
        const input = plainInput(scene, operation);
        const code = codeFor(operation, scene[name]);
        expect(await callAs(scene[name], operation, input ?? {})).toMatchObject({ code });
      },
    );
  });

  test('what is told apart by hashes is nearly everything there is', async () => {
    const tables = await tablesOf(scene.world, scene.owner.ids);
    expect(tables.length).toBeGreaterThan(25);
    const before = await hashRows(scene.world, scene.owner.ids);
    await scene.world.app.database.sql`update watches set min_score = min_score - 1`;
    const { watches, ...rest } = await hashRows(scene.world, scene.owner.ids);
    expect(watches).not.toBe(before['watches']);
    expect({ ...rest, watches: before['watches'] }).toEqual(before);
  });

  test.each(inTurn)('the owner is not kept out by $name', async (operation) => {
    const input = plainInput(scene, operation);
    const cells = idCells(scene, operation, scene.owner, scene.owner);
    const codes = new Set<string>();
    for (const one of [...(input ? [input] : []), ...cells.map((cell) => cell.input)])
      codes.add((await callAs(scene.owner, operation, one)).code);
    expect(codes).toContain(codeFor(operation, scene.owner));
    expect(codes).not.toContain('not_found');
  });
});
