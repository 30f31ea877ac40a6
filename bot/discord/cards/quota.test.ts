import { expect, it } from 'vitest';

import { draws, drawIn, nastyTexts } from '../../../test/kit/draws.ts';
import { idsOfView, problemsOfView, textOfView } from '../../../test/kit/view-limits.ts';
import { presentHistory, presentQuota } from './quota.ts';

const draw = drawIn('en');

it('draws what is left, set aside and spent, as parts of what was received', () => {
  const view = presentQuota({ available: 75, held: 5, spent: 20, granted: 100 }, draw, {});
  const words = textOfView(view);
  expect(words).toContain('**75** left to spend');
  expect(words).toContain(
    [
      'Available  ███████████████░░░░░  75',
      'Set aside  █░░░░░░░░░░░░░░░░░░░  5',
      'Spent      ████░░░░░░░░░░░░░░░░  20',
    ].join('\n'),
  );
  expect(words).toContain('5 set aside for videos in the making');
  expect(idsOfView(view)).toStrictEqual(['v1:quota-history:12345678901234567890']);
});

it('says what to expect when nothing is left', () => {
  const empty = { available: 0, held: 0, spent: 100, granted: 100 };
  expect(textOfView(presentQuota(empty, drawIn('zh'), {}))).toContain('配额已用完');
  expect(textOfView(presentQuota(empty, draw, {}))).not.toContain('set aside for');
  const one = { ...empty, available: 1 };
  expect(textOfView(presentQuota(one, draw, {}))).not.toContain('Nothing is left');
});

it('draws wallets of every size', () => {
  const most = Number.MAX_SAFE_INTEGER;
  const wallets = [
    { available: 0, held: 0, spent: 0, granted: 0 },
    { available: most, held: most, spent: most, granted: most },
    { available: most, held: 0, spent: 0, granted: 1 },
  ];
  for (const wallet of wallets)
    for (const one of draws)
      expect(problemsOfView(presentQuota(wallet, one, {}))).toStrictEqual([]);
});

const entry = (verb: string, reference: string) => ({
  at: '2026-11-22T08:00:00.000Z',
  verb,
  from: 'a',
  to: 'b',
  amount: 1,
  reference,
});

it('says what each movement was for and when, on the clock of the person', () => {
  const entries = [
    entry('capture', 'vid_1'),
    entry('hold', 'vid_1'),
    entry('release', 'vid_2'),
    entry('refund', 'vid_3'),
    entry('expire', '2026-10'),
    entry('grant', '2026-11'),
    entry('grant', 'sign-up'),
  ];
  const words = textOfView(presentHistory({ entries }, draw, {}));
  expect(words.split('\n').filter((line) => line.startsWith('`'))).toStrictEqual([
    String.raw`${'`·1`'} Spent on vid\_1`,
    String.raw`${'`−1`'} Set aside for vid\_1`,
    String.raw`${'`+1`'} Given back, vid\_2 was not made`,
    String.raw`${'`+1`'} Refunded for vid\_3`,
    String.raw`${'`−1`'} Expired: 2026-10`,
    String.raw`${'`+1`'} Received for 2026-11`,
    '`+1` Welcome gift',
  ]);
  expect(words).toContain('2026-11-22 16:00 (Asia/Shanghai)');
  expect(textOfView(presentHistory({ entries }, drawIn('zh'), {}))).toContain('新用户赠送');
});

it.each([0, 1, 15, 16, 100])('fits with %d movements', (count) => {
  for (const one of draws) {
    for (const nasty of nastyTexts(300)) {
      const entries = Array.from({ length: count }, () => entry('grant', nasty));
      const view = presentHistory({ entries }, one, {});
      expect(problemsOfView(view)).toStrictEqual([]);
      expect(textOfView(view).includes(one.locale === 'en' ? 'older movements' : '更早')).toBe(
        count > 15,
      );
    }
  }
});
