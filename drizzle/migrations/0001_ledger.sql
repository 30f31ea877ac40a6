-- One ledger verb is one call and one round trip. The check comes after the lock, so a hundred
-- requests at once cannot spend the same unit twice.
--
--   grant    source    -> available
--   hold     available -> held        opens the hold named p_reference
--   capture  held      -> spent       settles it
--   release  held      -> available   settles it
--   refund   spent     -> available   compensates a captured hold, once
--   expire   available -> expired
--
-- outcome: applied | replay (same key, same request) | key_reused (same key, another request)
--        | short (not enough available) | settled (the hold is not in the state this verb needs)
--        | hold_missing
create function quota_post(
  p_verb text, p_account text, p_amount integer, p_reference text, p_key text, p_at timestamptz
) returns table (outcome text, available integer, held integer, amount integer)
language plpgsql as $$
declare
  wallet wallets%rowtype;
  hold quota_holds%rowtype;
  earlier quota_transfers%rowtype;
  v_amount integer := p_amount;
  v_debit text;
  v_credit text;
  v_hash text;
begin
  if p_verb is null or p_verb not in ('grant', 'hold', 'capture', 'release', 'refund', 'expire') then
    raise exception 'quota_post: unknown verb %', p_verb using errcode = '22023';
  end if;
  if p_account is null or p_reference is null or p_key is null or p_at is null then
    raise exception 'quota_post: account, reference, key and time are required' using errcode = '22004';
  end if;
  if p_verb in ('grant', 'hold', 'expire') and (p_amount is null or p_amount <= 0) then
    raise exception 'quota_post: the amount must be a positive whole number' using errcode = '22023';
  end if;
  if p_verb in ('capture', 'release', 'refund') and p_amount is not null then
    raise exception 'quota_post: the amount of % is that of its hold', p_verb using errcode = '22023';
  end if;
  v_hash := encode(sha256(convert_to(
    concat_ws(E'\n', p_verb, p_account, coalesce(p_amount::text, '-'), p_reference), 'UTF8')), 'hex');

  select * into wallet from wallets w where w.account_id = p_account for update;
  if not found then
    raise exception 'quota_post: account % has no wallet', p_account using errcode = 'P0002';
  end if;

  select * into earlier from quota_transfers t where t.key = p_key;
  if found then
    return query select case when earlier.request_hash = v_hash then 'replay' else 'key_reused' end,
      wallet.available, wallet.held, earlier.amount;
    return;
  end if;

  if p_verb in ('capture', 'release', 'refund') then
    select * into hold from quota_holds h
      where h.reference = p_reference and h.account_id = p_account;
    if not found then
      return query select 'hold_missing', wallet.available, wallet.held, 0;
      return;
    end if;
    if hold.status <> (case when p_verb = 'refund' then 'captured' else 'held' end) then
      return query select 'settled', wallet.available, wallet.held, hold.amount;
      return;
    end if;
    v_amount := hold.amount;
    update quota_holds set
      status = case p_verb when 'capture' then 'captured' when 'release' then 'released' else 'refunded' end,
      settled_at = p_at
      where reference = p_reference;
  elsif p_verb in ('hold', 'expire') and wallet.available < p_amount then
    return query select 'short', wallet.available, wallet.held, p_amount;
    return;
  end if;

  select d, c into v_debit, v_credit from (values
    ('grant', 'source', 'available'), ('hold', 'available', 'held'), ('capture', 'held', 'spent'),
    ('release', 'held', 'available'), ('refund', 'spent', 'available'), ('expire', 'available', 'expired')
  ) as moves (v, d, c) where v = p_verb;

  insert into quota_transfers (at, account_id, verb, debit, credit, amount, reference, key, request_hash)
    values (p_at, p_account, p_verb, v_debit, v_credit, v_amount, p_reference, p_key, v_hash);
  if p_verb = 'hold' then
    insert into quota_holds (reference, account_id, amount, status, created_at)
      values (p_reference, p_account, v_amount, 'held', p_at);
  end if;

  return query update wallets w set
    granted   = w.granted   + case when v_debit = 'source' then v_amount else 0 end,
    available = w.available + case when v_credit = 'available' then v_amount else 0 end
                            - case when v_debit = 'available' then v_amount else 0 end,
    held      = w.held      + case when v_credit = 'held' then v_amount else 0 end
                            - case when v_debit = 'held' then v_amount else 0 end,
    spent     = w.spent     + case when v_credit = 'spent' then v_amount else 0 end
                            - case when v_debit = 'spent' then v_amount else 0 end,
    expired   = w.expired   + case when v_credit = 'expired' then v_amount else 0 end
    where w.account_id = p_account
    returning 'applied', w.available, w.held, v_amount;
end $$;
--> statement-breakpoint
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only: % is refused', tg_table_name, tg_op using errcode = '42501';
end $$;
--> statement-breakpoint
create trigger quota_transfers_append_only before update or delete on quota_transfers
  for each row execute function refuse_change();
--> statement-breakpoint
create trigger quota_transfers_no_truncate before truncate on quota_transfers
  for each statement execute function refuse_change();
--> statement-breakpoint
create trigger audit_log_append_only before update or delete on audit_log
  for each row execute function refuse_change();
--> statement-breakpoint
create trigger audit_log_no_truncate before truncate on audit_log
  for each statement execute function refuse_change();
