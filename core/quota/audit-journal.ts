import type { AuditRule } from './audit-rule.ts';

/** Journal, wallets and holds among themselves. */
export const journalRules: readonly AuditRule[] = [
  {
    name: 'a movement goes between the two sides of its verb',
    breaches: `
      select id::text, concat_ws(' ', verb, debit, '->', credit) as detail from quota_transfers
      where (verb, debit, credit) not in (
        ('grant', 'source', 'available'), ('hold', 'available', 'held'),
        ('capture', 'held', 'spent'), ('release', 'held', 'available'),
        ('refund', 'spent', 'available'), ('expire', 'available', 'expired'),
        ('take_back', 'available', 'returned'), ('give', 'available', 'transit'),
        ('receive', 'transit', 'available'))`,
  },
  {
    name: 'a movement is of whole units, of which no more last than move',
    breaches: `
      select id::text, concat_ws(' ', amount, 'units,', lasting, 'of packs') as detail
      from quota_transfers where amount <= 0 or lasting < 0 or lasting > amount`,
  },
  {
    name: 'a key moves once',
    breaches: `
      select key as id, concat(count(*), ' movements') as detail
      from quota_transfers
      where hashtextextended(key, 0) in (
        select hashtextextended(key, 0) from quota_transfers group by 1 having count(*) > 1)
      group by key having count(*) > 1`,
  },
  {
    name: 'a movement is in a wallet that exists',
    breaches: `
      select t.id::text, t.wallet_id as detail from quota_transfers t
      where not exists (select 1 from wallets w where w.id = t.wallet_id)`,
  },
  {
    name: 'no balance was ever below zero',
    breaches: `
      select wallet_id as id, concat('after movement ', min(id)) as detail
      from (
        select id, wallet_id,
          sum(case 'available' when credit then amount when debit then -amount else 0 end)
            over so_far as available,
          sum(case 'available' when credit then lasting when debit then -lasting else 0 end)
            over so_far as lasting,
          sum(case 'held' when credit then amount when debit then -amount else 0 end)
            over so_far as held
        from quota_transfers
        window so_far as (partition by wallet_id order by id rows unbounded preceding)
      ) as moments
      where available < 0 or held < 0 or lasting < 0 or lasting > available
      group by wallet_id`,
  },
  {
    name: 'a wallet is what its journal adds up to',
    breaches: `
      select w.id, concat('wallet ', concat_ws(' ', w.granted, w.available, w.lasting, w.held,
        w.spent, w.expired, w.returned, w.given), ', journal ', concat_ws(' ', j.granted,
        j.available, j.lasting, j.held, j.spent, j.expired, j.returned, j.given)) as detail
      from wallets w left join (
        select wallet_id,
          coalesce(sum(amount) filter (where debit in ('source', 'transit')), 0) as granted,
          sum(case 'available' when credit then amount when debit then -amount else 0 end)
            as available,
          sum(case 'available' when credit then lasting when debit then -lasting else 0 end)
            as lasting,
          sum(case 'held' when credit then amount when debit then -amount else 0 end) as held,
          sum(case 'spent' when credit then amount when debit then -amount else 0 end) as spent,
          coalesce(sum(amount) filter (where credit = 'expired'), 0) as expired,
          coalesce(sum(amount) filter (where credit = 'returned'), 0) as returned,
          coalesce(sum(amount) filter (where credit = 'transit'), 0) as given
        from quota_transfers group by wallet_id
      ) as j on j.wallet_id = w.id
      where (w.granted, w.available, w.lasting, w.held, w.spent, w.expired, w.returned, w.given)
        is distinct from (coalesce(j.granted, 0), coalesce(j.available, 0),
          coalesce(j.lasting, 0), coalesce(j.held, 0), coalesce(j.spent, 0),
          coalesce(j.expired, 0), coalesce(j.returned, 0), coalesce(j.given, 0))`,
  },
  {
    name: 'a wallet has one owner, and a month that ends after it has begun',
    breaches: `
      select id, concat_ws(' ', 'account', account_id, 'server', server_id, 'from', period_start,
        'to', period_end) as detail
      from wallets
      where num_nonnulls(account_id, server_id) <> 1
        or (period_end is not null and (period_start is null or period_end < period_start))`,
  },
  {
    name: 'the wallet of a server holds packs and has no months',
    breaches: `
      select id, concat(available - lasting, ' units of a month') as detail from wallets
      where server_id is not null and (available <> lasting or period_end is not null)`,
  },
  {
    name: 'what one wallet gives another one receives',
    breaches: `
      select coalesce(g.id, r.id)::text as id, coalesce(g.key, r.key) as detail
      from (select * from quota_transfers where verb = 'give') as g
      full join (select * from quota_transfers where verb = 'receive') as r
        on r.key = g.key || ':in'
      where (g.amount, g.lasting, g.reference) is distinct from (r.amount, r.lasting, r.reference)
        or g.wallet_id is not distinct from r.wallet_id`,
  },
  {
    name: 'a wallet that was merged is empty, and its account went where it went',
    breaches: `
      select w.id, concat_ws(' ', w.available, 'left,', w.held, 'held, merged into', w.merged_into,
        'and its account into', a.merged_into) as detail
      from wallets w left join accounts a on a.id = w.account_id
      left join wallets i on i.id = w.merged_into
      where coalesce(w.merged_into, a.merged_into) is not null and not coalesce(w.available = 0
        and w.held = 0 and w.period_end is null and w.merged_into = a.merged_into
        and i.account_id = a.merged_into and i.merged_into is null, false)`,
  },
  {
    name: 'units merge out of a wallet that was merged, and out of no other',
    breaches: `
      select t.id::text, t.key as detail from quota_transfers t join wallets w on w.id = t.wallet_id
      where t.verb = 'give' and t.reference like 'merge:%' and w.merged_into is null`,
  },
  {
    name: 'a hold is in the state that its movements leave it in',
    breaches: `
      select coalesce(h.reference, t.reference) as id, concat_ws(' ', 'hold',
        coalesce(h.status, 'missing'), 'with', t.holds, 'holds,', t.captures, 'captures,',
        t.releases, 'releases,', t.refunds, 'refunds') as detail
      from quota_holds h full join (
        select reference, count(*) filter (where verb = 'hold') as holds,
          count(*) filter (where verb = 'capture') as captures,
          count(*) filter (where verb = 'release') as releases,
          count(*) filter (where verb = 'refund') as refunds
        from quota_transfers
        where verb in ('hold', 'capture', 'release', 'refund') group by reference
      ) as t on t.reference = h.reference
      where not coalesce(t.holds = 1
        and t.captures = (case when h.status in ('captured', 'refunded') then 1 else 0 end)
        and t.releases = (case when h.status = 'released' then 1 else 0 end)
        and t.refunds = (case when h.status = 'refunded' then 1 else 0 end)
        and (h.settled_at is null) = (h.status = 'held'), false)`,
  },
  {
    name: 'a settlement moves what was held, in the wallet that holds it',
    breaches: `
      select t.id::text, concat_ws(' ', t.verb, 'of', t.reference) as detail
      from quota_transfers t join quota_holds h on h.reference = t.reference
      where t.verb in ('hold', 'capture', 'release', 'refund')
        and (t.wallet_id, t.amount, t.lasting) is distinct from (h.wallet_id, h.amount, h.lasting)`,
  },
];
