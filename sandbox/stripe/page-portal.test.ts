import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { cards, openShop, typed, visit, type Shop } from '../../test/kit/stripe-shop.ts';
import { pause } from './acts.ts';
import { priceIds } from './catalogue.ts';

let shop: Shop;
let customer = '';
let subscription = '';
beforeEach(async () => {
  shop = await openShop();
  ({ customer, subscription } = await shop.subscribe());
});
afterEach(() => shop.close());

const openPortal = async (wish?: Parameters<Shop['openPortal']>[1]) => {
  const { url } = await shop.openPortal(customer, wish);
  return { url, path: new URL(url).pathname };
};
const read = () => shop.api.subscriptions.retrieve(subscription);
const priceOf = async () => (await read()).items.data[0]?.price.id;
const hour = 3_600_000;

/** Sends the form of a step and answers the page that it leads to. */
const send = async (url: string, rest: string, fields: Record<string, string> = {}) => {
  const sent = await visit(`${url}${rest}`, { fields });
  expect(sent.status).toBe(303);
  return visit(new URL(sent.location ?? '', url).href);
};

describe('the portal', () => {
  it('shows the plan, its renewal, the card and the invoices, and the way back', async () => {
    const { url } = await openPortal();
    const page = await visit(url);
    expect(page.status).toBe(200);
    for (const part of [
      'Sandbox: nothing here reaches Stripe',
      'Pro Active',
      '$29.00 per month',
      'Renews on December 23, 2026.',
      'Card ending in 4242',
      'November 23, 2026 $29.00 Paid View',
    ]) {
      expect(page.text).toContain(part);
    }
    expect(page.markup).toContain('href="http://127.0.0.1:8080/account"');
  });

  it('speaks Chinese by its locale', async () => {
    const { url } = await openPortal({ locale: 'zh' });
    const page = await visit(url);
    expect(page.markup).toContain('<html lang="zh-CN">');
    expect(page.text).toContain('将于 2026年12月23日续订。');
    expect(page.text).toContain('每月 US$29.00');
  });

  it('of a customer without a subscription says so', async () => {
    customer = (await shop.api.customers.create({ name: 'Alan' })).id;
    const { url } = await openPortal();
    const { text } = await visit(url);
    expect(text).toContain('There is no subscription.');
    expect(text).toContain('There are no invoices yet.');
    expect(text).toContain('No card is saved.');
  });

  it('shows a paused subscription as paused', async () => {
    pause(shop.stripe, subscription);
    const { url } = await openPortal();
    expect((await visit(url)).text).toContain('The subscription is paused.');
  });

  it.each([
    [hour, 200, 'Manage your subscription'],
    [hour + 1000, 410, 'This link has expired'],
  ])('after %i ms answers %i', async (passed, status, words) => {
    const { url } = await openPortal();
    shop.clock.advance(passed);
    for (const rest of ['', '/home']) {
      const page = await visit(`${url}${rest}`);
      expect(page.status).toBe(status);
      expect(page.text).toContain(words);
    }
  });

  it('whose link has expired changes nothing', async () => {
    const { url } = await openPortal();
    shop.clock.advance(hour + 1000);
    const late = await visit(`${url}/plans/${subscription}/cancel`, { fields: {} });
    expect(late.status).toBe(410);
    expect((await read()).cancel_at_period_end).toBe(false);
  });

  it('is nothing at an unknown address', async () => {
    expect((await visit(`${shop.stripe.url}/p/session/bps_none`)).status).toBe(404);
  });

  it('never reaches the subscription of another customer', async () => {
    const other = await shop.subscribe();
    const { url } = await openPortal();
    const page = await send(url, `/plans/${other.subscription}/cancel`);
    expect(page.status).toBe(409);
    expect(page.text).toContain('That is not possible any more.');
    const theirs = await shop.api.subscriptions.retrieve(other.subscription);
    expect(theirs.cancel_at_period_end).toBe(false);
  });
});

