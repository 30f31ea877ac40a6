import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { contextOfAccount } from '../core/account/acting.ts';
import type { Context, Surface } from '../core/context.ts';
import { isFault } from '../core/fault.ts';
import { perform } from '../core/operation.ts';
import { videoGenerate } from '../core/video/generate.ts';
import { approvals } from '../drizzle/schema/consent.ts';
import { keptOf } from '../test/kit/providers.ts';
import { createVisitor, goodPassword, signUp, type Visitor } from '../test/kit/visitor.ts';
import { createWorld, type World } from '../test/kit/world.ts';

let world: World;
let networks = 0;
let questions = 0;
const visit = (): Visitor => {
  networks += 1;
  return createVisitor(world.publicUrl, { network: `192.0.2.${networks}` });
};
const kim = 'kim@example.org';
let owner: Visitor;
let other: Visitor;
beforeAll(async () => {
  world = await createWorld({ settings: { TRUSTED_PROXIES: '1' } });
  [owner, other] = [visit(), visit()];
  await signUp(world, owner, kim);
  await signUp(world, other, 'thief@example.org');
});
afterAll(() => world.close());

const kimOn = async (surface: Surface): Promise<Context> => {
  const { accountId } = await keptOf(world, kim);
  const acting = { accountId: accountId ?? '', surface, signal: new AbortController().signal };
  return contextOfAccount(world.app, acting);
};

/** A question that is put to somebody from somewhere, and its link. */
async function asked(context: Context) {
  questions += 1;
  const wish = {
    prompt: `a paper boat sails down street ${questions}`,
    model: 'kling',
    seconds: 15,
  };
  const outcome = await perform(videoGenerate, wish, context);
  if (outcome.ok || !isFault(outcome.fault, 'approval_required'))
    throw new Error('nobody is asked');
  const { id, link } = outcome.fault.params;
  const { pathname, search, searchParams } = new URL(link ?? '');
  return { id, path: `${pathname}${search}`, action: pathname, sig: searchParams.get('sig') ?? '' };
}
const statusOf = async (id: string) => {
  const [row] = await world.app.database.db.select().from(approvals).where(eq(approvals.id, id));
  return row?.status;
};

const approve = ({ sig }: { readonly sig: string }) => ({ sig, decision: 'approve' });

describe.each(['mcp', 'agent'] as const)(
  'what a model asks by %s of somebody with a login',
  (surface) => {
    test('is decided by nobody who is signed out: they sign in and come back to it', async () => {
      const question = await asked(await kimOn(surface));
      const { path, action, id } = question;
      const visitor = visit();
      const posted = await visitor.post(action, approve(question));
      for (const page of [await visitor.open(path), posted]) {
        const { pathname, searchParams } = new URL(page.url);
        expect([pathname, searchParams.get('next')]).toEqual(['/sign-in', path]);
        expect(page.text).not.toContain('paper boat');
      }
      expect(await statusOf(id)).toBe('pending');
      const entered = { email: kim, password: goodPassword };
      const page = await visitor.press(posted, '/sign-in', entered);
      expect([page.url, page.text.includes('paper boat')]).toEqual([
        `${world.publicUrl}${path}`,
        true,
      ]);
      expect((await visitor.press(page, action, { decision: 'approve' })).status).toBe(200);
      expect(await statusOf(id)).toBe('approved');
    });

    test('is decided by nobody else, who is told nothing of it', async () => {
      const question = await asked(await kimOn(surface));
      const seen = [
        await other.open(question.path),
        await other.post(question.action, approve(question)),
      ];
      for (const { status, text } of seen)
        expect([status, text.includes('paper boat')]).toEqual([403, false]);
      expect(await statusOf(question.id)).toBe('pending');
    });

    test('is decided by the person, and by no form of another site', async () => {
      const question = await asked(await kimOn(surface));
      const evil = { origin: 'https://evil.example' };
      expect((await owner.post(question.action, approve(question), evil)).status).toBe(403);
      expect(await statusOf(question.id)).toBe('pending');
      const page = await owner.open(question.path);
      const after = await owner.press(page, question.action, { decision: 'decline' });
      expect([after.status, await statusOf(question.id)]).toEqual([200, 'declined']);
    });

    test('needs the link even so', async () => {
      const { id, action } = await asked(await kimOn(surface));
      expect((await owner.open(action)).status).toBe(403);
      expect((await owner.post(action, { sig: 'x', decision: 'approve' })).status).toBe(403);
      expect(await statusOf(id)).toBe('pending');
    });
  },
);

describe('the link is enough', () => {
  test.each(['terminal', 'discord'] as const)(
    'for what a person has asked on %s, with a login as well',
    async (surface) => {
      const question = await asked(await kimOn(surface));
      expect((await visit().open(question.path)).status).toBe(200);
      expect((await visit().post(question.action, approve(question))).status).toBe(200);
      expect(await statusOf(question.id)).toBe('approved');
    },
  );

  test.each(['mcp', 'agent'] as const)(
    'for what a model asks by %s of somebody who has no login',
    async (surface) => {
      const question = await asked(await world.context(surface, `without ${surface}`));
      const page = await visit().open(question.path);
      expect([page.status, page.text.includes('paper boat')]).toEqual([200, true]);
      expect((await visit().post(question.action, approve(question))).status).toBe(200);
      expect(await statusOf(question.id)).toBe('approved');
    },
  );
});
