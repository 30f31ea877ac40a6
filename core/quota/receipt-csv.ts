import { plainMoney } from '../messages/money.ts';
import type { Locale } from '../messages/catalogue.ts';
import { quotaWords } from '../messages/quota.ts';
import type { ReceiptLine, ReceiptTotals, Sides } from './receipt-lines.ts';

const columns = [
  'date',
  'record',
  'what',
  'verb',
  'units',
  'in',
  'out',
  'balance',
  'kind',
  'paid_by',
  'money',
  'currency',
  'invoice',
  'reference',
] as const;
type Row = Partial<Readonly<Record<(typeof columns)[number], string | number | null>>>;

/** What spreadsheets take for a formula at the beginning of a cell, in either width. */
const formula = /^[=+\-@\t\r\n＝＋－＠]/u;

/**
 * A cell of RFC 4180. What a spreadsheet would take for a formula begins with an apostrophe.
 * @internal
 */
export function csvCell(value: string | number | null): string {
  const words = String(value ?? '');
  const safe = formula.test(words) ? `'${words}` : words;
  return /[",\r\n]/u.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const csvRow = (row: Row): string =>
  `${columns.map((column) => csvCell(row[column] ?? null)).join(',')}\r\n`;

/** A receipt as CSV for spreadsheets: UTF-8 with its mark, lines that end in CR LF, totals at the end. */
export async function* writeCsv(
  lines: AsyncGenerator<ReceiptLine, ReceiptTotals>,
  { locale, month }: { readonly locale: Locale; readonly month: string | null },
): AsyncGenerator<string, void> {
  yield `\u{FEFF}${columns.join(',')}\r\n`;
  let next = await lines.next();
  for (; !next.done; next = await lines.next()) yield csvRow(rowOf(next.value));
  const { opening, closing, paid } = next.value;
  const words = quotaWords[locale];
  const sideRow = (side: keyof Sides, units: number, isOpening: boolean): Row => {
    const what = words.sides[side];
    return {
      record: isOpening ? 'opening' : 'total',
      what: isOpening ? words.before({ what }) : what,
      units,
      reference: side,
    };
  };
  for (const side of month === null ? [] : sides) yield csvRow(sideRow(side, opening[side], true));
  for (const side of sides) yield csvRow(sideRow(side, closing[side], false));
  for (const [currency, amount] of paid) {
    const money = { money: plainMoney(amount, currency), currency: currency.toUpperCase() };
    yield csvRow({ record: 'total', what: words.paid, ...money, reference: 'paid' });
  }
}

const sides = [
  'granted',
  'available',
  'held',
  'spent',
  'expired',
  'returned',
  'given',
] as const satisfies readonly (keyof Sides)[];

const rowOf = ({ money, change, ...line }: ReceiptLine): Row => ({
  date: line.at.toISOString(),
  record: line.record,
  what: line.purpose,
  verb: line.verb,
  units: line.units,
  in: change > 0 ? change : null,
  out: change < 0 ? -change : null,
  balance: line.balance,
  kind: line.kind,
  paid_by: line.paidBy,
  money: money && plainMoney(money.amount, money.currency),
  currency: money && money.currency.toUpperCase(),
  invoice: line.invoice,
  reference: line.reference,
});
