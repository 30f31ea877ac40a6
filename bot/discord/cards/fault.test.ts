import { expect, it } from 'vitest';

import { Fault, type FaultCode } from '../../../core/fault.ts';
import { fieldFault } from '../../../core/input-fault.ts';
import { en } from '../../../core/messages/en.ts';
import { draws, drawIn, nastyTexts } from '../../../test/kit/draws.ts';
import {
  idsOfView,
  labelsOfView,
  problemsOfView,
  textOfView,
} from '../../../test/kit/view-limits.ts';
import { presentFault } from './fault.ts';

const draw = drawIn('en');
const buttons = { edit: 'v1:edit:1', again: 'v1:again:1' };

/** A fault of any code, with everything that any sentence asks for. */
function faultOf(code: string, words: string): Fault {
  const known = Object.keys(en.faults).find((one): one is FaultCode => one === code);
  if (!known) throw new Error(`no fault ${code}`);
  const problems = { en: words, zh: words };
  const names = ['name', 'known', 'what', 'id', 'title', 'provider', 'service', 'channel', 'link'];
  const more = ['scopes', 'reason', 'status', 'channels', 'reference', 'publication'];
  const refused = ['field', 'words', 'category', 'suggestion'];
  const texts = Object.fromEntries(
    [...names, ...more, ...refused, 'resetsAt', 'commands'].map((name) => [name, words]),
  );
  const limits = { most: 10, hours: 5, seconds: 12, cap: 10, used: 9 };
  const counts = { videos: 1, publications: 2, units: 3 };
  const renewsAt = '2026-12-22T08:00:00.000Z';
  const params = { ...texts, problems, needed: 1, available: 0, renewsAt, ...limits, ...counts };
  // Every code takes what it needs of these.
  return Reflect.construct(Fault, [known, params, { retryAfterSeconds: 12.3 }]);
}

