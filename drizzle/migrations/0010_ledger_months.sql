-- The ledger with months, packs and wallets of servers. One verb is one call and one round trip; what
-- decides is read under the lock of the wallet, so a hundred requests at once cannot spend a unit twice.
--
--   grant      source    -> available   p_lasting: a pack, which does not end with the month
--   hold       available -> held        opens the hold named p_reference; units of the month go first
--                                       (quota_hold)
--   capture    held      -> spent       settles it
--   release    held      -> available   settles it; each part comes back as the kind that it was
--   refund     spent     -> available   compensates a captured hold, once
--   expire     available -> expired     units of the month only
--   take_back  available -> returned    as much of p_amount as is there, of the kind p_lasting names
--   give       available -> transit -> available of another wallet, packs only (quota_give)
--
-- outcome: applied | replay (same key, same request) | key_reused (same key, another request)
--        | short (not enough available) | settled (the hold is not in the state this verb needs)
--        | hold_missing | stale (quota_renew: this month or a later one has begun already)
drop function quota_post(text, text, integer, text, text, timestamptz);
--> statement-breakpoint
-- Every other request for a wallet waits while it is locked, so a hold does as much as it can before
-- that: it says what it expects to find, and moves units only where that still holds under the lock.
create function quota_hold(
  p_wallet text, p_amount integer, p_reference text, p_key text, p_at timestamptz,
  p_account text default null,
  out outcome text, out available integer, out held integer, out amount integer
) language plpgsql as $$
declare
  earlier record;
  v_lasting integer;
  v_hash text;
begin
  if p_wallet is null or p_reference is null or p_key is null or p_at is null then
    raise exception 'quota_hold: wallet, reference, key and time are required' using errcode = '22004';
  end if;
  if p_amount is null or p_amount <= 0 then
    raise exception 'quota_hold: the amount must be a positive whole number' using errcode = '22023';
  end if;
  v_hash := encode(sha256(convert_to(concat_ws(E'\n', 'hold', p_wallet,
    p_amount, p_reference, coalesce(p_account, '-')), 'UTF8')), 'hex');
  loop
    insert into quota_holds (reference, wallet_id, account_id, amount, lasting, status, created_at)
      select p_reference, w.id, coalesce(p_account, w.account_id), p_amount,
        greatest(0, p_amount - (w.available - w.lasting)), 'held', p_at
      from wallets w
      where w.id = p_wallet and w.available >= p_amount
        and not exists (select 1 from quota_transfers t where t.key = p_key)
      on conflict (reference) do nothing
      returning lasting into v_lasting;
    if found then
      update wallets w set
        available = w.available - p_amount,
        lasting   = w.lasting - v_lasting,
        held      = w.held + p_amount
        where w.id = p_wallet and w.available >= p_amount
          and greatest(0, p_amount - (w.available - w.lasting)) = v_lasting
        returning w.available, w.held into available, held;
      if found then
        insert into quota_transfers (at, wallet_id, verb, debit, credit, amount, lasting, reference, key, request_hash)
          values (p_at, p_wallet, 'hold', 'available', 'held', p_amount, v_lasting, p_reference, p_key, v_hash);
        outcome := 'applied';
        amount := p_amount;
        return;
      end if;
      delete from quota_holds h where h.reference = p_reference;
    end if;

    select w.available, w.held into available, held from wallets w where w.id = p_wallet;
    if not found then
      raise exception 'quota_hold: there is no wallet %', p_wallet using errcode = 'P0002';
    end if;
    select t.amount, t.request_hash into earlier from quota_transfers t where t.key = p_key;
    if found then
      outcome := case when earlier.request_hash = v_hash then 'replay' else 'key_reused' end;
      amount := earlier.amount;
      return;
    end if;
    if available < p_amount then
      outcome := 'short';
      amount := p_amount;
      return;
    end if;
    if exists (select 1 from quota_holds h where h.reference = p_reference) then
      raise exception 'quota_hold: % is held with another key', p_reference using errcode = '23505';
    end if;
    -- Others have moved units between the two looks: once more.
  end loop;
end $$;
--> statement-breakpoint
create function quota_post(
  p_verb text, p_wallet text, p_amount integer, p_reference text, p_key text, p_at timestamptz,
  p_lasting boolean default false
) returns table (outcome text, available integer, held integer, amount integer)
language plpgsql as $$
declare
  wallet record;
  hold record;
  earlier record;
  v_amount integer := p_amount;
  v_lasting integer := 0;
  v_debit text;
  v_credit text;
  v_hash text;
