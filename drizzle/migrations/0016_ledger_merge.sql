-- Empties a wallet into another one, as its account becomes part of another account: units of packs and
-- p_month units of its month go along, what is left of that month expires, and no month begins any more.
-- Both are locked in the order of their ids. `amount` is what has gone along; the balances are those of
-- the wallet that takes it. Run again with another key it moves what has come back meanwhile.
--
-- outcome: applied | replay | key_reused | short (units are set aside still, or the month has fewer)
create function quota_merge(
  p_from text, p_to text, p_month integer, p_reference text, p_key text, p_at timestamptz
) returns table (outcome text, available integer, held integer, amount integer)
language plpgsql as $$
declare
  giver wallets%rowtype;
  taker wallets%rowtype;
  earlier quota_transfers%rowtype;
  v_amount integer;
  v_rest integer;
  v_hash text;
begin
  if p_from is null or p_to is null or p_reference is null or p_key is null or p_at is null then
    raise exception 'quota_merge: wallets, reference, key and time are required' using errcode = '22004';
  end if;
  if p_from = p_to or p_month is null or p_month < 0 then
    raise exception 'quota_merge: another wallet and a whole number are needed' using errcode = '22023';
  end if;
  v_hash := encode(sha256(convert_to(
    concat_ws(E'\n', 'merge', p_from, p_to, p_month, p_reference), 'UTF8')), 'hex');

  perform 1 from wallets w where w.id in (p_from, p_to) order by w.id for update;
  select * into giver from wallets w where w.id = p_from;
  select * into taker from wallets w where w.id = p_to;
  if giver.id is null or taker.id is null or taker.merged_into is not null then
    raise exception 'quota_merge: there is no wallet % or %', p_from, p_to using errcode = 'P0002';
  end if;

  select * into earlier from quota_transfers t where t.key in (p_key, p_key || ':rest') limit 1;
  if found then
    return query select case when earlier.request_hash = v_hash then 'replay' else 'key_reused' end,
      taker.available, taker.held, 0;
    return;
  end if;
  if giver.held > 0 or giver.available - giver.lasting < p_month then
    return query select 'short', taker.available, taker.held, 0;
    return;
  end if;
  v_amount := giver.lasting + p_month;
  v_rest := giver.available - v_amount;

  if v_rest > 0 then
    insert into quota_transfers (at, wallet_id, verb, debit, credit, amount, lasting, reference, key, request_hash)
      values (p_at, p_from, 'expire', 'available', 'expired', v_rest, 0, p_reference, p_key || ':rest', v_hash);
  end if;
  if v_amount > 0 then
    insert into quota_transfers (at, wallet_id, verb, debit, credit, amount, lasting, reference, key, request_hash)
      values (p_at, p_from, 'give', 'available', 'transit', v_amount, giver.lasting, p_reference, p_key, v_hash),
             (p_at, p_to, 'receive', 'transit', 'available', v_amount, giver.lasting, p_reference, p_key || ':in', v_hash);
  end if;
  update wallets w set merged_into = p_to where w.merged_into = p_from;
  update wallets w set available = 0, lasting = 0, given = w.given + v_amount,
    expired = w.expired + v_rest, period_end = null, merged_into = p_to where w.id = p_from;
  return query update wallets w set granted = w.granted + v_amount, available = w.available + v_amount,
    lasting = w.lasting + giver.lasting where w.id = p_to
    returning 'applied', w.available, w.held, v_amount;
end $$;
--> statement-breakpoint
-- Nothing is written any more for an account that has become part of another: what was under way for it
-- at that moment waits for the end of the merge, and is refused then.
create function refuse_merged_account() returns trigger language plpgsql as $$
declare
  v_merged text;
begin
  -- Locked before it is looked at: what was merged meanwhile is seen.
  select a.merged_into into v_merged from accounts a where a.id = new.account_id for key share;
  if v_merged is not null then
    raise exception 'account % is part of % now', new.account_id, v_merged using errcode = 'JL001';
  end if;
  return new;
end $$;
--> statement-breakpoint
do $$
declare
  v_table text;
begin
  foreach v_table in array array['access_tokens', 'agent_usage', 'approval_cards', 'approvals',
    'channels', 'checkouts', 'compensations', 'conversations', 'customers', 'drafts', 'identities',
    'notices', 'oauth_states', 'pictures', 'progress_messages', 'publications', 'purchases', 'quotes',
    'saved_trends', 'subscriptions', 'trend_forecasts', 'trend_searches', 'videos', 'waiting_actions',
    'watches'] loop
    execute format('create trigger %I before insert on %I for each row
      execute function refuse_merged_account()', v_table || '_not_merged', v_table);
  end loop;
end $$;