it.each(Object.keys(en.faults))(
  'shows %s to everybody, whatever stands in its sentence',
  (code) => {
    for (const one of draws) {
      for (const nasty of [...nastyTexts(3000), 'x']) {
        const view = presentFault(faultOf(code, nasty), 'ABC123', one, buttons);
        expect(problemsOfView(view)).toStrictEqual([]);
        expect(textOfView(view)).not.toMatch(/undefined|\[object/u);
      }
    }
  },
);

const next = (fault: Fault) => idsOfView(presentFault(fault, null, draw, buttons));
const mine = (action: string) => [`v1:${action}:12345678901234567890`];

it.each<[Fault, readonly string[]]>([
  [fieldFault('title', { problem: 'angle_brackets', params: null }), ['v1:edit:1']],
  [new Fault('publication_refused', { reason: 'invalidTitle' }), ['v1:edit:1']],
  [new Fault('quota_short', { needed: 1, available: 0, renewsAt: null }), mine('quota-show')],
  [new Fault('daily_cap', { cap: 3, used: 3, needed: 1 }), mine('account-show')],
  [new Fault('rate_limited', { seconds: 9 }), ['v1:again:1']],
  [new Fault('channel_missing', {}), mine('channel-connect')],
  [new Fault('channel_reconnect', { channel: 'Ada' }), mine('channel-connect')],
  [new Fault('channel_scope_missing', { scopes: 'youtube.upload' }), mine('channel-connect')],
  [
    new Fault('channel_access_missing', { channel: 'Ada' }),
    ['v1:channel-connect:12345678901234567890:manage'],
  ],
  [new Fault('quote_expired', {}), ['v1:edit:1']],
  [new Fault('content_refused', {}), mine('prompt-edit')],
  [new Fault('approval_not_valid', {}), ['v1:again:1']],
  [new Fault('provider_busy', { provider: 'fal' }), ['v1:again:1']],
  [new Fault('internal', { reference: 'ABC123' }), ['v1:again:1']],
  [new Fault('not_found', { what: 'video', id: 'vid_1' }), mine('videos-show')],
  [new Fault('not_found', { what: 'publication', id: 'pub_1' }), mine('publications-show')],
  [new Fault('not_found', { what: 'channel', id: 'chn_1' }), mine('channels-show')],
  [new Fault('not_found', { what: 'prompt', id: '1' }), mine('prompt-edit')],
  [new Fault('not_found', { what: 'quote', id: '1' }), mine('prompt-edit')],
  [new Fault('not_found', { what: 'file', id: '1' }), []],
  [new Fault('service_missing', { service: 'YouTube' }), []],
  [new Fault('provider_locked', { provider: 'fal' }), []],
])('offers the next step of %s', (fault, ids) => {
  expect(next(fault)).toStrictEqual(ids);
});

const short = (renewsAt: string | null) =>
  new Fault('quota_short', { needed: 3, available: 1, renewsAt });

it('says what is left and when it renews, and leads to plans and packs', () => {
  const renewsAt = '2026-12-22T08:00:00.000Z';
  const view = presentFault(short(renewsAt), null, draw, { hasPlans: true });
  expect(textOfView(view)).toContain('this needs 3 and 1 is left');
  expect(textOfView(view)).toContain('comes <t:1797926400:R>');
  expect(labelsOfView(view)).toStrictEqual(['Upgrade', 'Packs', 'See my quota']);
  expect(idsOfView(view)).toStrictEqual([
    ...mine('plans-show'),
    'v1:plans-show:12345678901234567890:packs',
    ...mine('quota-show'),
  ]);
  for (const one of draws)
    expect(problemsOfView(presentFault(short(renewsAt), null, one, { hasPlans: true }))).toEqual(
      [],
    );
  const zh = presentFault(short(null), null, drawIn('zh'), { hasPlans: true });
  expect(labelsOfView(zh)).toStrictEqual(['升级', '加量包', '查看配额']);
  expect(textOfView(zh)).not.toContain('<t:');
});

it('leads people to what they can choose, without names of tools', () => {
  expect(next(new Fault('plan_missing', {}))).toStrictEqual(mine('plans-show'));
  expect(next(new Fault('already_paid', {}))).toStrictEqual(mine('quota-show'));
  for (const fault of [new Fault('plan_missing', {}), new Fault('already_paid', {})])
    for (const one of draws)
      expect(textOfView(presentFault(fault, null, one))).not.toMatch(/quota_show|plan_list/u);
});

it('opens the last prompt where nobody knows which quote has expired', () => {
  const view = presentFault(new Fault('quote_expired', {}), null, draw);
  expect(idsOfView(view)).toStrictEqual(mine('prompt-edit'));
});

it('offers no button that nobody has given an id for', () => {
  const fault = new Fault('provider_busy', { provider: 'fal' });
  expect(labelsOfView(presentFault(fault, null, draw))).toStrictEqual([]);
});

it('says whether anything was charged, and when to try again', () => {
  const busy = new Fault('provider_busy', { provider: 'fal' }, { retryAfterSeconds: 12.3 });
  expect(textOfView(presentFault(busy, null, draw))).toContain(
    '-# Nothing was charged · Try again in about 13 s',
  );
  const charged = new Fault('provider_failed', { provider: 'fal' }, { charged: true });
  expect(textOfView(presentFault(charged, null, drawIn('zh')))).toContain('-# 已扣除相应配额');
});

const refusal = (field: string, suggestion: string | null = null) =>
  new Fault('prompt_refused', { field, words: '枪', category: 'gore', suggestion });

it('leads from a refused prompt to its editor, and to the wording that was suggested', () => {
  const view = presentFault(refusal('prompt'), null, draw, { edit: 'v1:e:1', reword: 'v1:r:1' });
  expect(idsOfView(view)).toStrictEqual(['v1:e:1', 'v1:r:1']);
  expect(labelsOfView(view)).toStrictEqual(['Change the prompt', 'Use the safer wording']);
  expect(textOfView(view).match(/Nothing was charged/gu)).toHaveLength(1);
  expect(idsOfView(presentFault(refusal('prompt'), null, draw))).toStrictEqual(mine('prompt-edit'));
  const zh = presentFault(refusal('prompt', '一只猫'), null, drawIn('zh'), { reword: 'v1:r:1' });
  expect(labelsOfView(zh)).toStrictEqual(['修改 Prompt', '使用建议的写法']);
  expect(textOfView(zh)).toContain('血腥暴力（枪）');
});

it('leads from another refused text to where it was filled in', () => {
  expect(next(refusal('title'))).toStrictEqual(['v1:edit:1']);
  expect(idsOfView(presentFault(refusal('title'), null, draw))).toStrictEqual([]);
});

it('names the reference once', () => {
  const broken = new Fault('internal', { reference: 'ABC123' });
  expect(textOfView(presentFault(broken, 'ABC123', draw)).match(/ABC123/gu)).toHaveLength(1);
  const other = new Fault('database_down', {});
  expect(textOfView(presentFault(other, 'ABC123', draw))).toContain('Reference ABC123');
});

it('sends people to a button, not to a tool of models', () => {
  const fault = new Fault('channel_missing', {});
  expect(textOfView(presentFault(fault, null, draw))).not.toContain('channel_connect');
  expect(textOfView(presentFault(fault, null, drawIn('zh')))).toContain('请先连接频道');
});

it('shows channels as links and names from outside as words', () => {
  const elsewhere = new Fault('channel_not_allowed', { channels: '<#12345678901234567>' });
  expect(textOfView(presentFault(elsewhere, null, draw))).toContain('<#12345678901234567>');
  const evil = new Fault('channel_reconnect', { channel: '[free](https://evil.example)' });
  expect(textOfView(presentFault(evil, null, draw))).toContain(String.raw`\[free\](https`);
});
