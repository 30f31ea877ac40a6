import { and, asc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { accountLinks } from '../../drizzle/schema/account-links.ts';
import { notices } from '../../drizzle/schema/chat.ts';
import { approvals } from '../../drizzle/schema/consent.ts';
import { identities } from '../../drizzle/schema/people.ts';
import { makeReadyVideo } from '../../test/kit/trips.ts';
import {
  acceptedLink,
  accountRow,
  askMerge,
  brokenRules,
  buyPack,
  endOf,
  everything,
  faultCode,
  link,
  makeLink,
  mergeQuestions,
  walletRow,
} from '../../test/kit/linked-accounts.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import { decideApproval } from '../consent/decide.ts';
import { approvalLink } from '../consent/link.ts';
import type { Context } from '../context.ts';
import { perform } from '../operation.ts';
import { quotaHistory } from '../quota/history.ts';
import { quotaShow } from '../quota/show.ts';
import { videoList } from '../video/list.ts';
import { answerLink, readLink } from './answer.ts';
import { accountLink } from './link.ts';
import { accountMerge } from './merge.ts';
import { openAccount } from './open.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

let pairs = 0;
let names: { readonly from: string; readonly to: string };
/** The account in the chat, which is the older one, and the one in the browser. */
let from: Context;
let to: Context;
beforeEach(async () => {
  pairs += 1;
  names = { from: `from ${pairs}`, to: `to ${pairs}` };
  from = await world.context('discord', names.from);
  await world.advance(1);
  to = await world.context('web', names.to);
});

const merged = async (context: Context) => (await accountRow(world, context)).mergedInto;
const answer = (made: { id: string; sig: string }, by: Context, accept = true) =>
  answerLink(world.app, { ...made, accountId: by.actor.accountId, accept });
const look = (made: { id: string; sig: string }, by: Context) =>
  readLink(world.app, { ...made, accountId: by.actor.accountId });

describe('linking', () => {
  test('goes from the link over the answer to the confirmation', async () => {
    await world.app.database.db.insert(identities).values({
      provider: 'discord',
      subject: `9${pairs}`,
      accountId: from.actor.accountId,
      createdAt: world.now(),
    });
    await buyPack(world, to.actor.accountId, 30);
    const outcome = await perform(accountLink, {}, from);
    expect(outcome).toMatchObject({
      ok: true,
      value: { url: expect.stringMatching(/\/link\/lnk_\w+\?sig=[\w-]{43}$/) },
    });
    const made = await makeLink(world, from);
    const before = await everything(world);
    expect(await look(made, to)).toMatchObject({
      fromId: from.actor.accountId,
      fromName: names.from,
      plan: {
        stays: { name: names.from, providers: ['discord', 'local'] },
        goes: { name: names.to, providers: ['local'] },
        units: { moved: 30, expired: 100, available: 130, packs: 30 },
      },
    });
    expect(await everything(world)).toBe(before);

    const answered = await answer(made, to);
    expect(answered).toEqual({ outcome: 'asked', fromName: names.from });
    const [question] = await mergeQuestions(world, from);
    expect(question).toMatchObject({
      operation: 'account_merge',
      status: 'pending',
      approverId: from.actor.accountId,
      input: { link: made.id },
      preview: {
        cost: 0,
        title: `Make one account of this one and "${names.to}", for good`,
        lines: [
          ['The other account', `${names.to} (the terminal)`],
          ['This account', `${names.from} (Discord, the terminal)`],
          ['Stays', names.from],
          ['Becomes part of it', names.to],
          ['Moves along', expect.stringContaining('videos: 0')],
          ['Quota that moves', '30'],
          ['Quota that ends', '100; of two free months only the larger stays'],
          ['Quota afterwards', '130 (30 of them from packs)'],
        ],
      },
    });
    const told = await world.app.database.db
      .select()
      .from(notices)
      .where(eq(notices.accountId, from.actor.accountId));
    expect(told).toMatchObject([{ kind: 'approval_asked', subjectId: question?.id }]);
    // Who accepted holds nothing with which to confirm.
    const secret = approvalLink(world.app, question?.id ?? '') ?? 'none';
    expect(JSON.stringify(answered)).not.toContain(new URL(secret).searchParams.get('sig'));
    expect(await merged(to)).toBeNull();

    const id = question?.id ?? '';
    const by = from.actor.accountId;
    await decideApproval(world.app, { id, approved: true, by, surface: 'discord' });
    expect(await merged(to)).toBeNull();
    const done = await perform(accountMerge, { link: made.id }, from, { approvalId: id });
    expect(done).toMatchObject({
      ok: true,
      value: { account: by, name: names.from, merged: to.actor.accountId, available: 130 },
      text: `Your accounts are one now: "${names.from}", with 130 quota left.`,
    });
    expect(await merged(to)).toBe(by);
    expect(await walletRow(world, from)).toMatchObject({ available: 130, lasting: 30 });
    expect(await walletRow(world, to)).toMatchObject({
      available: 0,
      given: 30,
      expired: 100,
      periodEnd: null,
      mergedInto: by,
    });
    expect(await brokenRules(world)).toEqual([]);
  });

  test('leads every way of signing in to the account that stays, with its videos and history', async () => {
    await makeReadyVideo(world, names.to);
    await link(world, from, to);
    const again = await openAccount(
      world.app,
      { provider: 'local', subject: names.to },
      { displayName: 'x', locale: 'en' },
    );
    expect(again.id).toBe(from.actor.accountId);
    expect(await world.must(videoList, {}, from)).toMatchObject({
      videos: [{ prompt: 'a paper boat sails down a rainy street' }],
    });
    const { entries } = await world.must(quotaHistory, {}, from);
    // Oldest first: both gifts, the video, then what became one.
    const line = { paid_by: 'person' };
    expect(entries).toMatchObject(
      [
        { ...line, verb: 'grant', purpose: 'the welcome gift', balance: 100 },
        { ...line, verb: 'grant', purpose: 'the welcome gift', balance: 200 },
        { ...line, verb: 'hold', balance: 199 },
        { ...line, verb: 'capture', balance: 199 },
        { ...line, verb: 'expire', purpose: 'the second of two free months', balance: 100 },
      ].toReversed(),
    );
    expect(await world.must(quotaShow, {}, from)).toMatchObject({
      available: 100,
      used_this_month: 1,
      months: [{}, {}, {}, {}, {}, { used: 1, granted: 200 }],
    });
    expect(await brokenRules(world)).toEqual([]);
  });

  test('keeps the older account whichever of the two asks', async () => {
    const outcome = await link(world, to, from);
    expect(outcome).toMatchObject({
      text: `Your accounts are one now. This one is part of "${names.from}", which has 100 quota left.`,
    });
    expect(await merged(to)).toBe(from.actor.accountId);
    expect(await merged(from)).toBeNull();
  });

  test('takes along what was merged before', async () => {
    await world.advance(1);
    const third = await world.context('web', `third ${pairs}`);
    await buyPack(world, third.actor.accountId, 7);
    await link(world, to, third);
    await link(world, from, to);
    expect(await merged(third)).toBe(from.actor.accountId);
    expect(await walletRow(world, third)).toMatchObject({ mergedInto: from.actor.accountId });
    expect(await walletRow(world, from)).toMatchObject({ available: 107, lasting: 7 });
    expect(await world.must(quotaHistory, {}, from)).toMatchObject({
      entries: expect.arrayContaining([expect.objectContaining({ verb: 'grant', amount: 7 })]),
    });
    expect(await brokenRules(world)).toEqual([]);
  });
});

describe('nothing happens', () => {
  test('on the word of one side only', async () => {
    const made = await makeLink(world, from);
    expect(await askMerge(from, made.id)).toBe('not_ready');
    await answer(made, to);
    await world.drain();
    expect([await merged(from), await merged(to)]).toEqual([null, null]);
    // The side that has accepted cannot confirm as well.
    expect(await askMerge(to, made.id)).toBe('not_found');
    const [question] = await mergeQuestions(world, from);
    const forged = { id: question?.id ?? '', approved: true, by: to.actor.accountId } as const;
    expect(await faultCode(decideApproval(world.app, { ...forged, surface: 'web' }))).toBe(
      'approval_not_valid',
    );
    expect([await merged(from), await merged(to)]).toEqual([null, null]);
  });

  test('when the other side declines', async () => {
    const made = await makeLink(world, from);
    expect(await answer(made, to, false)).toMatchObject({ outcome: 'declined' });
    expect(await mergeQuestions(world, from)).toEqual([]);
    expect(await askMerge(from, made.id)).toBe('link_not_valid');
    expect(await faultCode(answer(made, to))).toBe('link_not_valid');
  });

  test('when the person who asked declines', async () => {
    const id = await acceptedLink(world, from, to);
    const [question] = await mergeQuestions(world, from);
    const approvalId = question?.id ?? '';
    const no = { id: approvalId, approved: false, by: from.actor.accountId } as const;
    await decideApproval(world.app, { ...no, surface: 'discord' });
    const outcome = await perform(accountMerge, { link: id }, from, { approvalId });
    expect(endOf(outcome)).toBe('approval_not_valid');
    expect([await merged(from), await merged(to)]).toEqual([null, null]);
  });

  test('with a link that was used, forged, replaced or too old', async () => {
    const first = await makeLink(world, from);
    const made = await makeLink(world, from);
    const forged = { id: made.id, sig: first.sig };
    for (const wrong of [first, forged, { ...made, sig: '' }, { ...made, id: 'lnk_none' }]) {
      expect(await faultCode(look(wrong, to))).toBe('link_not_valid');
      expect(await faultCode(answer(wrong, to))).toBe('link_not_valid');
    }
    await answer(made, to);
    for (const by of [to, from, await world.context('web', 'somebody')])
      expect(await faultCode(answer(made, by))).toBe('link_not_valid');
    const late = await makeLink(world, from);
    await world.advance(15 * 60);
    expect(await faultCode(look(late, to))).toBe('link_not_valid');
    expect(await faultCode(answer(late, to))).toBe('link_not_valid');
  });

  test('when the confirmation comes too late, or the accepted link was replaced', async () => {
    const late = await acceptedLink(world, from, to);
    await world.advance(15 * 60);
    expect(await askMerge(from, late)).toBe('link_not_valid');
    const replaced = await acceptedLink(world, from, to);
    const approvalId = await askMerge(from, replaced);
    await makeLink(world, from);
    const by = from.actor.accountId;
    await decideApproval(world.app, { id: approvalId, approved: true, by, surface: 'discord' });
    const outcome = await perform(accountMerge, { link: replaced }, from, { approvalId });
    expect(endOf(outcome)).toBe('link_not_valid');
    expect(await merged(to)).toBeNull();
  });

  test('with one’s own link', async () => {
    const made = await makeLink(world, from);
    expect(await faultCode(look(made, from))).toBe('merge_same_account');
    expect(await faultCode(answer(made, from))).toBe('merge_same_account');
  });

  test('a second time', async () => {
    const id = await acceptedLink(world, from, to);
    const approvalId = await askMerge(from, id);
    const by = from.actor.accountId;
    await decideApproval(world.app, { id: approvalId, approved: true, by, surface: 'discord' });
    const confirm = () => perform(accountMerge, { link: id }, from, { approvalId });
    const ends = (await Promise.all([confirm(), confirm(), confirm()])).map(endOf);
    expect(ends.filter((end) => end === 'ok')).toHaveLength(1);
    const before = await everything(world);
    expect(endOf(await confirm())).toBe('link_not_valid');
    expect(await everything(world)).toBe(before);
    const [row] = await world.app.database.db
      .select()
      .from(accountLinks)
      .where(eq(accountLinks.id, id));
    expect(row).toMatchObject({ status: 'done', staysAccount: from.actor.accountId });
    const used = await world.app.database.db
      .select()
      .from(approvals)
      .where(and(eq(approvals.accountId, by), eq(approvals.status, 'used')))
      .orderBy(asc(approvals.id));
    expect(used.map((one) => one.id)).toEqual([approvalId]);
    expect(await brokenRules(world)).toEqual([]);
  });
});
