import { expect, it } from 'vitest';

import { draws, drawIn, nastyTexts } from '../../../test/kit/draws.ts';
import { idsOfView, problemsOfView, textOfView } from '../../../test/kit/view-limits.ts';
import { presentServer } from './server.ts';

const open = {
  channels: [],
  roles: [],
  locale: 'person',
  visibility: 'everyone',
  pays: 'person',
  role_limits: [],
  ledger_channel: null,
  wallet: { available: 0, held: 0, spent_today: 0 },
  movements: [],
};
const idAt = (index: number) => String(10n ** 17n + BigInt(index));

it('says that everything is open where nothing is settled', () => {
  const view = presentServer(open, drawIn('en'), {});
  expect(textOfView(view)).toContain(
    [
      '**Channels** every channel',
      '**Roles** everybody',
      '**Language** that of whoever asks',
      '**Results** seen by everybody in the channel',
    ].join('\n'),
  );
  expect(idsOfView(view).map((id) => id.split(':')[1])).toStrictEqual([
    'server-channels',
    'server-roles',
    'server-locale',
    'server-visibility',
    'server-pays',
    'server-ledger',
  ]);
});

it('names what is settled and has it picked in its lists', () => {
  const settled = {
    ...open,
    channels: [idAt(1)],
    roles: [idAt(2)],
    locale: 'zh',
    visibility: 'person',
  };
  const view = presentServer(settled, drawIn('zh'), {});
  expect(textOfView(view)).toContain(`<#${idAt(1)}>`);
  expect(textOfView(view)).toContain(`<@&${idAt(2)}>`);
  expect(textOfView(view)).toContain('仅提问者可见');
  const drawn = JSON.stringify(view);
  expect(drawn).toContain(`{"id":"${idAt(1)}","type":"channel"}`);
  expect(drawn).toContain(`{"id":"${idAt(2)}","type":"role"}`);
  expect(drawn).toContain('"value":"zh","label":"语言: 简体中文","default":true');
});

it.each([1, 10, 11, 25, 26, 50])('fits with %d channels and roles', (count) => {
  const ids = Array.from({ length: count }, (_, index) => idAt(index));
  for (const one of draws) {
    const view = presentServer({ ...open, channels: ids, roles: ids }, one, {});
    expect(problemsOfView(view)).toStrictEqual([]);
    const picked = JSON.stringify(view).split('"type":"role"').length - 1;
    expect(picked).toBe(Math.min(25, count));
    expect(textOfView(view).match(/<@&/gu)).toHaveLength(Math.min(10, count));
  }
});

it('shows what is no id as words only', () => {
  for (const nasty of nastyTexts(100)) {
    const view = presentServer({ ...open, channels: [nasty] }, drawIn('en'), {});
    expect(problemsOfView(view)).toStrictEqual([]);
    expect(JSON.stringify(view)).not.toContain('"type":"channel"');
  }
});
