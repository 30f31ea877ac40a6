import type { APIButtonComponent } from 'discord-api-types/v10';

import type { Locale } from '../../core/messages/catalogue.ts';
import { paymentWords } from '../../core/messages/cards/payment.ts';
import { formatMoney } from '../../core/messages/money.ts';
import { productName } from '../../core/messages/plan-words.ts';
import type { Notice } from '../../core/notice/deliver.ts';
import type { PaymentNews } from '../../core/notice/payment-news.ts';
import { actionId } from './action-id.ts';
import { moment, quoted, small } from './cards/format.ts';
import { linkPart } from './cards/link-part.ts';
import { accents, button, row, text } from './view.ts';

/** What came of a payment, in one sentence. */
export function paymentHeadline(news: PaymentNews, locale: Locale): string {
  const words = paymentWords[locale];
  if (news.kind === 'failed') return words.failed;
  if (news.kind === 'ended') return words.ended({ name: planName(news.plan, locale) });
  const what = nameOf(news.product, locale);
  if (news.kind === 'returned')
    return news.isBack ? words.givenAgain({ what }) : words.returned({ what });
  const money = quoted(formatMoney(news.amount, news.currency, locale), 40);
  return words.received({ money, what });
}

const planName = (plan: string | null, locale: Locale): string =>
  plan === null ? paymentWords[locale].plan : nameOf(plan, locale);

const nameOf = (product: string, locale: Locale): string =>
  quoted(productName(product, locale), 60);

/** What it means for the person's quota, and the ways on from there. */
export function drawPayment(
  news: PaymentNews,
  { locale, userId }: Pick<Notice, 'locale' | 'userId'>,
) {
  const failed = news.kind === 'failed' ? payPart(news, locale) : null;
  return [
    text(factsOf(news, locale)),
    ...(failed?.line ?? []),
    row(...(failed?.buttons ?? []), ...waysOn(news, { locale, userId })),
  ];
}

function factsOf(news: PaymentNews, locale: Locale): string {
  const words = paymentWords[locale];
  if (news.kind === 'failed') return words.why[news.failure];
  if (news.kind === 'ended') return words.endedNote;
  const { units } = news;
  if (news.kind === 'returned') {
    if (news.isBack) return words.yoursAgain;
    return units > 0 ? words.takenBack({ units }) : words.nothingLeft;
  }
  const { until } = news;
  const lasting = until === null ? words.forGood : words.until({ when: moment(until, 'f') });
  return `${words.units({ units })}\n${small(lasting)}`;
}

/** Where it can be paid or confirmed after all. */
function payPart({ failure, payUrl }: Extract<PaymentNews, { kind: 'failed' }>, locale: Locale) {
  if (payUrl === null) return null;
  return linkPart(payUrl, { label: paymentWords[locale].step[failure], emoji: '💳' });
}

function waysOn(
  { kind }: PaymentNews,
  { locale, userId }: Pick<Notice, 'locale' | 'userId'>,
): APIButtonComponent[] {
  const words = paymentWords[locale];
  const plans = button(actionId('plans-show', userId), { label: words.plans, emoji: '⬆️' });
  const quota = button(actionId('quota-show', userId), { label: words.quota, emoji: '🔋' });
  const manage = button(actionId('plan-manage', userId), { label: words.manage, emoji: '💳' });
  if (kind === 'failed') return [manage];
  return kind === 'ended' ? [plans, quota] : [quota];
}

/** Whether it is good news, bad, or neither. */
export function paymentAccent(news: PaymentNews): number {
  if (news.kind === 'received') return accents.good;
  if (news.kind === 'failed') return accents.waiting;
  return accents.quiet;
}
