import { expect, it } from 'vitest';

import { draws, drawIn, nastyTexts } from '../../../test/kit/draws.ts';
import {
  idsOfView,
  labelsOfView,
  problemsOfView,
  textOfView,
} from '../../../test/kit/view-limits.ts';
import { presentChannels, presentConnect } from './channels.ts';

const draw = drawIn('en');
const channel = (title: string, status: string) => ({
  channel: 'chn_0123456789abcdef',
  title,
  handle: title,
  status,
});

it('offers to connect the first channel', () => {
  const view = presentChannels({ channels: [] }, draw, {});
  expect(textOfView(view)).toContain('No channel is connected yet');
  expect(labelsOfView(view)).toStrictEqual(['Connect YouTube', 'Refresh']);
});

it('offers to connect again what YouTube no longer accepts, and only that', () => {
  const channels = [channel('Ada', 'connected'), channel('Grace', 'reconnect')];
  const view = presentChannels({ channels }, draw, {});
  expect(labelsOfView(view)).toStrictEqual(['Reconnect', 'Connect another', 'Refresh']);
  expect(textOfView(view)).toContain('**Ada** Ada\n-# ✅ Connected');
  expect(textOfView(presentChannels({ channels }, drawIn('zh'), {}))).toContain('请重新连接');
});

it.each([1, 8, 9, 100])('fits with %d channels', (count) => {
  for (const one of draws) {
    for (const nasty of nastyTexts(500)) {
      const channels = Array.from({ length: count }, () => channel(nasty, 'reconnect'));
      const view = presentChannels({ channels }, one, {});
      expect(problemsOfView(view)).toStrictEqual([]);
      expect(labelsOfView(view)).toHaveLength(Math.min(8, count) + 2);
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
