import { expect, test } from 'vitest';

import { modelIds, videoModels } from './models.ts';
import { partOfShot, planClips, planShots } from './plan.ts';

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

test.each(cases)('%s covers %i s with the fewest clips and the least left over', (id, seconds) => {
  const lengths = videoModels[id].clipSeconds;
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
});

test.each([
  ['kling', 15, [15]],
  ['kling', 60, [15, 15, 15, 15]],
  ['minimax', 15, [10, 6]],
  ['minimax', 30, [10, 10, 10]],
  ['minimax-video-01', 60, Array.from({ length: 10 }, () => 6)],
  ['veo', 15, [8, 8]],
  ['veo', 30, [8, 8, 8, 6]],
  ['wan', 30, [15, 15]],
] as const)('%s makes %i s of %j', (id, seconds, clips) => {
  expect(planClips(seconds, videoModels[id].clipSeconds)).toEqual(clips);
});

test.each(cases)('%s tells a story of %i s, shot by shot', (id, seconds) => {
  const model = videoModels[id];
  const prompt = 'a paper boat sails down a rainy street';
  const shots = planShots(prompt, seconds, model);
  expect(shots.map((shot) => shot.seconds)).toEqual(planClips(seconds, model.clipSeconds));
  expect(shots.every((shot) => shot.prompt.includes(prompt))).toBe(true);
  expect(new Set(shots.map((shot) => shot.prompt)).size).toBe(shots.length);
  const isOne = shots.length === 1;
  expect(shots[0]?.prompt === prompt).toBe(isOne);
  expect(/^Shot 1 of \d+ \(opening/.test(shots[0]?.prompt ?? '')).toBe(!isOne);
  expect(shots.at(-1)?.prompt.includes('closing image')).toBe(!isOne);
});

test('a Chinese prompt gets a Chinese shot list', () => {
  const shots = planShots('纸船漂过雨中的街道，灯光倒映', 30, videoModels.kling);
  expect(shots.map(({ prompt }) => prompt)).toEqual([
    '镜头 1/2（开场，立刻抓住注意力，主体与色调保持一致）：纸船漂过雨中的街道，灯光倒映',
    '镜头 2/2（收尾画面，主体与色调保持一致）：纸船漂过雨中的街道，灯光倒映',
  ]);
});

test.each([
  ['A paper boat in the rain (at night)', ['opening that hooks at once', 'closing image']],
  ['雨夜里的纸船（霓虹灯下）', ['开场，立刻抓住注意力', '收尾画面']],
])('each shot of "%s" names its part in the story', (prompt, [first, last]) => {
  const parts = planShots(prompt, 60, videoModels.veo).map((shot) => partOfShot(shot.prompt));
  expect(parts).toHaveLength(8);
  expect(parts.at(0)).toBe(first);
  expect(parts.at(-1)).toBe(last);
  expect(parts.every((part) => part !== null)).toBe(true);
});

test('a shot that is the whole video has no part', () => {
  const [only] = planShots('A paper boat in the rain', 15, videoModels.kling);
  expect(partOfShot(only?.prompt ?? '')).toBeNull();
});
