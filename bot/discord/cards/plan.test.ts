import { describe, expect, it } from 'vitest';

import { draws, drawIn } from '../../../test/kit/draws.ts';
import {
  idsOfView,
  labelsOfView,
  problemsOfView,
  textOfView,
} from '../../../test/kit/view-limits.ts';
import {
  presentManage,
  presentPacks,
  presentPlanEnding,
  presentPlans,
  presentUpgrade,
} from './plan.ts';

const draw = drawIn('en');
const owner = '12345678901234567890';
const day = '2026-12-22T08:00:00.000Z';
const stamp = '<t:1797926400:';

const offer = (product: string, kind: string, units: number, price: string) => ({
  product,
  kind,
  units,
  price,
  is_current: false,
});
const products = [
  offer('free', 'plan', 100, 'free'),
  offer('starter', 'plan', 300, '$9.00 a month'),
  offer('pro', 'plan', 1200, '$29.00 a month'),
  offer('team', 'plan', 5000, '$99.00 a month'),
  offer('pack_small', 'pack', 100, '$5.00'),
  offer('pack_large', 'pack', 500, '$19.00'),
];
const plansOf = (plan: string, more: object = {}) => ({
  plan,
  renews_at: day,
  ends_at: null,
  products: products.map((one) => ({ ...one, is_current: one.product === plan })),
  ...more,
});
const actionsOf = (view: Parameters<typeof idsOfView>[0]) =>
  idsOfView(view).map((id) => id.replace('v1:', '').replace(`:${owner}`, ''));

describe('the card of plans and packs', () => {
  it('has each with its price and a button, but for the one that everybody has', () => {
    const view = presentPlans(plansOf('free'), draw, {});
    expect(problemsOfView(view)).toStrictEqual([]);
    expect(textOfView(view)).toContain(`Your plan: **Free** · renews ${stamp}R>`);
    expect(textOfView(view)).toContain('✅ **Free** · free\n-# 100 quota a month · your plan');
    expect(textOfView(view)).toContain('**Pro** · $29.00 a month\n-# 1200 quota a month');
    expect(textOfView(view)).toContain('**large pack** · $19.00\n-# 500 quota that do not end');
    expect(actionsOf(view)).toStrictEqual([
      'plan-upgrade:starter',
      'plan-upgrade:pro',
      'plan-upgrade:team',
      'plan-upgrade:pack_small',
      'plan-upgrade:pack_large',
      'quota-show',
    ]);
  });

  it('marks the own plan, which is managed and ended instead', () => {
    const view = presentPlans(plansOf('pro'), draw, {});
    expect(textOfView(view)).toContain('✅ **Pro** · $29.00 a month');
    expect(actionsOf(view)).not.toContain('plan-upgrade:pro');
    expect(actionsOf(view).slice(-3)).toStrictEqual(['plan-manage', 'plan-cancel', 'quota-show']);
    const ending = presentPlans(plansOf('pro', { ends_at: day }), draw, {});
    expect(textOfView(ending)).toContain(`Your plan: **Pro** · ends ${stamp}f>`);
    expect(actionsOf(ending)).not.toContain('plan-cancel');
  });

  it('stands without packs, and with plans of any language', () => {
    for (const one of draws)
      for (const list of [products, products.slice(0, 1), products.slice(0, 4), []]) {
        const view = presentPlans(plansOf('team', { products: list, renews_at: null }), one, {});
        expect(problemsOfView(view)).toStrictEqual([]);
      }
    expect(textOfView(presentPlans(plansOf('starter'), drawIn('zh'), {}))).toContain('入门版');
  });

  it('can show the packs alone', () => {
    const view = presentPacks(plansOf('free'), draw, {});
    expect(actionsOf(view)).toStrictEqual([
      'plan-upgrade:pack_small',
      'plan-upgrade:pack_large',
      'plans-show',
      'quota-show',
    ]);
    const none = presentPacks(plansOf('free', { products: products.slice(0, 2) }), draw, {});
    expect(textOfView(none)).toContain('Nothing is offered');
    expect(problemsOfView(none)).toStrictEqual([]);
  });
});

describe('the way to a page of the payment service', () => {
  const link = 'https://checkout.example/c/pay/cs_1';
  const cardsOf = (address: string) => [
    presentUpgrade({ link: address, kind: 'checkout', product: 'pack_small' }, draw, {}),
    presentUpgrade({ link: address, kind: 'portal', product: 'pro' }, draw, {}),
    presentManage({ link: address }, draw, {}),
  ];

  it('says what is done there', () => {
    expect(cardsOf(link).map((view) => labelsOfView(view)[0])).toStrictEqual([
      'Open the payment page',
      'Open the page',
      'Open the page',
    ]);
    const [pay, change, manage] = cardsOf(link).map(textOfView);
    expect(pay).toContain('Pay for small pack');
    expect(change).toContain('You have a plan already');
    expect(manage).toContain('see your invoices');
  });

  it.each([512, 513, 2900])('takes an address of %i characters', (length) => {
    for (const view of cardsOf(link.padEnd(length, 'x'))) {
      expect(problemsOfView(view)).toStrictEqual([]);
      expect(JSON.stringify(view)).toContain(link.padEnd(length, 'x'));
    }
  });
});

it('says until when an ended plan stays', () => {
  for (const one of draws)
    expect(
      problemsOfView(presentPlanEnding({ plan: 'team', ends_at: day }, one, {})),
    ).toStrictEqual([]);
  const view = presentPlanEnding({ plan: 'team', ends_at: day }, draw, {});
  expect(textOfView(view)).toContain(`**Team** stays as it is until ${stamp}f>`);
  expect(actionsOf(view)).toStrictEqual(['plan-manage', 'quota-show']);
});
