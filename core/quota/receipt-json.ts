import type { ReceiptLine, ReceiptReader, ReceiptTotals } from './receipt-lines.ts';

/** Raised when a reader of the file would have to change. */
const schema = 'jilo.receipt/1';

/** A receipt as one JSON document: its schema's name first, an entry a line, totals at the end. */
export async function* writeJson(
  lines: AsyncGenerator<ReceiptLine, ReceiptTotals>,
  { accountId, month, timeZone }: ReceiptReader,
  now: Date,
): AsyncGenerator<string, void> {
  const head = {
    schema,
    account: accountId,
    month,
    time_zone: timeZone,
    created_at: now.toISOString(),
  };
  yield `${JSON.stringify(head).slice(0, -1)},"entries":[`;
  let next = await lines.next();
  for (let comma = ''; !next.done; next = await lines.next()) {
    yield `${comma}\n${JSON.stringify(entryOf(next.value))}`;
    comma = ',';
  }
  const { opening, closing, paid } = next.value;
  const totals = { opening, closing, paid: Object.fromEntries(paid) };
  yield `\n],"totals":${JSON.stringify(totals)}}\n`;
}

const entryOf = ({ at, record, purpose, paidBy, money, ...line }: ReceiptLine) => ({
  date: at.toISOString(),
  record,
  what: purpose,
  verb: line.verb,
  units: line.units,
  change: line.change,
  balance: line.balance,
  kind: line.kind,
  paid_by: paidBy,
  /** In the smallest unit of the currency. */
  money_minor: money?.amount ?? null,
  currency: money?.currency ?? null,
  invoice: line.invoice,
  reference: line.reference,
});
