import { domainToASCII } from 'node:url';

import { disposableEmailBlocklistSet } from 'disposable-email-domains-js';

let listed: ReadonlySet<string> | null = null;

/**
 * Whether mail to this address goes to a service that gives addresses to anybody for a few minutes,
 * or to a sub-domain of one. What has no domain that can be read counts as such.
 */
export function isDisposableEmail(email: string): boolean {
  // Read once: the list is large, and most processes never ask.
  listed ??= disposableEmailBlocklistSet();
  const written = email.slice(email.lastIndexOf('@') + 1).trim();
  const labels = domainToASCII(written).replace(/\.$/, '').split('.');
  if (labels.length < 2 || labels.includes('')) return true;
  const known = listed;
  return labels.some((_, index) => known.has(labels.slice(index).join('.')));
}
