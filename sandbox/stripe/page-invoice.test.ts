import { afterEach, beforeEach, expect, it } from 'vitest';

import { cards, openShop, typed, visit, type Shop } from '../../test/kit/stripe-shop.ts';
import { replaceCard } from './acts.ts';

const day = 24 * 3_600_000;

let shop: Shop;
beforeEach(async () => {
  shop = await openShop();
});
afterEach(() => shop.close());

/** An invoice of a renewal that the card has not paid. */
async function unpaid(card: string) {
  const { customer, subscription } = await shop.subscribe(cards.success);
  replaceCard(shop.stripe, customer, card);
  shop.clock.advance(30 * day + 2 * 3_600_000);
  const id = shop.stripe.state.subscriptions.get(subscription)?.latestInvoice ?? '';
  const { hosted_invoice_url } = await shop.api.invoices.retrieve(id);
  return { id, url: hosted_invoice_url ?? '', customer, subscription };
}
const statusOf = async (id: string) => (await shop.api.invoices.retrieve(id)).status;
const succeeded = () =>
  [...shop.stripe.state.charges.values()].filter(({ status }) => status === 'succeeded').length;

it('shows an open invoice with its lines and what is due', async () => {
  const { url } = await unpaid(cards.failsLater);
  const page = await visit(url);
  expect(page.status).toBe(200);
  for (const part of [
    'Open',
    'Amount due $29.00',
    'Of December 23, 2026',
    '1 × Pro',
    'Pay $29.00',
  ]) {
    expect(page.text).toContain(part);
  }
});

it('takes another card, and then says that it is paid', async () => {
  const { id, url, subscription } = await unpaid(cards.failsLater);
  const paid = await visit(url, { fields: typed(cards.success) });
  expect(paid).toMatchObject({ status: 303, location: `/i/${id}` });
  const page = await visit(url);
  expect(page.text).toContain('This invoice is paid. Nothing more is due.');
  expect(page.text).toContain('Amount due $0.00');
  expect(page.markup).not.toContain('<form');
  expect(await statusOf(id)).toBe('paid');
  expect((await shop.api.subscriptions.retrieve(subscription)).status).toBe('active');
});

it('says why the saved card does not pay, and stays open', async () => {
  const { id, url } = await unpaid(cards.failsLater);
  const refused = await visit(url, { fields: { with: 'saved' } });
  expect(refused.status).toBe(402);
  expect(refused.text).toContain('Your card was declined. Please try a different card.');
  expect(await statusOf(id)).toBe('open');
});

it.each([
  [typed(cards.lost), 402, 'Your card was declined. Please try a different card.'],
  [typed(cards.noFunds), 402, 'Your card has insufficient funds.'],
  [typed(cards.success, { expiry: '01/20' }), 422, 'expiration date is in the past.'],
])('refuses what cannot pay (%#)', async (fields, status, words) => {
  const { id, url } = await unpaid(cards.failsLater);
  const refused = await visit(url, { fields });
  expect(refused.status).toBe(status);
  expect(refused.text).toContain(words);
  expect(await statusOf(id)).toBe('open');
});

it('is confirmed at the bank where a renewal asks for it', async () => {
  const { id, url } = await unpaid(cards.confirmEach);
  const page = await visit(url);
  expect(page.text).toContain('Your bank asks you to confirm this payment.');
  expect(page.text).toContain('Pay with the card ending in 3184');
  const sent = await visit(url, { fields: { with: 'saved' } });
  expect(sent.location).toBe(`/i/${id}/confirm`);
  const bank = `${url}/confirm`;
  expect((await visit(bank)).text).toContain('asks for $29.00 from the card ending in 3184');
  await visit(bank, { fields: { decision: 'complete' } });
  expect(await statusOf(id)).toBe('paid');
});

it('that is not confirmed stays open', async () => {
  const { id, url } = await unpaid(cards.confirmEach);
  const refused = await visit(`${url}/confirm`, { fields: { decision: 'fail' } });
  expect(refused.status).toBe(402);
  expect(refused.text).toContain('We are unable to authenticate your payment method.');
  expect(await statusOf(id)).toBe('open');
});

it('asks the bank for a new card as well, and pays when it is confirmed', async () => {
  const { id, url } = await unpaid(cards.failsLater);
  const sent = await visit(url, { fields: typed(cards.confirm) });
  expect(sent.location).toBe(`/i/${id}/confirm`);
  await visit(`${url}/confirm`, { fields: { decision: 'complete' } });
  expect(await statusOf(id)).toBe('paid');
});

it('sent twice at once pays once', async () => {
  const { id, url } = await unpaid(cards.failsLater);
  const before = succeeded();
  const fields = typed(cards.success);
  const both = await Promise.all([visit(url, { fields }), visit(url, { fields })]);
  expect(both.map(({ location }) => location)).toEqual([`/i/${id}`, `/i/${id}`]);
  expect(succeeded()).toBe(before + 1);
});

it('is not paid once more while the bank works on a debit', async () => {
  const { url } = await shop.openCheckout();
  await visit(url ?? '', { fields: { email: 'ada@example.com', method: 'bank', bank: 'pays' } });
  const id = [...shop.stripe.state.invoices.keys()][0] ?? '';
  const address = `${shop.stripe.url}/i/${id}`;
  expect((await visit(address)).text).toContain('Your bank is working on the payment.');
  await visit(address, { fields: typed(cards.success) });
  expect(succeeded()).toBe(0);
  shop.clock.advance(day + 1000);
  expect(succeeded()).toBe(1);
  expect((await visit(address)).text).toContain('This invoice is paid.');
});

it('leads back to the portal of its customer, and of nobody else', async () => {
  const { url, customer, id } = await unpaid(cards.failsLater);
  const own = await shop.openPortal(customer, { locale: 'zh' });
  const from = (portal: { id: string }) => `${url}?from=${portal.id}`;
  const listed = await visit(own.url);
  expect(listed.markup).toContain(`href="/i/${id}?from=${own.id}"`);
  const page = await visit(from(own));
  expect(page.text).toContain('应付金额');
  expect(page.markup).toContain(`href="/p/session/${own.id}/home"`);
  const paid = await visit(from(own), { fields: typed(cards.success) });
  expect(paid.location).toBe(`/i/${id}?from=${own.id}`);
  const stranger = await shop.subscribe();
  const other = await shop.openPortal(stranger.customer);
  expect((await visit(from(other))).markup).not.toContain(other.id);
});

it('is nothing at an unknown address', async () => {
  expect((await visit(`${shop.stripe.url}/i/in_none`)).status).toBe(404);
});
