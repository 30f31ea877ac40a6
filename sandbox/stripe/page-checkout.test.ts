import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { cards, openShop, typed, visit, type Shop } from '../../test/kit/stripe-shop.ts';
import { testMethods } from './cards.ts';
import { priceIds } from './catalogue.ts';
import { bankAccounts, testCards } from './pages/test-cards.ts';

let shop: Shop;
beforeEach(async () => {
  shop = await openShop();
});
afterEach(() => shop.close());

const open = async (wish?: Parameters<Shop['openCheckout']>[0]) => {
  const { id, url } = await shop.openCheckout(wish);
  return { id, url: url ?? '' };
};
const statusOf = async (id: string) => {
  const { status, payment_status } = await shop.api.checkout.sessions.retrieve(id);
  return `${status} ${payment_status}`;
};
const charges = (status: string) =>
  [...shop.stripe.state.charges.values()].filter((charge) => charge.status === status).length;
const done = (id: string) => `http://127.0.0.1:8080/done?session=${id}`;

describe('the page of a checkout', () => {
  it('says what is bought, what it costs and that nothing is real', async () => {
    const { url } = await open();
    const page = await visit(url);
    expect(page.status).toBe(200);
    for (const part of [
      'Sandbox: nothing here reaches Stripe',
      'Subscribe to Pro',
      '$29.00 per month',
      'Total due today $29.00',
      'You can cancel at any time.',
    ]) {
      expect(page.text).toContain(part);
    }
    expect(page.markup).toContain('href="http://127.0.0.1:8080/cancelled"');
    expect(page.markup).not.toContain('<script');
  });

  it('names a pack as paid once', async () => {
    const { url } = await open({
      mode: 'payment',
      line_items: [{ price: priceIds.STRIPE_PRICE_PACK_SMALL, quantity: 2 }],
    });
    const { text } = await visit(url);
    expect(text).toContain('Buy Small pack');
    expect(text).toContain('$10.00 one-time payment');
    expect(text).toContain('Quantity 2');
    expect(text).toContain('Pay $10.00');
    expect(text).not.toContain('cancel at any time');
  });

  it.each([
    ['zh', 'en', 'zh-CN', '订阅 Pro'],
    ['en', 'zh-CN,zh;q=0.9', 'en', 'Subscribe to Pro'],
    ['auto', 'zh-CN,zh;q=0.9,en;q=0.8', 'zh-CN', '订阅 Pro'],
    ['auto', 'en;q=0.5, zh;q=0.8', 'zh-CN', '订阅 Pro'],
    ['auto', 'fr, zh;q=0, en;q=0.1', 'en', 'Subscribe to Pro'],
    ['auto', 'fr', 'en', 'Subscribe to Pro'],
  ] as const)(
    'with locale %s in a browser of %s speaks %s',
    async (locale, language, tag, title) => {
      const { url } = await open({ locale });
      const { markup, text } = await visit(url, { language });
      expect(markup).toContain(`<html lang="${tag}">`);
      expect(text).toContain(title);
    },
  );

  it('lists every test card of the sandbox, and its bank accounts', () => {
    const known = (kind: string) =>
      testMethods.filter((method) => method.kind === kind).map(({ number }) => number);
    expect(testCards.map(({ number }) => number)).toEqual(known('card'));
    expect(Object.values(bankAccounts)).toEqual(known('us_bank_account'));
  });

  it('fills in a test card that is picked, keeps the address and charges nothing', async () => {
    const { id, url } = await open();
    const page = await visit(url, { fields: { email: 'a<b@example.com', fill: cards.lost } });
    expect(page.status).toBe(200);
    expect(page.markup).toContain('value="4000 0000 0000 9987"');
    expect(page.markup).toContain('value="12 / 34"');
    expect(page.markup).toContain('value="a&lt;b@example.com"');
    expect(page.markup).toMatch(/<button class="main"\s+autofocus/u);
    expect(await statusOf(id)).toBe('open unpaid');
  });

  it('knows the address of the customer and does not ask for it', async () => {
    const { url } = await open({ customer_email: 'grace@example.com' });
    const { text, markup } = await visit(url);
    expect(text).toContain('grace@example.com');
    expect(markup).not.toContain('name="email"');
  });

  it('says that there is nothing at an unknown address', async () => {
    const page = await visit(`${shop.stripe.url}/c/pay/cs_test_none`, { language: 'zh' });
    expect(page.status).toBe(404);
    expect(page.text).toContain('此地址没有内容');
  });
});

