import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { booksNow, writeBooks } from '../../bench/ledger-books.ts';
import { copyDatabase } from '../../test/kit/database.ts';
import { openDatabase, type Database } from '../../drizzle/client.ts';
import { auditBooks, auditRules, auditWithin, type Audit } from './audit.ts';

let database: Database;
let drop: () => Promise<void>;
beforeAll(async () => {
  const copy = await copyDatabase();
  drop = copy.drop;
  database = openDatabase(copy.url, 2);
  await writeBooks(database.sql, { videos: 400, wallets: 20 });
});
afterAll(async () => {
  await database.close();
  await drop();
});

class Undone extends Error {}

/** What is found where `statements` have changed the tables behind everybody's back; nothing stays. */
async function auditAfter(statements: string): Promise<Audit> {
  let found: Audit | null = null;
  const planted = database.sql.begin(async (tx) => {
    await tx.unsafe('set local session_replication_role = replica');
    await tx.unsafe(statements);
    found = await auditWithin(tx, booksNow);
    throw new Undone();
  });
  await expect(planted).rejects.toThrow(Undone);
  if (found === null) throw new Error('nothing was audited');
  return found;
}

const movement = `insert into quota_transfers
  (at, wallet_id, verb, debit, credit, amount, lasting, reference, key, request_hash) values`;
const attempt = `insert into shot_attempts (id, shot_id, number, status, created_at) values`;
const retry = `insert into videos (id, account_id, quote_id, root_id, prompt, model, seconds, shape, quota,
  status, created_at) values`;

