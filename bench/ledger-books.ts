import type { Database } from '../drizzle/client.ts';

/** The moment at which the written books are audited. */
export const booksNow = new Date('2026-11-22T12:00:00Z');

const at = `'2026-11-22T08:00:00Z'::timestamptz`;

/** How the videos of the books have ended: every way that there is, most of them well. */
const fates = `
  create temp table fates on commit drop as
  select 'vid_' || i as id, 'acc_' || (i % $wallets) as account, i,
    case i % 20 when 0 then 'failed' when 1 then 'cancelled' when 2 then 'cancelled'
      when 3 then 'failed' when 4 then 'failed' when 6 then 'failed' when 7 then 'generating'
      else 'ready' end as status,
    case when i % 20 = 0 then 'provider_failed' when i % 20 in (3, 4, 6) then 'timed_out' end as failure,
    case i % 20 when 0 then 'released' when 1 then 'released' when 4 then 'refunded'
      when 7 then 'held' else 'captured' end as hold,
    case i % 20 when 3 then 'retry_open' when 4 then 'refunded' when 5 then 'revoked'
      when 6 then 'retry_used' end as compensation,
    case i % 20 when 0 then 'failed' when 2 then 'failed' when 3 then 'accepted' when 4 then 'failed'
      when 6 then 'unknown' when 7 then 'accepted' else 'delivered' end as attempt
  from generate_series(1, $videos) i`;

const journal = `
  insert into quota_transfers (at, wallet_id, verb, debit, credit, amount, lasting, reference, key, request_hash)
    select ${at}, 'acc_' || i, 'grant', 'source', 'available', 1000, 0, 'sign-up', 'sign-up:acc_' || i, '-'
    from generate_series(0, $wallets - 1) i;
  insert into quota_transfers (at, wallet_id, verb, debit, credit, amount, lasting, reference, key, request_hash)
    select ${at}, 'acc_' || i, 'grant', 'source', 'available', 100, case i % 2 when 0 then 100 else 0 end,
      'buy_' || i, case i % 2 when 0 then 'pack:' else 'invoice:' end || 'buy_' || i, '-'
    from generate_series(0, $wallets - 1) i;
  insert into quota_transfers (at, wallet_id, verb, debit, credit, amount, lasting, reference, key, request_hash)
    select ${at}, 'acc_' || i, 'take_back', 'available', 'returned', 30, 30, 'buy_' || i, 'adjust:buy_' || i || ':1', '-'
    from generate_series(0, $wallets - 1, 4) i;
  insert into quota_transfers (at, wallet_id, verb, debit, credit, amount, lasting, reference, key, request_hash)
    select ${at}, w, verb, d, c, 10, 10, 'srv_' || i, 'fund:' || i || k, '-'
    from generate_series(0, $wallets - 1, 4) i, lateral (values
      ('acc_' || i, 'give', 'available', 'transit', ''),
      ('srv_' || i, 'receive', 'transit', 'available', ':in')) as sides (w, verb, d, c, k);
  insert into quota_transfers (at, wallet_id, verb, debit, credit, amount, lasting, reference, key, request_hash)
    select ${at}, account, verb, debit, credit, 1, 0, id, verb || ':' || id, '-'
    from fates, lateral (values (1, 'hold', 'available', 'held'),
      (2, case hold when 'released' then 'release' when 'held' then null else 'capture' end, 'held',
        case hold when 'released' then 'available' else 'spent' end),
      (3, case hold when 'refunded' then 'refund' end, 'spent', 'available')
    ) as moves (n, verb, debit, credit)
    where verb is not null order by i, n`;

