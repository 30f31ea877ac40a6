import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { contextOfAccount } from '../core/account/acting.ts';
import { linkPageWords } from '../core/messages/link-page.ts';
import { accountLinks } from '../drizzle/schema/account-links.ts';
import { accountRow, everything, makeLink, mergeQuestions } from '../test/kit/linked-accounts.ts';
import { keptOf } from '../test/kit/providers.ts';
import { createVisitor, goodPassword, signUp, type Visitor } from '../test/kit/visitor.ts';
import { createWorld, type World } from '../test/kit/world.ts';

let world: World;
let people = 0;
beforeAll(async () => {
  world = await createWorld({ settings: { TRUSTED_PROXIES: '1' } });
});
afterAll(() => world.close());

const words = linkPageWords.en;
const visit = (language = 'en'): Visitor => {
  people += 1;
  return createVisitor(world.publicUrl, { language, network: `192.0.2.${people}` });
};

/** Somebody signed in, and the link that another account of theirs has made. */
async function linked(language = 'en') {
  const visitor = visit(language);
  const email = `person${people}@example.org`;
  await signUp(world, visitor, email);
  const from = await world.context('discord', `from${people}`);
  const { id, sig } = await makeLink(world, from);
  const { accountId } = await keptOf(world, email);
  const acting = { accountId: accountId ?? '', surface: 'web', signal: from.signal } as const;
  const to = await contextOfAccount(world.app, acting);
  const path = `/link/${id}?sig=${encodeURIComponent(sig)}`;
  return { visitor, email, from, to, id, sig, path, action: `/link/${id}` };
}
const statusOf = async (id: string) => {
  const [row] = await world.app.database.db
    .select()
    .from(accountLinks)
    .where(eq(accountLinks.id, id));
  return row?.status;
};

describe('the link of another account', () => {
  test('leads whoever is signed out to sign in, and back to it', async () => {
    const { email, path } = await linked();
    const visitor = visit();
    const asked = await visitor.open(path);
    expect(new URL(asked.url).pathname).toBe('/sign-in');
    const page = await visitor.press(asked, '/sign-in', { email, password: goodPassword });
    expect(page.url).toBe(`${world.publicUrl}${path}`);
    expect(page.text).toContain(words.onlyIfYours);
  });

  test('changes nothing by being looked at', async () => {
    const { visitor, path, id } = await linked();
    await visitor.open(path);
    const before = await everything(world);
    for (const _ of [1, 2]) expect((await visitor.open(path)).status).toBe(200);
    expect(await everything(world)).toBe(before);
    expect(await statusOf(id)).toBe('open');
  });

  test('accepted asks the other account, and nothing is one yet', async () => {
    const { visitor, path, action, from, to, id } = await linked();
    const after = await visitor.press(await visitor.open(path), action, { decision: 'accept' });
    expect([after.status, after.text.includes(words.asked.title)]).toEqual([200, true]);
    expect(await statusOf(id)).toBe('answered');
    const [question, ...others] = await mergeQuestions(world, from);
    expect(others).toEqual([]);
    expect(question).toMatchObject({ operation: 'account_merge', status: 'pending' });
    expect(await mergeQuestions(world, to)).toEqual([]);
    for (const one of [from, to]) expect((await accountRow(world, one)).mergedInto).toBeNull();
    // It is used up.
    const again = await visitor.post(action, { sig: 'x', decision: 'accept' });
    expect(again.status).toBe(403);
    expect((await visitor.open(path)).status).toBe(403);
  });

  test('declined is void, and nobody is asked', async () => {
    const { visitor, path, action, from, id } = await linked();
    const after = await visitor.press(await visitor.open(path), action, { decision: 'decline' });
    expect([after.status, after.text.includes(words.declined.title)]).toEqual([200, true]);
    expect([await statusOf(id), await mergeQuestions(world, from)]).toEqual(['declined', []]);
  });

  test('is answered by nothing but the form of its own page and its own session', async () => {
    const [mine, theirs] = [await linked(), await linked()];
    const page = await mine.visitor.open(mine.path);
    const csrf = /name="csrf" value="([^"]*)"/u.exec(page.text)?.[1] ?? '';
    const good = { csrf, sig: mine.sig, decision: 'accept' };
    const evil = { origin: 'https://evil.example' };
    for (const [fields, headers] of [
      [{ ...good, csrf: '' }, {}],
      [{ ...good, csrf: 'x' }, {}],
      [{ ...good, sig: 'x' }, {}],
      [{ ...good, sig: theirs.sig }, {}],
      [{ ...good, decision: 'perhaps' }, {}],
      [good, evil],
      [good, { 'sec-fetch-site': 'cross-site' }],
    ] as const)
      expect((await mine.visitor.post(mine.action, fields, headers)).status).toBe(403);
    // The field of somebody else's session, and nobody's session.
    expect((await theirs.visitor.post(mine.action, good)).status).toBe(403);
    const nobody = await visit().post(mine.action, good);
    expect(new URL(nobody.url).searchParams.get('next')).toBe(mine.path);
    expect(await statusOf(mine.id)).toBe('open');
    expect((await mine.visitor.post(mine.action, good)).status).toBe(200);
  });

  test('is refused when it is forged, or of the account that has made it', async () => {
    const { visitor, id, sig, from, to } = await linked();
    const others = [
      `/link/${id}?sig=x`,
      `/link/lnk_x?sig=${encodeURIComponent(sig)}`,
      `/link/${id}`,
    ];
    for (const path of others) expect((await visitor.open(path)).status).toBe(403);
    const own = await makeLink(world, to);
    const page = await visitor.open(`/link/${own.id}?sig=${encodeURIComponent(own.sig)}`);
    expect([page.status, await statusOf(own.id)]).toEqual([400, 'open']);
    expect(await mergeQuestions(world, from)).toEqual([]);
  });

  test('speaks the language of the account', async () => {
    const { visitor, path, action } = await linked('zh-CN');
    const page = await visitor.open(path);
    expect(page.text).toContain(linkPageWords.zh.onlyIfYours);
    const after = await visitor.press(page, action, { decision: 'decline' });
    expect(after.text).toContain(linkPageWords.zh.declined.title);
  });

  test('is good for a quarter of an hour', async () => {
    const { visitor, path } = await linked();
    await world.advance(15 * 60 - 1);
    expect((await visitor.open(path)).status).toBe(200);
    await world.advance(1);
    expect((await visitor.open(path)).status).toBe(403);
  });
});
