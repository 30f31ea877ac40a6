import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';

import { modelIds, videoModels } from './models.ts';
import { planClips, planVideo, shareSeconds, storedShots } from './plan.ts';

const wanted = [15, 30, 60];
const cases = modelIds.flatMap((id) => wanted.map((seconds) => [id, seconds] as const));

/** Every total that exactly `count` clips can reach. */
function totalsOf(count: number, lengths: readonly number[]): Set<number> {
  let totals = new Set([0]);
  for (let clip = 0; clip < count; clip += 1) {
    totals = new Set([...totals].flatMap((total) => lengths.map((length) => total + length)));
  }
  return totals;
}

const sum = (clips: readonly number[]): number => clips.reduce((all, one) => all + one, 0);

function expectFewest(seconds: number, lengths: readonly number[]): void {
  const clips = planClips(seconds, lengths);
  expect(clips.every((clip) => lengths.includes(clip))).toBe(true);
  expect(sum(clips)).toBeGreaterThanOrEqual(seconds);
  for (let fewer = 0; fewer < clips.length; fewer += 1) {
    expect(Math.max(...totalsOf(fewer, lengths))).toBeLessThan(seconds);
  }
  const least = Math.min(
    ...[...totalsOf(clips.length, lengths)].filter((total) => total >= seconds),
  );
  expect(sum(clips)).toBe(least);
  expect(clips).toEqual(clips.toSorted((a, b) => b - a));
}

/** Exactly the asked seconds, of each clip at least 2 s and at most all of it, and as evenly as that allows. */
function expectShared(seconds: number, lengths: readonly number[]): void {
  const shots = planVideo(seconds, lengths);
  expect(Math.round(sum(shots.map(({ keepSeconds }) => keepSeconds)) * 100)).toBe(seconds * 100);
  for (const { seconds: whole, keepSeconds } of shots) {
    expect(keepSeconds).toBe(Math.round(keepSeconds * 100) / 100);
    expect(keepSeconds).toBeGreaterThanOrEqual(2);
    expect(keepSeconds).toBeLessThanOrEqual(whole);
  }
  // What is left with more than the least has given the most, all alike.
  const taken = shots.map((shot) => shot.seconds - shot.keepSeconds);
  const free = taken.filter((_, index) => (shots[index]?.keepSeconds ?? 0) > 2);
  for (const one of free) expect(Math.max(...taken) - one).toBeLessThanOrEqual(0.0101);
}

describe('the clips of a video', () => {
  test.each(cases)('%s covers %i s with the fewest, and uses exactly that much', (id, seconds) => {
    const lengths = videoModels[id].clipSeconds;
    expectFewest(seconds, lengths);
    expectShared(seconds, lengths);
    expect(planVideo(seconds, lengths)).toHaveLength(planClips(seconds, lengths).length);
  });

  const possible = fc.uniqueArray(fc.integer({ min: 3, max: 20 }), { minLength: 1, maxLength: 5 });
  const asked = fc.integer({ min: 6, max: 60 });
  property.prop([asked, possible], { numRuns: 200 })(
    'are the fewest that cover any length, whatever a clip can be',
    (seconds, lengths) => {
      // The check counts every combination, which many short clips make too many.
      fc.pre(Math.ceil(seconds / Math.max(...lengths)) <= 10);
      expectFewest(seconds, lengths);
      expectShared(seconds, lengths);
      expect(planVideo(seconds, lengths).length).toBeGreaterThan(0);
    },
  );

  test.each([
    ['kling', 15, [15]],
    ['kling', 60, [15, 15, 15, 15]],
    ['minimax', 15, [10, 6]],
    ['minimax', 30, [10, 10, 10]],
    ['minimax-video-01', 60, Array.from({ length: 10 }, () => 6)],
    ['veo', 15, [8, 8]],
    ['veo-fast', 30, [8, 8, 8, 6]],
    ['wan', 30, [15, 15]],
    ['runway', 15, [10, 5]],
  ] as const)('%s makes %i s of %j', (id, seconds, clips) => {
    expect(planClips(seconds, videoModels[id].clipSeconds)).toEqual(clips);
  });

  test.each([
    [[6, 6, 6], 15, [5, 5, 5]],
    [[10, 6], 15, [9.5, 5.5]],
    [[8, 8], 15, [7.5, 7.5]],
    [[4, 4, 4], 11, [3.67, 3.67, 3.66]],
    [[10, 2.5], 8, [6, 2]],
    [[5, 5], 10, [5, 5]],
  ])('of %j in %i s, %j is used', (clips, seconds, kept) => {
    expect(shareSeconds(clips, seconds)).toEqual(kept);
  });

  test('cannot be more than there is room for', () => {
    expect(() => shareSeconds([3, 3, 3], 5)).toThrow('too many');
    expect(shareSeconds([3, 3, 3], 6)).toEqual([2, 2, 2]);
  });
});

test('a plan of before the storyboards is read as it was', () => {
  expect(storedShots.parse([{ seconds: 6, prompt: 'a boat' }])).toEqual([
    { seconds: 6, keepSeconds: 6, prompt: 'a boat', picture: 'a boat', camera: '', line: null },
  ]);
  const shot = { seconds: 6, keepSeconds: 5, prompt: 'p', picture: 'q', camera: 'c', line: 'l' };
  expect(storedShots.parse([shot])).toEqual([shot]);
  expect(storedShots.safeParse([{ ...shot, line: undefined }]).success).toBe(false);
});
