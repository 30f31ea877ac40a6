import type { Services } from '../context.ts';

/** Where the payment service sends the person to afterwards. */
export function billingPages(
  services: Services,
  checkoutId: string,
): { readonly done: string; readonly cancelled: string } {
  const base = services.publicUrl() ?? '';
  const signed = `checkout=${checkoutId}&sig=${services.crypto.sign('billing', checkoutId)}`;
  return { done: `${base}/billing/done?${signed}`, cancelled: `${base}/billing/cancelled` };
}

/** Whether the address of a result page is ours for this checkout. */
export const isBillingPage = (services: Services, checkoutId: string, signature: string): boolean =>
  services.crypto.verify(signature, 'billing', checkoutId);