describe('a change of plan', () => {
  it('is chosen from the list, asked about and made', async () => {
    const { url, path } = await openPortal();
    const plan = `/plans/${subscription}`;
    const list = await visit(`${url}${plan}/change`);
    expect(list.text).toMatch(
      /Starter \$9\.00 .* Pro \$29\.00 .* This is your plan\. Team \$99\.00/u,
    );
    expect(list.text).not.toContain('pack');
    const asked = await visit(`${url}${plan}/confirm?price=${priceIds.STRIPE_PRICE_TEAM}`);
    expect(asked.text).toContain('Change to Team?');
    expect(asked.text).toContain('The new price is $99.00 per month.');
    expect(asked.markup).toContain(`action="${path}${plan}/change"`);
    const page = await send(url, `${plan}/change`, { price: priceIds.STRIPE_PRICE_TEAM });
    expect(page.text).toContain('The plan was changed.');
    expect(page.text).toContain('Team Active');
    expect(await priceOf()).toBe(priceIds.STRIPE_PRICE_TEAM);
  });

  it('to a cheaper plan is made as well', async () => {
    const { url } = await openPortal();
    const fields = { price: priceIds.STRIPE_PRICE_STARTER };
    const page = await send(url, `/plans/${subscription}/change`, fields);
    expect(page.text).toContain('The plan was changed.');
    expect(await priceOf()).toBe(priceIds.STRIPE_PRICE_STARTER);
  });

  it('sent twice is made and charged once', async () => {
    const { url } = await openPortal();
    const fields = { price: priceIds.STRIPE_PRICE_TEAM };
    await send(url, `/plans/${subscription}/change`, fields);
    const again = await send(url, `/plans/${subscription}/change`, fields);
    expect(again.text).toContain('The plan was changed.');
    expect(shop.stripe.state.invoices.size).toBe(2);
  });

  it.each([priceIds.STRIPE_PRICE_PACK_SMALL, 'price_none', ''])(
    'to %j is not possible',
    async (price) => {
      const { url, path } = await openPortal();
      const page = await send(url, `/plans/${subscription}/change`, { price });
      expect(page.text).toContain('That is not possible any more.');
      expect(await priceOf()).toBe(priceIds.STRIPE_PRICE_PRO);
      const asked = await visit(`${url}/plans/${subscription}/confirm?price=${price}`);
      expect(asked.location).toBe(`${path}/plans/${subscription}/change`);
    },
  );

  it('whose difference the card does not pay leads to its invoice', async () => {
    const { url } = await openPortal();
    await send(url, '/card', typed(cards.failsLater));
    const fields = { price: priceIds.STRIPE_PRICE_TEAM };
    const page = await send(url, `/plans/${subscription}/change`, fields);
    expect(page.text).toMatch(/Invoice SBX-\d{4} Open/u);
    expect(page.text).toContain('Pay with the card ending in 0341');
  });

  it.each([
    ['subscription_update', 'Choose a plan'],
    ['subscription_cancel', 'Cancel the plan?'],
  ] as const)('link made for %s leads straight there', async (type, words) => {
    const { url } = await openPortal({ flow_data: { type, [type]: { subscription } } });
    const sent = await visit(url);
    expect(sent.status).toBe(303);
    const target = new URL(sent.location ?? '', url).href;
    expect((await visit(target)).text).toContain(words);
    expect((await visit(`${url}/home`)).text).toContain('Manage your subscription');
  });

  it('link whose subscription has ended says so', async () => {
    const { url } = await openPortal({
      flow_data: { type: 'subscription_update', subscription_update: { subscription } },
    });
    await shop.api.subscriptions.cancel(subscription);
    const sent = await visit(url);
    const page = await visit(new URL(sent.location ?? '', url).href);
    expect(page.status).toBe(409);
    expect(page.text).toContain('There is no subscription.');
  });
});

describe('the end of a plan', () => {
  it('is asked about, and can be taken back', async () => {
    const { url } = await openPortal();
    const plan = `/plans/${subscription}`;
    const asked = await visit(`${url}${plan}/cancel`);
    expect(asked.text).toContain('It stays as it is until December 23, 2026.');
    const ending = await send(url, `${plan}/cancel`);
    expect(ending.text).toContain('Ends on December 23, 2026, and is not charged again.');
    expect(ending.text).not.toContain('Change plan');
    expect((await read()).cancel_at_period_end).toBe(true);
    const renewed = await send(url, `${plan}/resume`);
    expect(renewed.text).toContain('Renews on December 23, 2026.');
    expect((await read()).cancel_at_period_end).toBe(false);
  });

  it('pressed twice is told once', async () => {
    const { url } = await openPortal();
    const told = () =>
      [...shop.stripe.state.events.values()].filter(
        ({ type }) => type === 'customer.subscription.updated',
      ).length;
    const before = told();
    await send(url, `/plans/${subscription}/cancel`);
    shop.clock.advance(1000);
    await send(url, `/plans/${subscription}/cancel`);
    expect(told()).toBe(before + 1);
  });
});

describe('the card', () => {
  it('is replaced', async () => {
    const { url } = await openPortal();
    const filled = await visit(`${url}/card`, { fields: { fill: cards.failsLater } });
    expect(filled.markup).toContain('value="4000 0000 0000 0341"');
    const page = await send(url, '/card', typed(cards.failsLater));
    expect(page.text).toContain('The card was saved.');
    expect(page.text).toContain('Card ending in 0341');
  });

  it.each([
    [typed(cards.stolen), 402, 'Your card was declined. Please try a different card.'],
    [typed('4242424242424241'), 422, 'Your card number is invalid.'],
    [typed(cards.success, { cvc: '' }), 422, 'Enter the security code.'],
  ])('stays as it is when another one is refused (%#)', async (fields, status, words) => {
    const { url } = await openPortal();
    const refused = await visit(`${url}/card`, { fields });
    expect(refused.status).toBe(status);
    expect(refused.text).toContain(words);
    expect((await visit(url)).text).toContain('Card ending in 4242');
  });
});
