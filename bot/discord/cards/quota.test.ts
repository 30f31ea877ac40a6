import { expect, it } from 'vitest';

import { draws, drawIn } from '../../../test/kit/draws.ts';
import { idsOfView, problemsOfView, textOfView } from '../../../test/kit/view-limits.ts';
import { presentQuota } from './quota.ts';

const draw = drawIn('en');
const owner = '12345678901234567890';
const renewal = '2026-12-22T08:00:00.000Z';

const quota = {
  available: 75,
  available_month: 75,
  available_packs: 0,
  held: 5,
  spent: 220,
  granted: 300,
  used_this_month: 25,
  plan: 'free',
  renews_at: renewal,
  ends_at: null,
  months: [{ month: '2026-11', used: 25, granted: 100 }],
  chart: null,
  next: ['plan_list', 'plan_upgrade'],
};

it('draws what is left, set aside and used, as parts of the month', () => {
  const view = presentQuota(quota, draw, {});
  const words = textOfView(view);
  expect(words).toContain('**75** left to spend');
  expect(words).toContain(
    [
      'Available  ███████████████░░░░░  75',
      'Set aside  █░░░░░░░░░░░░░░░░░░░  5',
      'Used       ████░░░░░░░░░░░░░░░░  20',
    ].join('\n'),
  );
  expect(words).toContain('5 set aside for videos in the making');
  expect(words).toContain('Plan **Free** · renews <t:1797926400:R>');
  expect(words).not.toContain('of packs');
  expect(idsOfView(view)).toStrictEqual([
    `v1:plans-show:${owner}`,
    `v1:quota-history:${owner}`,
    `v1:quota-receipt:${owner}:csv`,
  ]);
});

it('tells units of packs from those of the month, and says when a plan ends', () => {
  const packs = { available: 175, available_packs: 100, plan: 'pro', ends_at: renewal };
  const words = textOfView(presentQuota({ ...quota, ...packs }, draw, {}));
  expect(words).toContain('75 of this month, 100 of packs, which do not end');
  expect(words).toContain(
    'Plan **Pro** · renews <t:1797926400:R> · the plan ends <t:1797926400:f>',
  );
  const zh = textOfView(presentQuota({ ...quota, ...packs, renews_at: null }, drawIn('zh'), {}));
  expect(zh).toContain('套餐 **专业版** · 套餐结束：<t:1797926400:f>');
});

it('offers nothing to buy where nobody takes payments', () => {
  const ids = idsOfView(presentQuota({ ...quota, next: [] }, draw, {}));
  expect(ids).toStrictEqual([`v1:quota-history:${owner}`, `v1:quota-receipt:${owner}:csv`]);
});

it('says what to expect when nothing is left', () => {
  const empty = { ...quota, available: 0, available_month: 0, held: 0 };
  expect(textOfView(presentQuota(empty, drawIn('zh'), {}))).toContain('配额已用完');
  expect(textOfView(presentQuota(empty, draw, {}))).not.toContain('set aside for');
  const one = { ...empty, available: 1 };
  expect(textOfView(presentQuota(one, draw, {}))).not.toContain('Nothing is left');
});

it('shows the months as a picture', () => {
  const picture = { name: 'quota.png', contentType: 'image/png', data: Buffer.from('x') } as const;
  const view = presentQuota(quota, { ...draw, pictures: [picture] }, {});
  expect(JSON.stringify(view.components)).toContain('attachment://quota.png');
  expect(view.files).toStrictEqual([picture]);
  expect(problemsOfView(view)).toStrictEqual([]);
});

it('draws wallets of every size', () => {
  const most = Number.MAX_SAFE_INTEGER;
  const wallets = [
    { available: 0, held: 0, used_this_month: 0, granted: 0 },
    { available: most, held: most, used_this_month: most, granted: most, available_packs: most },
    { available: most, held: 0, used_this_month: 0, granted: 1 },
    { available: 1, held: 9, used_this_month: 2, granted: 10 },
  ];
  for (const wallet of wallets)
    for (const one of draws)
      expect(problemsOfView(presentQuota({ ...quota, ...wallet }, one, {}))).toStrictEqual([]);
});
