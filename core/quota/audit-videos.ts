import type { AuditRule } from './audit-rule.ts';

const running = `('queued', 'generating', 'assembling')`;
const out = `('intended', 'accepted', 'unknown')`;

/** Videos and what was paid for them: holds, compensations, jobs of the providers. */
export const videoRules: readonly AuditRule[] = [
  {
    name: 'a first video has a hold of its price by its person, and nothing else has one',
    breaches: `
      select coalesce(v.id, h.reference) as id, concat_ws(' ', 'hold of', h.amount, 'by', h.account_id,
        'video of', v.quota, 'by', v.account_id) as detail
      from (select * from videos where id = root_id) as v
      full join quota_holds h on h.reference = v.id
      where (v.quota, v.account_id) is distinct from (h.amount, h.account_id)`,
  },
  {
    name: 'a hold is settled as the end of its video says',
    breaches: `
      select v.id, concat_ws(' ', v.status, v.failure, 'with a hold', h.status, 'and', c.status)
        as detail
      from videos v join quota_holds h on h.reference = v.id
      left join compensations c on c.root_video_id = v.id
      where v.id = v.root_id and not case
        when v.status in ${running} then h.status = 'held' and c.status is null
        when v.status = 'ready' then c.status is distinct from 'retry_open' and h.status =
          (case when c.status = 'refunded' then 'refunded' else 'captured' end)
        when v.status = 'failed' and v.failure = 'timed_out' then
          coalesce(c.status, '-') in ('retry_open', 'retry_used', 'refunded') and h.status =
          (case when c.status = 'refunded' then 'refunded' else 'captured' end)
        when v.status = 'failed' then h.status = 'released' and c.status is null
        else h.status in ('captured', 'released') and c.status is null end`,
  },
  {
    name: 'a video that was cancelled is free only where no provider had begun',
    breaches: `
      select v.id, concat('attempt ', min(a.id)) as detail
      from videos v join quota_holds h on h.reference = v.id and h.status = 'released'
      join shots s on s.video_id = v.id join shot_attempts a on a.shot_id = s.id
      where v.status = 'cancelled' and a.status <> 'rejected' group by v.id`,
  },
  {
    name: 'a first video is compensated once: by one free retry, or by a refund',
    breaches: `
      select coalesce(c.root_video_id, r.root_id) as id,
        concat_ws(' ', 'compensation', c.status, 'with', coalesce(r.made, 0), 'retries') as detail
      from compensations c full join (
        select root_id, count(*) as made from videos where id <> root_id group by root_id
      ) as r on r.root_id = c.root_video_id
      left join videos v on v.id = c.root_video_id
      where c.account_id is distinct from v.account_id or v.id is distinct from v.root_id
        or not coalesce(case c.status when 'retry_used' then r.made = 1
          when 'refunded' then coalesce(r.made, 0) <= 1 else r.made is null end, false)`,
  },
  {
    name: 'a free retry costs nothing and is made for the person of its first video',
    breaches: `
      select r.id, concat_ws(' ', r.quota, 'units, by', r.account_id) as detail
      from videos r left join videos v on v.id = r.root_id
      where r.id <> r.root_id and (r.quota, r.account_id, r.root_id)
        is distinct from (0, v.account_id, v.root_id)`,
  },
  {
    name: 'a video that is ready has clips, and all that it is made of is delivered',
    breaches: `
      select v.id, concat_ws(' ', count(s.id) filter (where s.status = 'delivered'), 'of',
        count(s.id), 'delivered') as detail
      from videos v left join shots s on s.video_id = v.id where v.status = 'ready'
      group by v.id having count(s.id) filter (where s.kind = 'clip') = 0
        or count(s.id) filter (where s.status <> 'delivered') > 0`,
  },
  {
    name: 'a shot that is delivered was made for it, or kept for a free retry',
    breaches: `
      select s.id, concat('of ', s.video_id) as detail
      from shots s join videos v on v.id = s.video_id
      where s.status = 'delivered' and v.id = v.root_id and not exists (
        select 1 from shot_attempts a where a.shot_id = s.id and a.status = 'delivered')`,
  },
  {
    name: 'a shot is out at a provider once at a time',
    breaches: `
      select shot_id as id, string_agg(id, ' ' order by number) as detail
      from shot_attempts where status in ${out} group by shot_id having count(*) > 1`,
  },
  {
    name: 'a shot is paid for three times at the most',
    breaches: `
      select shot_id as id, concat(count(*), ' attempts') as detail
      from shot_attempts where status <> 'rejected' group by shot_id having count(*) > 3`,
  },
  {
    name: 'a job of a provider stands for one attempt',
    breaches: `
      select concat_ws(' ', provider, request_id) as id, string_agg(id, ' ') as detail
      from shot_attempts where request_id is not null
      group by provider, request_id having count(*) > 1`,
  },
  {
    name: 'nothing is out at a provider for a video that is ready, or that ended a day ago',
    breaches: `
      select a.id, concat_ws(' ', a.status, 'for', v.id, 'which is', v.status) as detail
      from shot_attempts a join shots s on s.id = a.shot_id join videos v on v.id = s.video_id
      where (a.status in ${out} and v.status = 'ready')
        or (a.status = 'accepted' and v.status in ('failed', 'cancelled')
          and v.failure is distinct from 'timed_out'
          and a.created_at < (select now from audit) - interval '1 day')`,
  },
];
