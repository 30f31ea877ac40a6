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
  member_since: '2026-11-01T00:00:00.000Z',
  quota_available: 99,
  leash: 0,
  leash_used: 0,
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
      '**Quota** 99 left',
      '-# With Jilo since 2026-11-01 08:00 (Asia/Shanghai)',
    ].join('\n'),
  );
  expect(idsOfView(view).map((id) => id.split(':')[1])).toStrictEqual([
    'account-locale',
    'account-zone',
    'account-leash',
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
  const settings = { locale: 'zh', time_zone: 'Europe/Berlin', notices: false, leash: 3 };
  const words = textOfView(presentSettings(settings, draw, {}));
  expect(words).toContain('### ✅ 我的账户');
  expect(words).toContain('**时区** Europe/Berlin');
  expect(words).toContain('**免询问额度** 模型每天最多可使用 3 配额');
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

it('fits whatever the account holds, and offers its zone once', () => {
  for (const one of draws) {
    for (const nasty of nastyTexts(500)) {
      for (const zone of ['UTC', 'America/Argentina/ComodRivadavia', 'Asia/Shanghai']) {
        const extreme = { ...account, name: nasty, time_zone: zone };
        const view = presentAccount(extreme, one, {});
        expect(problemsOfView(view)).toStrictEqual([]);
        expect(JSON.stringify(view).split(`"value":"${zone}"`)).toHaveLength(2);
        const settings = { locale: one.locale, time_zone: zone, notices: true, leash: 20 };
        expect(problemsOfView(presentSettings(settings, one, {}))).toStrictEqual([]);
      }
    }
  }
});