begin
  if p_verb is null or p_verb not in
      ('grant', 'capture', 'release', 'refund', 'expire', 'take_back') then
    raise exception 'quota_post: unknown verb %', p_verb using errcode = '22023';
  end if;
  if p_wallet is null or p_reference is null or p_key is null or p_at is null or p_lasting is null then
    raise exception 'quota_post: wallet, reference, key, time and kind are required' using errcode = '22004';
  end if;
  if p_verb in ('grant', 'expire', 'take_back') and (p_amount is null or p_amount <= 0) then
    raise exception 'quota_post: the amount must be a positive whole number' using errcode = '22023';
  end if;
  if p_verb in ('capture', 'release', 'refund') and p_amount is not null then
    raise exception 'quota_post: the amount of % is that of its hold', p_verb using errcode = '22023';
  end if;
  v_hash := encode(sha256(convert_to(concat_ws(E'\n', p_verb, p_wallet,
    coalesce(p_amount::text, '-'), p_reference, p_lasting), 'UTF8')), 'hex');

  select w.available, w.lasting, w.held into wallet
    from wallets w where w.id = p_wallet for update;
  if not found then
    raise exception 'quota_post: there is no wallet %', p_wallet using errcode = 'P0002';
  end if;

  select t.amount, t.request_hash into earlier from quota_transfers t where t.key = p_key;
  if found then
    return query select case when earlier.request_hash = v_hash then 'replay' else 'key_reused' end,
      wallet.available, wallet.held, earlier.amount;
    return;
  end if;

  if p_verb in ('capture', 'release', 'refund') then
    select h.amount, h.lasting, h.status into hold from quota_holds h
      where h.reference = p_reference and h.wallet_id = p_wallet;
    if not found then
      return query select 'hold_missing', wallet.available, wallet.held, 0;
      return;
    end if;
    if hold.status <> (case when p_verb = 'refund' then 'captured' else 'held' end) then
      return query select 'settled', wallet.available, wallet.held, hold.amount;
      return;
    end if;
    v_amount := hold.amount;
    v_lasting := hold.lasting;
    update quota_holds set
      status = case p_verb when 'capture' then 'captured' when 'release' then 'released' else 'refunded' end,
      settled_at = p_at
      where reference = p_reference;
  elsif p_verb = 'grant' then
    v_lasting := case when p_lasting then p_amount else 0 end;
  elsif p_verb = 'expire' then
    if wallet.available - wallet.lasting < p_amount then
      return query select 'short', wallet.available, wallet.held, p_amount;
      return;
    end if;
  else
    v_amount := least(p_amount,
      case when p_lasting then wallet.lasting else wallet.available - wallet.lasting end);
    if v_amount = 0 then
      return query select 'short', wallet.available, wallet.held, 0;
      return;
    end if;
    v_lasting := case when p_lasting then v_amount else 0 end;
  end if;

  v_debit := case p_verb when 'grant' then 'source' when 'capture' then 'held'
    when 'release' then 'held' when 'refund' then 'spent' else 'available' end;
  v_credit := case p_verb when 'capture' then 'spent'
    when 'expire' then 'expired' when 'take_back' then 'returned' else 'available' end;

  insert into quota_transfers (at, wallet_id, verb, debit, credit, amount, lasting, reference, key, request_hash)
    values (p_at, p_wallet, p_verb, v_debit, v_credit, v_amount, v_lasting, p_reference, p_key, v_hash);

  return query update wallets w set
    granted   = w.granted   + case when v_debit = 'source' then v_amount else 0 end,
    available = w.available + case when v_credit = 'available' then v_amount else 0 end
                            - case when v_debit = 'available' then v_amount else 0 end,
    lasting   = w.lasting   + case when v_credit = 'available' then v_lasting else 0 end
                            - case when v_debit = 'available' then v_lasting else 0 end,
    held      = w.held      - case when v_debit = 'held' then v_amount else 0 end,
    spent     = w.spent     + case when v_credit = 'spent' then v_amount else 0 end
                            - case when v_debit = 'spent' then v_amount else 0 end,
    expired   = w.expired   + case when v_credit = 'expired' then v_amount else 0 end,
    returned  = w.returned  + case when v_credit = 'returned' then v_amount else 0 end
    where w.id = p_wallet
    returning 'applied', w.available, w.held, v_amount;
end $$;
--> statement-breakpoint
-- Begins a month: what is left of the one before expires, and p_amount is granted, in one movement of
-- the wallet. Packs and holds stay as they are. `amount` is what has expired.
create function quota_renew(
  p_wallet text, p_amount integer, p_reference text, p_key text, p_at timestamptz,
  p_start timestamptz, p_end timestamptz
) returns table (outcome text, available integer, held integer, amount integer)
language plpgsql as $$
declare
  wallet wallets%rowtype;
  earlier quota_transfers%rowtype;
  v_rest integer;
  v_hash text;
