import { answered, type Ledger } from './ledger-calls.ts';
import { NotOffered } from './ledger-checks.ts';
import { brokenInvariants } from './ledger-rules.ts';

/**
 * `atomic_deduct_quota` of the concept paper, written anew from its description, in the schema
 * `seed`; and views that show its two tables as a ledger's, so that the same checks can look at them.
 */
export const seedSchema = `
  create schema seed;
  create table seed.users (id text primary key, server_id text, quota integer);
  create table seed.quota_transactions (
    id bigserial primary key, at timestamptz default now(), user_id text, amount integer, type text);
  create function seed.atomic_deduct_quota(who text, amount integer) returns boolean
  language plpgsql as $$
  declare current integer;
  begin
    select quota into current from seed.users where id = who for update;
    if current < amount then return false; end if;
    update seed.users set quota = quota - amount where id = who;
    insert into seed.quota_transactions (user_id, amount, type)
      values (who, -amount, 'video_generation');
    return true;
  end $$;
  create function seed.add_quota(who text, amount integer) returns void language sql as $$
    update seed.users set quota = quota + amount where id = who;
    insert into seed.quota_transactions (user_id, amount, type) values (who, amount, 'grant');
  $$;
  create view seed.wallets as select id,
    case when server_id is null then id end as account_id, server_id,
    coalesce((select sum(q.amount) from seed.quota_transactions q
      where q.user_id = u.id and q.amount > 0), 0)::integer as granted,
    quota as available, 0 as lasting,
    coalesce((select -sum(q.amount) from seed.quota_transactions q
      where q.user_id = u.id and q.amount < 0), 0)::integer as held,
    0 as spent, 0 as expired, 0 as returned, 0 as given from seed.users u;
  create function seed.open_user() returns trigger language plpgsql as $$
  begin
    insert into seed.users values (new.id, new.server_id, 0);
    return new;
  end $$;
  create trigger open_user instead of insert on seed.wallets
    for each row execute function seed.open_user();
  create view seed.quota_transfers as select id, at, user_id as wallet_id,
    case when amount > 0 then 'grant' else 'hold' end as verb,
    case when amount > 0 then 'source' else 'available' end as debit,
    case when amount > 0 then 'available' else 'held' end as credit,
    abs(amount) as amount, 0 as lasting, user_id || ':' || id as reference,
    user_id || ':' || id as key, '' as request_hash from seed.quota_transactions;
  create view seed.quota_holds as select user_id || ':' || id as reference, user_id as wallet_id,
    user_id as account_id, -amount as amount, 0 as lasting, 'held' as status,
    at as created_at, null::timestamptz as settled_at
    from seed.quota_transactions where amount < 0`;

/** It can add and deduct; it has no keys, no holds that settle, no months and no packs. */
export const seedLedger: Ledger = {
  call: (sql, { verb, wallet, amount, lasting }) =>
    answered(async () => {
      if ((verb !== 'grant' && verb !== 'hold') || lasting)
        throw new NotOffered(`the seed has no ${lasting ? 'packs' : verb}`);
      const [done] =
        verb === 'hold'
          ? await sql`select seed.atomic_deduct_quota(${wallet}, ${amount}::integer) as paid`
          : await sql`select true as paid from seed.add_quota(${wallet}, ${amount}::integer)`;
      const [row] = await sql`select available, held from wallets where id = ${wallet}`;
      return {
        outcome: done?.['paid'] === true ? 'applied' : 'short',
        available: row?.['available'] ?? 0,
        held: row?.['held'] ?? 0,
        amount,
      };
    }),
  breaches: brokenInvariants,
};
