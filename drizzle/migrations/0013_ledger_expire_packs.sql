-- Closes a wallet for good: whatever is left of it expires in one movement, units of the month and of
-- packs alike, and no month begins any more. Holds stay as they are. `amount` is what has expired.
--
-- outcome: applied | replay (it was closed before; nothing moves)
create function quota_close(
  p_wallet text, p_reference text, p_key text, p_at timestamptz
) returns table (outcome text, available integer, held integer, amount integer)
language plpgsql as $$
declare
  wallet wallets%rowtype;
  v_hash text;
begin
  if p_wallet is null or p_reference is null or p_key is null or p_at is null then
    raise exception 'quota_close: wallet, reference, key and time are required' using errcode = '22004';
  end if;
  v_hash := encode(sha256(convert_to(concat_ws(E'\n', 'close', p_wallet, p_reference), 'UTF8')), 'hex');

  select * into wallet from wallets w where w.id = p_wallet for update;
  if not found then
    raise exception 'quota_close: there is no wallet %', p_wallet using errcode = 'P0002';
  end if;
  if exists (select 1 from quota_transfers t where t.key = p_key) then
    return query select 'replay', wallet.available, wallet.held, 0;
    return;
  end if;

  if wallet.available > 0 then
    insert into quota_transfers (at, wallet_id, verb, debit, credit, amount, lasting, reference, key, request_hash)
      values (p_at, p_wallet, 'expire', 'available', 'expired', wallet.available, wallet.lasting,
        p_reference, p_key, v_hash);
  end if;
  return query update wallets w set
    available = 0,
    lasting = 0,
    expired = w.expired + wallet.available,
    period_end = null
    where w.id = p_wallet
    returning 'applied', w.available, w.held, wallet.available;
end $$;
