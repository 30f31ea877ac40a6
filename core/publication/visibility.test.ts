import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';

import { privacies, type HostVideo, type Privacy } from '../ports/video-host.ts';
import { isShownAs, isShownTooWidely, visibilityOf } from './visibility.ts';

const now = new Date('2026-03-01T12:00:00Z');
const after = (ms: number) => new Date(now.getTime() + ms);
const hostVideo = (privacy: Privacy, publishAt: Date | null = null): HostVideo => ({
  id: 'v',
  privacy,
  publishAt,
  uploadStatus: 'processed',
  reason: null,
  title: '',
  description: '',
  uploadedAt: now,
});

const aPrivacy = fc.constantFrom(...privacies);
const aTime = fc.integer({ min: -1e9, max: 1e9 }).map(after);
const aPlan = fc.oneof(
  fc.record({ privacy: aPrivacy, publishAt: fc.constant(null) }),
  // A schedule is for what goes public.
  fc.record({ privacy: fc.constantFrom('private', 'public'), publishAt: aTime }),
);
const reach = { private: 0, unlisted: 1, public: 2 };

describe('who may see it now', () => {
  test.each([
    ['long before', 3_600_000, { privacy: 'private', publishAt: after(3_600_000) }],
    ['a minute before', 60_000, { privacy: 'private', publishAt: after(60_000) }],
    ['just within the last minute', 59_999, 'soon'],
    ['a moment before', 1, 'soon'],
    ['at its time', 0, { privacy: 'public', publishAt: null }],
    ['after its time', -1, { privacy: 'public', publishAt: null }],
  ] as const)('a schedule, %s', (_, ms, expected) => {
    expect(visibilityOf({ privacy: 'public', publishAt: after(ms) }, now)).toEqual(expected);
  });

  property.prop([aPlan])('is never more than was approved, and never before its time', (plan) => {
    const wanted = visibilityOf(plan, now);
    if (wanted === 'soon') {
      expect(plan.publishAt && plan.publishAt > now).toBe(true);
      return;
    }
    if (plan.publishAt === null) expect(wanted).toEqual(plan);
    else expect(wanted.privacy === 'public').toBe(plan.publishAt <= now);
    if (wanted.publishAt !== null)
      expect(wanted).toEqual({ privacy: 'private', publishAt: plan.publishAt });
  });
});

describe('what the host shows', () => {
  property.prop([aPrivacy, aPrivacy])('is as wanted, narrower, or too wide', (shown, wanted) => {
    const found = hostVideo(shown);
    const as = { privacy: wanted, publishAt: null };
    expect(isShownAs(found, as)).toBe(shown === wanted);
    expect(isShownTooWidely(found, as)).toBe(reach[shown] > reach[wanted]);
  });

  test('a schedule that nobody wants any more is too wide, unless it is to be public anyway', () => {
    const planned = hostVideo('private', after(1000));
    expect(isShownTooWidely(planned, { privacy: 'private', publishAt: null })).toBe(true);
    expect(isShownTooWidely(planned, { privacy: 'unlisted', publishAt: null })).toBe(true);
    expect(isShownTooWidely(planned, { privacy: 'public', publishAt: null })).toBe(false);
    expect(isShownAs(planned, { privacy: 'private', publishAt: null })).toBe(false);
  });

  test('parts of a second are not told apart, seconds are', () => {
    const wanted = { privacy: 'private', publishAt: after(10_999) } as const;
    expect(isShownAs(hostVideo('private', after(10_000)), wanted)).toBe(true);
    expect(isShownAs(hostVideo('private', after(9_999)), wanted)).toBe(false);
    expect(isShownAs(hostVideo('private', after(11_000)), wanted)).toBe(false);
  });
});
