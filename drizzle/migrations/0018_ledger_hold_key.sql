-- As in 0010, but for a key that something else takes while the hold waits for the wallet: it is told so, and
-- not by an error of the index.
create or replace function quota_hold(
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
          values (p_at, p_wallet, 'hold', 'available', 'held', p_amount, v_lasting, p_reference, p_key, v_hash)
          on conflict do nothing;
        if found then
          outcome := 'applied';
          amount := p_amount;
          return;
        end if;
        -- The key went to something else while this waited for the wallet.
        update wallets w set
          available = w.available + p_amount,
          lasting   = w.lasting + v_lasting,
          held      = w.held - p_amount
          where w.id = p_wallet;
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
