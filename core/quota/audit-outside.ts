import type { AuditRule } from './audit-rule.ts';

/** What went out to the host, and what came in from the payment service. */
export const outsideRules: readonly AuditRule[] = [
  {
    name: 'what is published is a video of the same person that was ready',
    breaches: `
      select p.id, concat_ws(' ', v.id, 'is', v.status) as detail
      from publications p left join videos v on v.id = p.video_id
      where (v.status, v.account_id) is distinct from ('ready', p.account_id)`,
  },
  {
    name: 'what is at the host is known by its id there',
    breaches: `
      select id, status as detail from publications
      where status in ('processing', 'scheduled', 'live') and host_video_id is null`,
  },
  {
    name: 'a video of the host is one publication',
    breaches: `
      select host_video_id as id, string_agg(id, ' ' order by id) as detail
      from publications where host_video_id is not null
      group by host_video_id having count(*) > 1`,
  },
  {
    name: 'an approval publishes once',
    breaches: `
      select approval_id as id, string_agg(id, ' ' order by id) as detail
      from publications where approval_id is not null
      group by approval_id having count(*) > 1`,
  },
  {
    name: 'what was approved is used up',
    breaches: `
      select made.id, concat('approval ', made.approval_id) as detail
      from (select id, approval_id from publications
        union all select id, approval_id from videos) as made
      left join approvals a on a.id = made.approval_id
      where made.approval_id is not null and a.status is distinct from 'used'`,
  },
  {
    name: 'a purchase is granted once, in its wallet, as what was bought',
    breaches: `
      select coalesce(p.id, t.reference) as id,
        concat_ws(' ', p.units, 'bought,', t.amount, 'granted') as detail
      from purchases p full join (
        select reference, wallet_id, key, amount, lasting from quota_transfers
        where verb = 'grant' and (key like 'invoice:%' or key like 'pack:%')
      ) as t on t.key = (case p.kind when 'plan' then 'invoice:' else 'pack:' end) || p.id
      where case when p.units = 0 then t.key is not null else
        (p.id, p.wallet_id, p.units, case p.kind when 'pack' then p.units else 0 end)
        is distinct from (t.reference, t.wallet_id, t.amount, t.lasting) end`,
  },
  {
    name: 'what was taken back for a purchase is in the journal, and no more than it brought',
    breaches: `
      select coalesce(p.id, t.reference) as id, concat_ws(' ', p.taken_back, 'taken back and',
        p.missing, 'missing of', p.units, 'with', t.back, 'in the journal') as detail
      from purchases p full join (
        select reference, sum(case verb when 'take_back' then amount else -amount end) as back
        from quota_transfers
        where verb = 'take_back' or (verb = 'grant' and key like 'adjust:%')
        group by reference
      ) as t on t.reference = p.id
      where p.taken_back is distinct from coalesce(t.back, 0)
        or p.taken_back < 0 or p.missing < 0 or p.taken_back + p.missing > p.units`,
  },
  {
    name: 'a message of the payment service is handled within a day',
    breaches: `
      select id, concat_ws(' ', type, 'of', subject_id) as detail from payment_notices
      where handled_at is null and received_at < (select now from audit) - interval '1 day'`,
  },
];
