import { createHmac } from 'node:crypto';

import { billingPages } from '../../core/billing/pages.ts';
import { garbage, sigOf, type Attack } from './attack-parts.ts';
import type { Scene } from './scene.ts';

export function payments({ scene: { world } }: { readonly scene: Scene }): Attack[] {
  const path = '/webhooks/stripe';
  const time = Math.floor(world.now().getTime() / 1000);
  const object = { id: 'in_1', object: 'invoice' };
  const event = { id: 'evt_1', object: 'event', type: 'invoice.paid', created: time };
  const body = JSON.stringify({ ...event, data: { object } });
  const post = { method: 'POST', body, statuses: [400] };
  const saying = (signature: string) => ({ 'stripe-signature': `t=${time},v1=${signature}` });
  return [
    { what: 'nothing', path, method: 'POST', statuses: [400] },
    { what: 'garbage', path: `${path}?${garbage}`, ...post },
    { what: 'no signature', path, headers: { 'stripe-signature': `t=${time}` }, ...post },
    { what: 'a forged one', path, headers: saying('0'.repeat(64)), ...post },
    { what: 'one of an empty secret', path, headers: saying(hmacOf('', time, body)), ...post },
  ];
}

/** The page after paying, with what was signed for another checkout or another thing. */
export function billingPage({
  links,
  scene: { world },
}: {
  readonly links: { readonly owner: { readonly approvals: string } };
  readonly scene: Scene;
}): Attack[] {
  const path = '/billing/done';
  const of = (checkout: string, sig: string) => `${path}?checkout=${checkout}&sig=${sig}`;
  const unknown = new URL(billingPages(world.app, 'chk_unknown').done).searchParams.get('sig');
  return [
    { what: 'nothing', path },
    { what: 'garbage', path: `${path}?${garbage}` },
    { what: 'a checkout that is none', path: of('chk_unknown', unknown ?? '') },
    { what: 'the signature of another checkout', path: of('chk_1', unknown ?? '') },
    { what: 'the signature of an approval', path: of('chk_1', sigOf(links.owner.approvals)) },
  ];
}

const hmacOf = (secret: string, time: number, body: string): string =>
  createHmac('sha256', secret).update(`${time}.${body}`).digest('hex');
