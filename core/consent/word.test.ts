import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

import { notices } from '../../drizzle/schema/chat.ts';
import { approvals } from '../../drizzle/schema/consent.ts';
import { identities } from '../../drizzle/schema/people.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import { accountUpdate } from '../account/update.ts';
import type { Context, Surface } from '../context.ts';
import { isFault } from '../fault.ts';
import { perform, type PerformOptions } from '../operation.ts';
import { videoGenerate } from '../video/generate.ts';
import { decideApproval } from './decide.ts';

let world: World;
let number = 0;
let person: Context;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  person = await world.context('terminal', `person ${(number += 1)}`);
});

const comeToDiscord = () =>
  world.app.database.db.insert(identities).values({
    provider: 'discord',
    subject: `discord${number}`,
    accountId: person.actor.accountId,
    createdAt: world.now(),
  });
const told = async () => {
  const rows = await world.app.database.db
    .select({ subjectId: notices.subjectId })
    .from(notices)
    .where(and(eq(notices.accountId, person.actor.accountId), eq(notices.kind, 'approval_asked')));
  return rows.map(({ subjectId }) => subjectId);
};
const wish = { prompt: 'A paper boat crosses the quiet city' };
async function ask(
  surface: Surface,
  input: object = wish,
  options: PerformOptions = {},
): Promise<string> {
  const context = { ...person, actor: { ...person.actor, surface } };
  const outcome = await perform(videoGenerate, input, context, options);
  if (outcome.ok) return 'ok';
  if (isFault(outcome.fault, 'approval_required')) return outcome.fault.params.id;
  throw outcome.fault;
}

it('is left once for each question of a program, however often it is asked', async () => {
  await comeToDiscord();
  const all = await Promise.all(Array.from({ length: 20 }, () => ask('mcp')));
  const [id = ''] = all;
  expect(new Set(all)).toStrictEqual(new Set([id]));
  expect(await told()).toStrictEqual([id]);
  const other = await ask('mcp', { ...wish, seconds: 60 });
  expect(await told()).toStrictEqual([id, other]);
  // What has expired is a new question.
  await world.advance(15 * 60);
  const again = await ask('mcp');
  expect(await told()).toStrictEqual([id, other, again]);
});

it.each(['agent', 'discord', 'terminal', 'web'] as const)(
  'is not left where %s asks, whose person is asked there',
  async (surface) => {
    await comeToDiscord();
    await ask(surface);
    expect(await told()).toStrictEqual([]);
  },
);

it('is not left for somebody who is not in Discord: nothing else changes for them', async () => {
  const id = await ask('mcp');
  expect(await told()).toStrictEqual([]);
  const by = person.actor.accountId;
  await decideApproval(world.app, { id, approved: true, by, surface: 'web' });
  expect(await ask('mcp')).toBe('ok');
});

it('is not left where the surface puts the question itself', async () => {
  await comeToDiscord();
  await ask('mcp', wish, { asksItself: true });
  expect(await told()).toStrictEqual([]);
});

it('is not left about what needs no question', async () => {
  await comeToDiscord();
  await world.must(accountUpdate, { leash: 1 }, person);
  expect(await ask('mcp')).toBe('ok');
  expect(await told()).toStrictEqual([]);
});

it('is left with the question or not at all', async () => {
  await comeToDiscord();
  const { sql, db } = world.app.database;
  await sql`alter table notices add constraint broken check (kind <> 'approval_asked') not valid`;
  await expect(ask('mcp')).rejects.toMatchObject({ code: 'internal' });
  await sql`alter table notices drop constraint broken`;
  const rows = await db
    .select()
    .from(approvals)
    .where(eq(approvals.accountId, person.actor.accountId));
  expect(rows).toStrictEqual([]);
  const id = await ask('mcp');
  expect(await told()).toStrictEqual([id]);
});
