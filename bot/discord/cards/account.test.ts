import { expect, it } from 'vitest';

import { draws, drawIn, nastyTexts } from '../../../test/kit/draws.ts';
import {
  idsOfView,
  labelsOfView,
  problemsOfView,
  textOfView,
} from '../../../test/kit/view-limits.ts';
import { presentAccount, presentSettings } from './account.ts';

const draw = drawIn('en');
const account = {
  account: 'acc_1',
  name: 'Ada',
  locale: 'en',
  time_zone: 'Asia/Shanghai',
  notices: true,
  purpose: null,
  member_since: '2026-11-01T00:00:00.000Z',
  quota_available: 99,
  leash: 0,
  leash_used: 0,
  daily_cap: null,
  spent_today: 4,
};

it('shows how the account is set, and what can be changed', () => {
  const view = presentAccount(account, draw, {});
  expect(textOfView(view)).toBe(
    [
      '### Your account',
      '**Ada**',
      '**Language** English',
      String.raw`**Time zone** Asia/Shanghai`,
      '**Messages** I write to you when something is done, failed or needs you',
      '**Spent without asking** Nothing: models ask every time',
      '**Daily limit** No limit · 4 spent today',
      '**Quota** 99 left',
      '-# With Jilo since 2026-11-01 08:00 (Asia/Shanghai)',
    ].join('\n'),
  );
  expect(idsOfView(view).map((id) => id.split(':')[1])).toStrictEqual([
    'account-locale',
    'account-zone',
    'account-leash',
    'account-cap',
    'notices-off',
    'account-zone-edit',
    'quota-show',
    'channels-show',
  ]);
});

it('offers to turn messages on where they are off', () => {
  const view = presentAccount({ ...account, notices: false }, draw, {});
  expect(labelsOfView(view)[0]).toBe('Turn messages on');
  expect(textOfView(view)).toContain('I do not write to you on my own');
});

it('speaks the language that was just chosen', () => {
  const chosen = {
    time_zone: 'Europe/Berlin',
    notices: false,
    purpose: 'creator',
    leash: 3,
    daily_cap: 30,
  };
  const settings = { ...chosen, locale: 'zh' };
  const words = textOfView(presentSettings(settings, draw, {}));
  expect(words).toContain('### ✅ 我的账户');
  expect(words).toContain('**时区** Europe/Berlin');
  expect(words).toContain('**用途** 个人创作');
  expect(words).toContain('**免询问额度** 模型每天最多可使用 3 配额');
  expect(words).toContain('**每日上限** 每天最多使用 30 配额');
});

it('shows what models may spend without asking, and how much of it is used', () => {
  for (const leash of [7, 20]) {
    const view = presentAccount({ ...account, leash, leash_used: 6 }, draw, {});
    expect(textOfView(view)).toContain(
      `models may spend up to ${leash} quota a day · 6 used today`,
    );
    expect(JSON.stringify(view)).toContain(
      `"value":"${leash}","label":"Up to ${leash} quota a day without asking","default":true`,
    );
  }
});

it.each<[number | null, string, string]>([
  [null, 'off', '**Daily limit** No limit · 4 spent today'],
  [0, '0', '**Daily limit** at most 0 quota a day · 4 spent today'],
  [50, '50', '**Daily limit** at most 50 quota a day · 4 spent today'],
  [77, '77', '**Daily limit** at most 77 quota a day · 4 spent today'],
])('shows the daily limit %s, and offers it as what is chosen', (cap, value, line) => {
  const view = presentAccount({ ...account, daily_cap: cap }, draw, {});
  expect(textOfView(view)).toContain(line);
  const drawn = JSON.stringify(view);
  const chosen = [
    ...drawn.matchAll(/"value":"(\w+)","label":"[^"]*(?:limit|quota a day|now)","default":true/g),
  ];
  expect(chosen.map(([, picked]) => picked)).toStrictEqual([value]);
});

it('fits whatever the account holds, and offers its zone once', () => {
  for (const one of draws) {
    for (const nasty of nastyTexts(500)) {
      for (const zone of ['UTC', 'America/Argentina/ComodRivadavia', 'Asia/Shanghai']) {
        const extreme = { ...account, name: nasty, time_zone: zone };
        const view = presentAccount(extreme, one, {});
        expect(problemsOfView(view)).toStrictEqual([]);
        expect(JSON.stringify(view).split(`"value":"${zone}"`)).toHaveLength(2);
        const chosen = {
          time_zone: zone,
          notices: true,
          purpose: 'other',
          leash: 20,
          daily_cap: 100_000,
        };
        const settings = { ...chosen, locale: one.locale };
        expect(problemsOfView(presentSettings(settings, one, {}))).toStrictEqual([]);
      }
    }
  }
});
