import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { openCheckout } from '../core/billing/checkout.ts';
import { followNotice } from '../core/billing/notice.ts';
import { billingPages } from '../core/billing/pages.ts';
import { receivePaymentNotice } from '../core/billing/receive.ts';
import { askWaiting } from '../core/billing/waiting-job.ts';
import type { Context } from '../core/context.ts';
import { perform } from '../core/operation.ts';
import { productOf } from '../core/plan/catalogue.ts';
import { postTransfer } from '../core/quota/ledger.ts';
import { videoGenerate } from '../core/video/generate.ts';
import { bookSettings, PaymentBooks } from '../test/kit/payment-books.ts';
import { createWorld, type World } from '../test/kit/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld({ settings: bookSettings });
});
afterAll(() => world.close());

let people = 0;
let books: PaymentBooks;
let context: Context;
beforeEach(async () => {
  people += 1;
  books = new PaymentBooks(() => world.now(), `page${people}x`);
  const plain = await world.context('terminal', `payer${people}`);
  context = { ...plain, ports: { ...plain.ports, payments: books } };
});

const work = () => ({ ...context, signal: new AbortController().signal });

/** Goes to the checkout of a product; answers its session and the page that it leads back to. */
async function checkout(product: string): Promise<{ session: string; page: string }> {
  const wanted = productOf(product);
  if (!wanted) throw new Error(product);
  await openCheckout(context, wanted);
  const session = [...books.sessions.values()].at(-1);
  const page = billingPages(world.app, session?.metadata['checkout'] ?? '').done;
  return { session: session?.id ?? '', page };
}
async function tellAll(): Promise<void> {
  for (const notice of books.notices) {
    await receivePaymentNotice(context, notice, 'webhook');
    await followNotice.run({ notice: notice.id }, work());
  }
}
const open = async (url: string, language = 'en') => {
  const answer = await fetch(url, { headers: { 'accept-language': language } });
  return {
    status: answer.status,
    refresh: answer.headers.get('refresh'),
    text: await answer.text(),
  };
};

describe('the page after paying', () => {
  test('looks again until the payment is known, and says what it has brought', async () => {
    const { session, page } = await checkout('pack_small');
    expect(await open(page)).toMatchObject({ status: 200, refresh: '3' });
    books.pay(session);
    await tellAll();
    const paid = await open(page);
    expect(paid.refresh).toBe(null);
    expect(paid.text).toContain('Your payment has arrived');
    expect(paid.text).toContain('100');
    expect(paid.text).toContain('small pack');
    expect((await open(page, 'zh-CN')).text).toContain('付款已到账');
  });

  test('says so when the checkout is over', async () => {
    const { session, page } = await checkout('starter');
    books.expire(session);
    await tellAll();
    expect((await open(page)).text).toContain('This checkout is over');
  });

  test('offers what had to wait for quota', async () => {
    const { accountId } = context.actor;
    await postTransfer(world.app.database.db, {
      verb: 'expire',
      walletId: accountId,
      amount: 100,
      reference: 'spent',
      key: `spent:${accountId}`,
      at: world.now(),
    });
    const wish = { prompt: 'a heron waits at the weir', model: 'kling', seconds: 15 };
    await perform(videoGenerate, wish, context);
    const { session, page } = await checkout('pack_small');
    books.pay(session);
    await tellAll();
    await askWaiting.run({ accountId }, work());
    const { text } = await open(page);
    const [, link = ''] = /href="([^"]+\/approvals\/[^"]+)"/.exec(text) ?? [];
    const question = await open(link.replaceAll('&amp;', '&'));
    expect(question.text).toContain('a heron waits at the weir');
  });

  test.each([
    ['without a signature', (page: string) => page.replace(/&sig=.*/, '')],
    ['with another signature', (page: string) => page.replace(/sig=./, 'sig=_')],
    ['for another checkout', (page: string) => page.replace(/checkout=\w+/, 'checkout=chk_other')],
  ])('is not shown %s', async (_, change) => {
    const { page } = await checkout('starter');
    const { status, text } = await open(change(page));
    expect(status).toBe(403);
    expect(text).not.toContain('starter');
  });
});

test.each(['cancelled', 'back'])('the page %s is there in both languages', async (place) => {
  const en = await open(`${world.publicUrl}/billing/${place}`);
  const zh = await open(`${world.publicUrl}/billing/${place}`, 'zh');
  expect([en.status, zh.status]).toEqual([200, 200]);
  expect(zh.text).toContain('聊天');
  expect(en.text).toContain('chat');
});
