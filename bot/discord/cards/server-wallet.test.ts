import { describe, expect, it } from 'vitest';

import { draws, drawIn, nastyTexts } from '../../../test/kit/draws.ts';
import { idsOfView, problemsOfView, textOfView } from '../../../test/kit/view-limits.ts';
import { presentFunded } from './server-wallet.ts';
import { presentServer } from './server.ts';
import { presentVideoStarted } from './video-changes.ts';

const idAt = (index: number) => String(10n ** 17n + BigInt(index));
const movement = {
  at: '2026-11-22T08:00:00.000Z',
  verb: 'hold',
  amount: 1,
  reference: 'vid_0000000000000001',
  by: 'Ann',
  left: 39,
};
const settings = {
  channels: [],
  roles: [],
  locale: 'person',
  visibility: 'everyone',
  pays: 'server',
  role_limits: [
    { role: idAt(1), units: 5 },
    { role: 'everyone', units: 1 },
  ],
  ledger_channel: idAt(2),
  wallet: { available: 39, held: 1, spent_today: 3 },
  movements: [movement, { ...movement, verb: 'receive', amount: 40, reference: 'srv_1', left: 40 }],
};

describe('the card of a server that pays', () => {
  it('tells wallet, limits, channel and movements in English', () => {
    const text = textOfView(presentServer(settings, drawIn('en'), {}));
    expect(text).toContain(
      [
        "**Videos are paid by** the server's wallet",
        '**Wallet** **39** available · 1 set aside · 3 spent today (UTC)',
        `**A day by role** <@&${idAt(1)}> 5, everybody 1`,
        `**Ledger channel** <#${idAt(2)}>`,
      ].join('\n'),
    );
    expect(text).toContain(
      '`−1` · Ann · set aside for a video (vid\\_0000000000000001) · 39 left · <t:',
    );
    expect(text).toContain('`+40` · Ann · given to the server · 40 left');
  });

  it('tells them in Chinese', () => {
    const text = textOfView(presentServer(settings, drawIn('zh'), {}));
    expect(text).toContain('**视频付费** 服务器钱包');
    expect(text).toContain('**钱包** 可用 **39** · 预留 1 · 今天已用 3（UTC）');
    expect(text).toContain(`**身份组每日限额** <@&${idAt(1)}> 5, 所有人 1`);
    expect(text).toContain('`−1` · Ann · 为视频预留 (vid\\_0000000000000001) · 剩余 39');
  });

  it('has who pays and the channel picked in its lists', () => {
    const drawn = JSON.stringify(presentServer(settings, drawIn('en'), {}));
    expect(drawn).toContain(
      '"value":"server","label":"Videos are paid by: the server\'s wallet","default":true',
    );
    expect(drawn).toContain(`"default_values":[{"id":"${idAt(2)}","type":"channel"}]`);
  });

  it.each([0, 1, 10, 11, 50])('fits with %d limits and names that are markup', (count) => {
    for (const one of draws)
      for (const nasty of nastyTexts(100)) {
        const full = {
          ...settings,
          channels: Array.from({ length: 50 }, (_, index) => idAt(index)),
          roles: Array.from({ length: 50 }, (_, index) => idAt(index)),
          ledger_channel: nasty,
          role_limits: Array.from({ length: count }, (_, index) => ({
            role: index % 2 ? nasty : idAt(index),
            units: 10_000,
          })),
          movements: Array.from({ length: 10 }, () => ({ ...movement, by: nasty })),
        };
        expect(problemsOfView(presentServer(full, one, {}))).toStrictEqual([]);
      }
  });
});

describe('what a gift and a start leave', () => {
  it.each([
    ['en', "**5** given. The server's wallet has **45**.", 'You have 3 units of packs left.'],
    ['zh', '已转入 **5**，服务器钱包现有 **45**。', '您的加量包剩余 3。'],
  ] as const)('a gift in %s', (locale, given, left) => {
    const output = { given: 5, packs_left: 3, available: 45 };
    const view = presentFunded(output, drawIn(locale), {});
    expect(textOfView(view)).toContain(given);
    expect(textOfView(view)).toContain(left);
    expect(idsOfView(view).map((id) => id.split(':')[1])).toStrictEqual(['server-show']);
    expect(problemsOfView(view)).toStrictEqual([]);
  });

  it.each([
    ['en', "39 quota left in this server's wallet"],
    ['zh', '服务器钱包剩余配额 39'],
  ] as const)('a start that the server pays for in %s', (locale, words) => {
    const output = { video: 'vid_1', videos: ['vid_1'], status: 'queued', quota_left: 39 };
    const drawn = (extra: object) =>
      textOfView(presentVideoStarted({ ...output, ...extra }, drawIn(locale), {}));
    expect(drawn({ paid_by: 'server' })).toContain(words);
    expect(drawn({})).not.toContain(words);
  });
});