describe('paying', () => {
  it('with the success card leads to where the seller said, with the id put in', async () => {
    const { id, url } = await open();
    const paid = await visit(url, { fields: typed('4242 4242 4242 4242') });
    expect(paid).toMatchObject({ status: 303, location: done(id) });
    expect(await statusOf(id)).toBe('complete paid');
    const session = await shop.api.checkout.sessions.retrieve(id);
    expect(session.customer_details?.email).toBe('ada@example.com');
  });

  it('twice at once pays once, and both are led on', async () => {
    const { id, url } = await open();
    const both = await Promise.all([
      visit(url, { fields: typed(cards.success) }),
      visit(url, { fields: typed(cards.success) }),
    ]);
    expect(both.map(({ location }) => location)).toEqual([done(id), done(id)]);
    expect(charges('succeeded')).toBe(1);
    expect(shop.stripe.state.subscriptions.size).toBe(1);
  });

  it.each([
    [cards.declined, 'Your card was declined. Please try a different card.'],
    [cards.noFunds, 'Your card has insufficient funds. Please try a different card.'],
    [cards.lost, 'Your card was declined. Please try a different card.'],
    [cards.stolen, 'Your card was declined. Please try a different card.'],
    [cards.expired, 'Your card has expired. Please try a different card.'],
    [cards.failsLater, 'Your card was declined. Please try a different card.'],
    ['4111 1111 1111 1111', 'This is a sandbox, and this is none of its test cards.'],
  ])('with %s says why not, and takes another card', async (number, words) => {
    const { id, url } = await open();
    const refused = await visit(url, { fields: typed(number) });
    expect(refused.status).toBe(402);
    const told = /<p class="alert"[^>]*>([^<]*)/u.exec(refused.markup)?.[1];
    expect(told).toContain(words);
    expect(told).not.toMatch(/lost|stolen/iu);
    expect(refused.markup).toMatch(/id="number"[^>]*value=""/u);
    expect(await statusOf(id)).toBe('open unpaid');
    const paid = await visit(url, { fields: typed(cards.success) });
    expect(paid.location).toBe(done(id));
  });

  it.each([
    ['number', '4242 4242 4242 4241', 'Your card number is invalid.'],
    ['number', '', 'Enter the card number.'],
    ['expiry', '10/26', 'Your card’s expiration date is in the past.'],
    ['cvc', '', 'Enter the security code.'],
    ['email', 'ada', 'Enter an e-mail address, such as ada@example.com.'],
  ])('refuses at %s what is wrong there (%j)', async (field, value, words) => {
    const { url } = await open();
    const refused = await visit(url, { fields: typed(cards.success, { [field]: value }) });
    expect(refused.status).toBe(422);
    expect(refused.markup).toContain(`id="${field}-problem">${words}<`);
    expect(refused.markup).toMatch(
      new RegExp(`aria-invalid="true" aria-describedby="${field}-problem" autofocus`, 'u'),
    );
    expect(charges('succeeded') + charges('failed')).toBe(0);
  });

  it('takes a card in the last month in which it is good', async () => {
    const { id, url } = await open();
    const paid = await visit(url, { fields: typed(cards.success, { expiry: '11/26' }) });
    expect(paid.location).toBe(done(id));
  });

  it.each([
    ['pays', 'complete paid'],
    ['refuses', 'complete unpaid'],
  ])('by a bank that %s is settled a day later', async (bank, end) => {
    const { id, url } = await open();
    const fields = { email: 'ada@example.com', method: 'bank', bank };
    expect(await visit(url, { fields })).toMatchObject({ status: 303, location: done(id) });
    expect(await statusOf(id)).toBe('complete unpaid');
    shop.clock.advance(24 * 3_600_000 + 1000);
    expect(await statusOf(id)).toBe(end);
  });
});

