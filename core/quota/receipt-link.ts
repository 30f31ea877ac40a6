import { secondsAfter } from '../clock.ts';
import { requirePublicUrl, type Services } from '../context.ts';

/** How long an address of a receipt works. */
export const receiptSeconds = 60 * 60;

export const receiptFormats = ['csv', 'json'] as const;
export type ReceiptFormat = (typeof receiptFormats)[number];

/** Whose receipt it is, of which month (null: of everything), as which kind of file. */
export type ReceiptWish = {
  readonly accountId: string;
  readonly format: ReceiptFormat;
  readonly month: string | null;
};

/** The name that a receipt is saved under. */
export const receiptFile = ({ format, month }: Pick<ReceiptWish, 'format' | 'month'>): string =>
  `jilo-receipt${month === null ? '' : `-${month}`}.${format}`;

/**
 * A signed address of a receipt that is put together when it is opened, for an hour.
 * @throws Fault `service_missing` when no web app runs.
 */
export function receiptLink(services: Services, wish: ReceiptWish): string {
  const url = new URL(`/receipts/${wish.accountId}.${wish.format}`, requirePublicUrl(services));
  const expires = String(
    Math.floor(secondsAfter(services.clock.now(), receiptSeconds).getTime() / 1000),
  );
  if (wish.month !== null) url.searchParams.set('month', wish.month);
  url.searchParams.set('exp', expires);
  url.searchParams.set('sig', services.crypto.sign('receipt', ...signedParts(wish), expires));
  return url.href;
}

/** Whether such an address was made by us for exactly this and has not expired. */
export function isReceiptLink(
  { crypto, clock }: Services,
  wish: ReceiptWish,
  { exp, sig }: { readonly exp: string; readonly sig: string },
): boolean {
  const now = clock.now().getTime() / 1000;
  return crypto.verify(sig, 'receipt', ...signedParts(wish), exp) && Number(exp) > now;
}

const signedParts = ({ accountId, format, month }: ReceiptWish): string[] => [
  accountId,
  format,
  month ?? '',
];