/** What is done to the books, and the row that the rule names then. vid_5: came late; vid_8: ready. */
const plants: Readonly<Record<string, readonly [change: string, row: string]>> = {
  'a movement goes between the two sides of its verb': [
    `${movement} (now(), 'acc_0', 'grant', 'thin air', 'pocket', 1, 0, 'x', 'x', '-');
     update quota_transfers set id = 9000001 where key = 'x'`,
    '9000001',
  ],
  'a movement is of whole units, of which no more last than move': [
    `${movement} (now(), 'acc_0', 'grant', 'source', 'available', 0, 0, 'x', 'x', '-');
     update quota_transfers set id = 9000001 where key = 'x'`,
    '9000001',
  ],
  'a key moves once': [
    `alter table quota_transfers drop constraint quota_transfers_key;
     update quota_transfers set key = 'sign-up:acc_0' where key = 'sign-up:acc_1'`,
    'sign-up:acc_0',
  ],
  'a movement is in a wallet that exists': [
    `${movement} (now(), 'nobody', 'grant', 'source', 'available', 1, 0, 'x', 'x', '-');
     update quota_transfers set id = 9000001 where key = 'x'`,
    '9000001',
  ],
  'no balance was ever below zero': [
    `update quota_transfers set id = 9000001 where key = 'sign-up:acc_1';
     update quota_transfers set id = 9000002 where key = 'invoice:buy_1'`,
    'acc_1',
  ],
  'a wallet is what its journal adds up to': [
    `update wallets set spent = spent + 1, granted = granted + 1 where id = 'acc_3'`,
    'acc_3',
  ],
  'a wallet has one owner, and a month that ends after it has begun': [
    `update wallets set period_end = period_start - interval '1 second' where id = 'acc_3'`,
    'acc_3',
  ],
  'the wallet of a server holds packs and has no months': [
    `update wallets set period_start = now(), period_end = now() + interval '1 month' where id = 'srv_4'`,
    'srv_4',
  ],
  'what one wallet gives another one receives': [
    `update quota_transfers set reference = 'srv_8' where key = 'fund:4:in';
     update quota_transfers set id = 9000001 where key = 'fund:4'`,
    '9000001',
  ],
  'a wallet that was merged is empty, and its account went where it went': [
    `update accounts set merged_into = 'acc_2' where id = 'acc_3'`,
    'acc_3',
  ],
  'units merge out of a wallet that was merged, and out of no other': [
    `update quota_transfers set reference = 'merge:x' where key in ('fund:4', 'fund:4:in');
     update quota_transfers set id = 9000001 where key = 'fund:4'`,
    '9000001',
  ],
  'a hold is in the state that its movements leave it in': [
    `update quota_holds set settled_at = null where reference = 'vid_8'`,
    'vid_8',
  ],
  'a settlement moves what was held, in the wallet that holds it': [
    `update quota_holds set lasting = 1 where reference = 'vid_8';
     update quota_transfers set lasting = 1 where key = 'hold:vid_8';
     update wallets set lasting = lasting - 1 where id = 'acc_8';
     update quota_transfers set id = 9000001 where key = 'capture:vid_8'`,
    '9000001',
  ],
  'a first video has a hold of its price by its person, and nothing else has one': [
    `update videos set quota = 2 where id = 'vid_8'`,
    'vid_8',
  ],
  'a hold is settled as the end of its video says': [
    `update videos set status = 'failed', failure = 'provider_failed' where id = 'vid_8'`,
    'vid_8',
  ],
  'a video that was cancelled is free only where no provider had begun': [
    `${attempt} ('late', 'shot_vid_1', 1, 'failed', now())`,
    'vid_1',
  ],
  'a first video is compensated once: by one free retry, or by a refund': [
    `${retry} ('third', 'acc_6', 'quo', 'vid_6', 'a fox', 'kling', 5, '9:16', 0, 'failed', now())`,
    'vid_6',
  ],
  'a free retry costs nothing and is made for the person of its first video': [
    `update videos set quota = 1 where id = 'again_vid_6'`,
    'again_vid_6',
  ],
  'a video that is ready has clips, and all that it is made of is delivered': [
    `update shots set status = 'failed' where id = 'shot_vid_8'`,
    'vid_8',
  ],
  'a shot that is delivered was made for it, or kept for a free retry': [
    `update shot_attempts set status = 'failed' where id = 'att_vid_8'`,
    'shot_vid_8',
  ],
  'a shot is out at a provider once at a time': [
    `${attempt} ('second', 'shot_vid_7', 2, 'unknown', now())`,
    'shot_vid_7',
  ],
  'a shot is paid for three times at the most': [
    `${attempt} ('a', 'shot_vid_8', 2, 'failed', now()), ('b', 'shot_vid_8', 3, 'failed', now()),
      ('c', 'shot_vid_8', 4, 'failed', now())`,
    'shot_vid_8',
  ],
  'a job of a provider stands for one attempt': [
    `update shot_attempts set request_id = 'req_vid_9' where id = 'att_vid_8'`,
    'fal req_vid_9',
  ],
  'nothing is out at a provider for a video that is ready, or that ended a day ago': [
    `${attempt} ('forgotten', 'shot_vid_8', 2, 'unknown', now())`,
    'forgotten',
  ],
  'what is published is a video of the same person that was ready': [
    `update publications set video_id = 'vid_20' where id = 'pub_vid_9'`,
    'pub_vid_9',
  ],
  'what is at the host is known by its id there': [
    `update publications set host_video_id = null where id = 'pub_vid_9'`,
    'pub_vid_9',
  ],
  'a video of the host is one publication': [
    `alter table publications drop constraint publications_host_video;
     update publications set host_video_id = 'host_vid_29' where id = 'pub_vid_9'`,
    'host_vid_29',
  ],
  'an approval publishes once': [
    `alter table publications drop constraint publications_approval;
     update publications set approval_id = 'apr_vid_29' where id = 'pub_vid_9'`,
    'apr_vid_29',
  ],
  'what was approved is used up': [
    `update approvals set status = 'declined' where id = 'apr_vid_19'`,
    'vid_19',
  ],
  'a purchase is granted once, in its wallet, as what was bought': [
    `update purchases set units = 101 where id = 'buy_4'`,
    'buy_4',
  ],
  'what was taken back for a purchase is in the journal, and no more than it brought': [
    `update purchases set missing = 71 where id = 'buy_4'`,
    'buy_4',
  ],
  'a message of the payment service is handled within a day': [
    `insert into payment_notices (id, type, created_at, received_at, source)
      values ('late', 'invoice.paid', now(), '2026-11-21T11:59:59Z', 'webhook'),
        ('soon', 'invoice.paid', now(), '2026-11-21T12:00:00Z', 'webhook')`,
    'late',
  ],
};

describe('an audit', () => {
  it('finds nothing in books that agree', async () => {
    const { transfers, wallets, breaches } = await auditBooks(database.sql, booksNow);
    expect(breaches).toEqual([]);
    expect({ wallets, isLong: transfers > 800 }).toEqual({ wallets: 25, isLong: true });
  });

  it('has a planted breach for every rule', () => {
    expect(Object.keys(plants).toSorted()).toEqual(auditRules.map(({ name }) => name).toSorted());
  });

  it.each(Object.entries(plants))('finds by exactly that rule: %s', async (rule, [change, row]) => {
    const { breaches } = await auditAfter(change);
    expect(breaches.map((breach) => breach.rule)).toEqual([rule]);
    expect(breaches[0]?.rows.map(({ id }) => id)).toEqual([row]);
    expect(breaches[0]?.count).toBe(1);
  });

  it('names twenty rows and counts all of them', async () => {
    const { breaches } = await auditAfter(`update videos set quota = quota + 1 where id = root_id`);
    expect(breaches).toMatchObject([{ count: 400 }]);
    expect(breaches[0]?.rows).toHaveLength(20);
  });
});