describe('3-D Secure', () => {
  const toBank = async (card: string) => {
    const { id, url } = await open();
    const sent = await visit(url, { fields: typed(card) });
    expect(sent).toMatchObject({ status: 303, location: `/c/pay/${id}/confirm` });
    return { id, url, bank: `${url}/confirm` };
  };

  it('asks at the bank, and pays when it is confirmed', async () => {
    const { id, bank } = await toBank(cards.confirm);
    const { text } = await visit(bank);
    expect(text).toContain('127.0.0.1:8080 asks for $29.00 from the card ending in 3155.');
    expect(await statusOf(id)).toBe('open unpaid');
    const paid = await visit(bank, { fields: { decision: 'complete' } });
    expect(paid).toMatchObject({ status: 303, location: done(id) });
    expect(await statusOf(id)).toBe('complete paid');
  });

  it('that fails leaves the checkout open for another card', async () => {
    const { id, url, bank } = await toBank(cards.confirm);
    const refused = await visit(bank, { fields: { decision: 'fail' } });
    expect(refused.status).toBe(402);
    expect(refused.text).toContain('We are unable to authenticate your payment method.');
    expect(await statusOf(id)).toBe('open unpaid');
    expect((await visit(url, { fields: typed(cards.success) })).location).toBe(done(id));
  });

  it('that is confirmed without money on the card is declined', async () => {
    const { id, bank } = await toBank(cards.confirmNoFunds);
    const refused = await visit(bank, { fields: { decision: 'complete' } });
    expect(refused.status).toBe(402);
    expect(refused.text).toContain('Your card has insufficient funds.');
    expect(await statusOf(id)).toBe('open unpaid');
  });

  it('confirmed twice pays once', async () => {
    const { id, bank } = await toBank(cards.confirmEach);
    const confirmed = await Promise.all(
      [1, 2].map(() => visit(bank, { fields: { decision: 'complete' } })),
    );
    expect(confirmed.map(({ location }) => location)).toEqual([done(id), done(id)]);
    expect(charges('succeeded')).toBe(1);
  });

  it('is not asked for where nothing waits', async () => {
    const { id, url } = await open();
    const bank = `${url}/confirm`;
    expect((await visit(bank)).location).toBe(`/c/pay/${id}`);
    const decided = await visit(bank, { fields: { decision: 'complete' } });
    expect(decided.location).toBe(`/c/pay/${id}`);
    expect(await statusOf(id)).toBe('open unpaid');
  });
});

describe('a checkout that is over', () => {
  it('says that it is paid, and leads on', async () => {
    const { id, url } = await open();
    await visit(url, { fields: typed(cards.success) });
    const page = await visit(url);
    expect(page.status).toBe(200);
    expect(page.text).toContain('You have already paid');
    expect(page.markup).toContain(`href="${done(id)}"`);
    expect((await visit(`${url}/confirm`)).location).toBe(`/c/pay/${id}`);
  });

  it.each([
    [24 * 3600 - 1, 200, 'Subscribe to Pro'],
    [24 * 3600, 410, 'This checkout has expired'],
    [24 * 3600 + 1, 410, 'This checkout has expired'],
  ])('after %i seconds answers %i', async (seconds, status, words) => {
    const { url } = await open();
    shop.clock.advance(seconds * 1000);
    const page = await visit(url);
    expect(page.status).toBe(status);
    expect(page.text).toContain(words);
  });

  it('takes no money once it has expired', async () => {
    const { id, url } = await open();
    await shop.api.checkout.sessions.expire(id);
    const refused = await visit(url, { fields: typed(cards.success) });
    expect(refused.status).toBe(410);
    expect(refused.text).toContain('Nothing was charged.');
    expect(charges('succeeded')).toBe(0);
  });
});

it('lets no page be framed, cached or scripted', async () => {
  const { url } = await open();
  const page = await visit(url);
  expect(page.header('content-security-policy')).toContain("default-src 'none'");
  expect(page.header('content-security-policy')).toContain("frame-ancestors 'none'");
  expect(page.header('cache-control')).toBe('no-store');
});
