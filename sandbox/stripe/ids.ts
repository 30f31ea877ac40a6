import { createHash } from 'node:crypto';

import type { StripeState } from './state.ts';

/** A new id in Stripe's form, such as `cus_…`; repeatable for a seeded state. */
export function newId(state: StripeState, prefix: string, length = 24): string {
  state.made += 1;
  return `${prefix}_${drawn(`${state.salt}:${state.made}`, length)}`;
}

function drawn(source: string, length: number): string {
  let text = '';
  for (let turn = 0; text.length < length; turn += 1) {
    const digest = createHash('sha256').update(`${source}:${turn}`).digest('base64');
    text += digest.replaceAll(/[^0-9A-Za-z]/g, '');
  }
  return text.slice(0, length);
}
