import { secondsAfter } from '../clock.ts';
import { requirePublicUrl, type Services } from '../context.ts';

/** How long an address of an export works. */
const exportSeconds = 60 * 60;

/** The name that an export is saved under. */
export const exportFile = 'jilo-account.json';

/**
 * A signed address of everything that an account holds, put together when it is opened, for an hour.
 * @throws Fault `service_missing` when no web app runs.
 */
export function exportLink(
  services: Services,
  accountId: string,
): { readonly link: string; readonly expiresAt: Date } {
  const url = new URL(`/exports/${accountId}.json`, requirePublicUrl(services));
  const expiresAt = secondsAfter(services.clock.now(), exportSeconds);
  const expires = String(Math.floor(expiresAt.getTime() / 1000));
  url.searchParams.set('exp', expires);
  url.searchParams.set('sig', services.crypto.sign('account-export', accountId, expires));
  return { link: url.href, expiresAt };
}

/** Whether such an address was made by us for this account and has not expired. */
export function isExportLink(
  { crypto, clock }: Services,
  accountId: string,
  { exp, sig }: { readonly exp: string; readonly sig: string },
): boolean {
  const now = clock.now().getTime() / 1000;
  return crypto.verify(sig, 'account-export', accountId, exp) && Number(exp) > now;
}
