import { expect, it } from 'vitest';

import { draws, drawIn, nastyTexts } from '../../../test/kit/draws.ts';
import {
  idsOfView,
  labelsOfView,
  problemsOfView,
  textOfView,
} from '../../../test/kit/view-limits.ts';
import { presentChannels, presentConnect, presentDisconnected } from './channels.ts';

const draw = drawIn('en');
const channel = (title: string, status: string, access = 'upload', index = 0) => ({
  channel: `chn_0123456789abcd${String(index).padStart(2, '0')}`,
  title,
  handle: title,
  status,
  access,
  playlists: null,
});

it('offers to connect the first channel', () => {
  const view = presentChannels({ channels: [] }, draw, {});
  expect(textOfView(view)).toContain('No channel is connected yet');
  expect(labelsOfView(view)).toStrictEqual(['Connect YouTube', 'Refresh']);
});

it('offers to connect again what YouTube no longer accepts, and only that', () => {
  const channels = [channel('Ada', 'connected'), channel('Grace', 'reconnect', 'manage', 1)];
  const view = presentChannels({ channels }, draw, {});
  expect(labelsOfView(view)).toStrictEqual([
    'Disconnect',
    'Reconnect',
    'Disconnect',
    'Connect another',
    'Refresh',
  ]);
  expect(textOfView(view)).toContain('**Ada** Ada\n-# ✅ Connected · private uploads');
  expect(idsOfView(view)).toStrictEqual([
    'v1:channel-disconnect:12345678901234567890:chn_0123456789abcd00',
    'v1:channel-connect:12345678901234567890:manage:1',
    'v1:channel-disconnect:12345678901234567890:chn_0123456789abcd01',
    'v1:channel-connect:12345678901234567890',
    'v1:channels-show:12345678901234567890',
  ]);
  expect(textOfView(presentChannels({ channels }, drawIn('zh'), {}))).toContain('请重新连接');
});

it('says what is allowed on a channel', () => {
  const channels = [channel('Ada', 'connected', 'manage')];
  expect(textOfView(presentChannels({ channels }, draw, {}))).toContain('uploads and changes');
  expect(textOfView(presentChannels({ channels }, drawIn('zh'), {}))).toContain('可上传和修改');
});

it.each([1, 6, 7, 100])('fits with %d channels', (count) => {
  for (const one of draws) {
    for (const nasty of nastyTexts(500)) {
      const channels = Array.from({ length: count }, (_, index) =>
        channel(nasty, 'reconnect', 'manage', index),
      );
      const view = presentChannels({ channels }, one, {});
      expect(problemsOfView(view)).toStrictEqual([]);
      expect(labelsOfView(view)).toHaveLength(2 * Math.min(6, count) + 2);
    }
  }
});

const connect = (length: number) => ({
  url: `https://accounts.google.example/${'x'.repeat(length - 32)}`,
  expires_at: '2026-11-22T08:10:00.000Z',
});

it('leads to the page of Google and says what is allowed there and how long it is valid', () => {
  const view = presentConnect(connect(300), draw, {});
  expect(labelsOfView(view)).toStrictEqual(['Open Google', 'I have allowed it']);
  expect(textOfView(view)).toContain('Upload videos that you have confirmed');
  expect(textOfView(view)).toContain('valid until <t:1795335000:t>');
  expect(idsOfView(view)).toStrictEqual(['v1:channels-show:12345678901234567890']);
});

it('says what more is allowed for changes, and what Google adds to it', () => {
  const upload = textOfView(presentConnect(connect(300), draw, { access: 'upload' }));
  expect(upload).toContain('### Connect YouTube');
  expect(upload).not.toContain('Change videos');
  const manage = textOfView(presentConnect(connect(300), draw, { access: 'manage' }));
  expect(manage).toContain('### Connect YouTube');
  expect(manage).toContain('- Change your videos as you have confirmed');
  expect(manage).toContain('I delete nothing on YouTube.');
});

it('says whether Google was told of a disconnection', () => {
  const answer = (told: boolean, title = 'Ada') =>
    draws.map((one) => presentDisconnected({ channel: 'chn_1', title, told }, one, {}));
  const [en = '', zh = ''] = answer(true).map(textOfView);
  expect(en).toContain('Ada is disconnected.');
  expect(zh).toContain('已断开');
  expect(answer(false).map(textOfView)[0]).toContain('could not be told');
  for (const nasty of nastyTexts(500))
    expect(answer(true, nasty).flatMap(problemsOfView)).toStrictEqual([]);
});

it.each([511, 512, 513, 2900])('leads there also by an address of %d characters', (length) => {
  const { url, expires_at } = connect(length);
  expect(url).toHaveLength(length);
  for (const one of draws) {
    const view = presentConnect({ url, expires_at }, one, {});
    expect(problemsOfView(view)).toStrictEqual([]);
    expect(textOfView(view).includes(`](<${url}>)`)).toBe(length > 512);
    expect(labelsOfView(view)).toHaveLength(length > 512 ? 1 : 2);
  }
});