begin
  if p_wallet is null or p_reference is null or p_key is null or p_at is null then
    raise exception 'quota_renew: wallet, reference, key and time are required' using errcode = '22004';
  end if;
  if p_amount is null or p_amount <= 0 then
    raise exception 'quota_renew: the amount must be a positive whole number' using errcode = '22023';
  end if;
  if p_start is null or p_end is null or p_end <= p_start then
    raise exception 'quota_renew: a month ends after it has begun' using errcode = '22023';
  end if;
  v_hash := encode(sha256(convert_to(concat_ws(E'\n', 'renew', p_wallet, p_amount, p_reference,
    extract(epoch from p_start), extract(epoch from p_end)), 'UTF8')), 'hex');

  select * into wallet from wallets w where w.id = p_wallet for update;
  if not found then
    raise exception 'quota_renew: there is no wallet %', p_wallet using errcode = 'P0002';
  end if;
  v_rest := wallet.available - wallet.lasting;

  select * into earlier from quota_transfers t where t.key = p_key;
  if found then
    return query select case when earlier.request_hash = v_hash then 'replay' else 'key_reused' end,
      wallet.available, wallet.held, 0;
    return;
  end if;
  if p_start <= wallet.period_start then
    return query select 'stale', wallet.available, wallet.held, 0;
    return;
  end if;

  if v_rest > 0 then
    insert into quota_transfers (at, wallet_id, verb, debit, credit, amount, lasting, reference, key, request_hash)
      values (p_at, p_wallet, 'expire', 'available', 'expired', v_rest, 0, p_reference, p_key || ':rest', v_hash);
  end if;
  insert into quota_transfers (at, wallet_id, verb, debit, credit, amount, lasting, reference, key, request_hash)
    values (p_at, p_wallet, 'grant', 'source', 'available', p_amount, 0, p_reference, p_key, v_hash);
  return query update wallets w set
    granted = w.granted + p_amount,
    available = w.lasting + p_amount,
    expired = w.expired + v_rest,
    period_start = p_start,
    period_end = p_end
    where w.id = p_wallet
    returning 'applied', w.available, w.held, v_rest;
end $$;
--> statement-breakpoint
-- Moves units of packs from one wallet to another. Both are locked in the order of their ids, so that
-- two that give to each other do not wait for ever. The balances are those of the giver.
create function quota_give(
  p_from text, p_to text, p_amount integer, p_reference text, p_key text, p_at timestamptz
) returns table (outcome text, available integer, held integer, amount integer)
language plpgsql as $$
declare
  giver wallets%rowtype;
  earlier quota_transfers%rowtype;
  v_hash text;
begin
  if p_from is null or p_to is null or p_reference is null or p_key is null or p_at is null then
    raise exception 'quota_give: wallets, reference, key and time are required' using errcode = '22004';
  end if;
  if p_from = p_to or p_amount is null or p_amount <= 0 then
    raise exception 'quota_give: another wallet and a positive whole number are needed' using errcode = '22023';
  end if;
  v_hash := encode(sha256(convert_to(
    concat_ws(E'\n', 'give', p_from, p_to, p_amount, p_reference), 'UTF8')), 'hex');

  perform 1 from wallets w where w.id in (p_from, p_to) order by w.id for update;
  select * into giver from wallets w where w.id = p_from;
  if not found or not exists (select 1 from wallets w where w.id = p_to) then
    raise exception 'quota_give: there is no wallet % or %', p_from, p_to using errcode = 'P0002';
  end if;

  select * into earlier from quota_transfers t where t.key = p_key;
  if found then
    return query select case when earlier.request_hash = v_hash then 'replay' else 'key_reused' end,
      giver.available, giver.held, earlier.amount;
    return;
  end if;
  if giver.lasting < p_amount then
    return query select 'short', giver.lasting, giver.held, p_amount;
    return;
  end if;

  insert into quota_transfers (at, wallet_id, verb, debit, credit, amount, lasting, reference, key, request_hash)
    values (p_at, p_from, 'give', 'available', 'transit', p_amount, p_amount, p_reference, p_key, v_hash),
           (p_at, p_to, 'receive', 'transit', 'available', p_amount, p_amount, p_reference, p_key || ':in', v_hash);
  update wallets w set granted = w.granted + p_amount, available = w.available + p_amount,
    lasting = w.lasting + p_amount where w.id = p_to;
  return query update wallets w set given = w.given + p_amount, available = w.available - p_amount,
    lasting = w.lasting - p_amount where w.id = p_from
    returning 'applied', w.available, w.held, p_amount;
end $$;