const wallets = `
  insert into accounts (id, display_name, locale, created_at)
    select 'acc_' || i, 'Somebody', 'en', ${at} from generate_series(0, $wallets - 1) i;
  insert into wallets (id, account_id, server_id, granted, available, lasting, held, spent, expired,
      returned, given, period_start, period_end)
    select id, case when id like 'acc%' then id end, case when id like 'srv%' then id end,
      granted, available, lasting, held, spent, 0, returned, given,
      case when id like 'acc%' then ${at} end, case when id like 'acc%' then ${at} + interval '1 month' end
    from (
      select wallet_id as id, coalesce(sum(amount) filter (where debit in ('source', 'transit')), 0) as granted,
        sum(case 'available' when credit then amount when debit then -amount else 0 end) as available,
        sum(case 'available' when credit then lasting when debit then -lasting else 0 end) as lasting,
        sum(case 'held' when credit then amount when debit then -amount else 0 end) as held,
        sum(case 'spent' when credit then amount when debit then -amount else 0 end) as spent,
        coalesce(sum(amount) filter (where credit = 'returned'), 0) as returned,
        coalesce(sum(amount) filter (where credit = 'transit'), 0) as given
      from quota_transfers group by wallet_id) as sums;
  insert into purchases (id, account_id, wallet_id, kind, product, units, taken_back, amount, currency, paid_at)
    select 'buy_' || i, 'acc_' || i, 'acc_' || i, case i % 2 when 0 then 'pack' else 'plan' end, 'some',
      100, case i % 4 when 0 then 30 else 0 end, 500, 'usd', ${at}
    from generate_series(0, $wallets - 1) i;
  insert into payment_notices (id, type, created_at, received_at, source, handled_at)
    select 'evt_' || i, 'invoice.paid', ${at}, ${at}, 'webhook', ${at} from generate_series(1, $wallets) i`;

const videos = `
  insert into quota_holds (reference, wallet_id, account_id, amount, status, created_at, settled_at)
    select id, account, account, 1, hold, ${at}, case hold when 'held' then null else ${at} end from fates;
  insert into compensations (root_video_id, account_id, status, created_at, changed_at)
    select id, account, compensation, ${at}, ${at} from fates where compensation is not null;
  insert into approvals (id, account_id, approver_id, operation, input_hash, input, preview, surface, status,
      choices, created_at, expires_at)
    select 'apr_' || id, account, account, 'video_generate', '-', '{}', '{}', 'terminal', 'used', '{}', ${at}, ${at}
    from fates where i % 10 = 9;
  insert into videos (id, account_id, quote_id, root_id, prompt, model, seconds, shape, quota, status, failure,
      file_key, approval_id, created_at)
    select id, account, 'quo', id, 'a fox', 'kling', 5, '9:16', 1, status, failure,
      case status when 'ready' then id end, case i % 10 when 9 then 'apr_' || id end, ${at} from fates;
  insert into videos (id, account_id, quote_id, root_id, prompt, model, seconds, shape, quota, status, file_key, created_at)
    select 'again_' || id, account, 'quo', id, 'a fox', 'kling', 5, '9:16', 0, 'ready', id, ${at}
    from fates where compensation = 'retry_used';
  insert into shots (id, video_id, position, clip_seconds, prompt, status)
    select 'shot_' || v.id, v.id, 1, 5, 'a fox', case v.status when 'ready' then 'delivered' else 'submitted' end
    from videos v;
  insert into shot_attempts (id, shot_id, number, status, request_id, created_at)
    select 'att_' || id, 'shot_' || id, 1, attempt, 'req_' || id, ${at} from fates where i % 20 <> 1;
  insert into publications (id, account_id, video_id, channel_id, title, description, tags, category_id, privacy,
      made_for_kids, notify_subscribers, status, last_chunk_sent, uploaded_bytes, total_bytes, host_video_id,
      approval_id, created_at)
    select 'pub_' || id, account, id, 'channel', 'A fox', '', '[]', '22', 'private', false, false, 'live', true, 1, 1,
      'host_' || id, 'apr_' || id, ${at} from fates where i % 20 = 9`;

/**
 * Fills an empty database with books that agree: `count` first videos with all that belongs to them,
 * in somewhat more than twice as many movements.
 */
export async function writeBooks(
  sql: Database['sql'],
  count: { readonly videos: number; readonly wallets: number },
): Promise<void> {
  await sql.begin(async (tx) => {
    // What is written together need not be looked up row by row.
    await tx.unsafe('set local session_replication_role = replica');
    for (const statements of [fates, journal, wallets, videos])
      await tx.unsafe(
        statements
          .replaceAll('$videos', String(count.videos))
          .replaceAll('$wallets', String(count.wallets)),
      );
  });
  await sql.unsafe('vacuum analyze');
}
