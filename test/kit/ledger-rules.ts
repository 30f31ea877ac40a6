import { z } from 'zod';

/** What the rules read: all that belongs to the wallets whose ids begin with `world`. */
const scopeOf = (world: string): string => {
  const like = `like '${world.replaceAll("'", "''").replaceAll('_', '\\_')}%'`;
  return `with w as (select * from wallets where id ${like}),
    t as (select * from quota_transfers where wallet_id ${like}),
    h as (select * from quota_holds where ${world === '' ? 'wallet_id' : 'reference'} ${like}),
    moments as (select t.*,
      sum(case 'available' when credit then amount when debit then -amount else 0 end) over past as available_then,
      sum(case 'available' when credit then lasting when debit then -lasting else 0 end) over past as lasting_then,
      sum(case 'held' when credit then amount when debit then -amount else 0 end) over past as held_then
      from t window past as (partition by wallet_id order by id))`;
};

/** The rules that hold after any history, each with the statement that finds its breach. */
const rules: Readonly<Record<string, string>> = {
  'no balance is negative': `
    select id from w
    where least(granted, available, lasting, held, spent, expired, returned, given) < 0`,
  'granted = available + held + spent + expired + returned + given': `
    select id from w
    where granted <> available + held + spent + expired + returned + given`,
  'packs are a part of what is available': `select id from w where lasting > available`,
  'the wallet is what the journal adds up to': `
    select w.id from w left join (
      select wallet_id,
        sum(amount) filter (where debit in ('source', 'transit')) as granted,
        sum(case 'available' when credit then amount when debit then -amount end) as available,
        sum(case 'available' when credit then lasting when debit then -lasting end) as lasting,
        sum(case 'held' when credit then amount when debit then -amount end) as held,
        sum(case 'spent' when credit then amount when debit then -amount end) as spent,
        sum(amount) filter (where credit = 'expired') as expired,
        sum(amount) filter (where credit = 'returned') as returned,
        sum(amount) filter (where credit = 'transit') as given
      from t group by wallet_id) j on j.wallet_id = w.id
    where (w.granted, w.available, w.lasting, w.held, w.spent, w.expired, w.returned, w.given)
      is distinct from
      (coalesce(j.granted, 0), coalesce(j.available, 0), coalesce(j.lasting, 0),
       coalesce(j.held, 0), coalesce(j.spent, 0), coalesce(j.expired, 0),
       coalesce(j.returned, 0), coalesce(j.given, 0))`,
  'no moment of the replay is negative': `
    select id::text from moments
    where least(available_then, lasting_then, held_then, available_then - lasting_then) < 0`,
  'units of the month go first': `
    select id::text from moments where verb = 'hold' and lasting > 0
      and available_then > lasting_then`,
  'each movement is of the kind that its verb moves': `
    select id::text from t where (verb = 'expire' and lasting <> 0)
      or (verb in ('give', 'receive') and lasting <> amount)
      or (verb in ('grant', 'take_back') and lasting not in (0, amount))`,
  'what is given is received': `
    select coalesce(a.id, b.id)::text
    from (select * from t where verb = 'give') a
    full join (select * from t where verb = 'receive') b on b.key = a.key || ':in'
    where (a.amount, a.lasting) is distinct from (b.amount, b.lasting) or a.wallet_id = b.wallet_id`,
  'open holds add up to what is held': `
    select w.id from w left join h on h.wallet_id = w.id and h.status = 'held'
    group by w.id, w.held having w.held <> coalesce(sum(h.amount), 0)`,
  'a hold is settled at most once': `
    select reference from t where verb in ('capture', 'release')
    group by reference having count(*) > 1`,
  'a hold is refunded at most once, and after its capture': `
    select reference from t where verb in ('capture', 'refund') group by reference
    having count(*) filter (where verb = 'refund') > count(*) filter (where verb = 'capture')`,
  'a hold says what the journal says': `
    select h.reference from h left join t
      on t.reference = h.reference and t.verb in ('hold', 'capture', 'release', 'refund')
    group by h.reference, h.status, h.settled_at
    having count(*) filter (where t.verb = 'hold') <> 1
      or (h.settled_at is null) <> (h.status = 'held')
      or h.status <> case when bool_or(t.verb = 'refund') then 'refunded'
        when bool_or(t.verb = 'capture') then 'captured'
        when bool_or(t.verb = 'release') then 'released' else 'held' end`,
  'a settlement moves the amount of its hold, in its wallet and of its kinds': `
    select t.id::text from t left join h on h.reference = t.reference
    where t.verb in ('hold', 'capture', 'release', 'refund')
      and (t.amount, t.lasting, t.wallet_id) is distinct from (h.amount, h.lasting, h.wallet_id)`,
  'a key moves once': `select key from t group by key having count(*) > 1`,
  'a verb moves between its own two sides': `
    select id::text from t where (verb, debit, credit) not in (
      ('grant', 'source', 'available'), ('hold', 'available', 'held'), ('capture', 'held', 'spent'),
      ('release', 'held', 'available'), ('refund', 'spent', 'available'),
      ('expire', 'available', 'expired'), ('take_back', 'available', 'returned'),
      ('give', 'available', 'transit'), ('receive', 'transit', 'available'))`,
};

/** Whatever can be asked in SQL: a pool, one connection, or one transaction. */
export type Asker = {
  readonly unsafe: (statement: string) => PromiseLike<readonly unknown[]>;
};

/**
 * The names of the rules that the stored ledger breaks; with a world, those of the wallets and holds
 * whose names begin with it.
 */
export async function brokenInvariants(sql: Asker, world = ''): Promise<string[]> {
  return findBreaches(sql, world, Object.keys(rules));
}

/** The same with one rule left out: an auditor that is blind on one eye. */
export const blindTo =
  (rule: string) =>
  (sql: Asker, world = ''): Promise<string[]> => {
    if (!(rule in rules)) throw new Error(`there is no rule "${rule}"`);
    return findBreaches(
      sql,
      world,
      Object.keys(rules).filter((name) => name !== rule),
    );
  };

async function findBreaches(
  sql: Asker,
  world: string,
  names: readonly string[],
): Promise<string[]> {
  const parts = names.map(
    (name) => `(select '${name}' as rule from (${rules[name]}) as breach limit 1)`,
  );
  const rows = await sql.unsafe(`${scopeOf(world)} ${parts.join(' union all ')}`);
  return z
    .array(z.object({ rule: z.string() }))
    .parse(rows)
    .map(({ rule }) => rule);
}
