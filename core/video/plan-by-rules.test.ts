import { describe, expect, test } from 'vitest';

import { modelIds, videoModels, type ModelId } from './models.ts';
import { optionsOf } from './options.ts';
import { planByRules } from './plan-by-rules.ts';
import { planVideo } from './plan.ts';

const plan = (
  prompt: string,
  seconds: number,
  model: ModelId = 'kling',
  chosen: Parameters<typeof optionsOf>[0] = {},
) =>
  planByRules({
    prompt,
    options: optionsOf(chosen),
    model: videoModels[model],
    clips: planVideo(seconds, videoModels[model].clipSeconds),
  });

const boat = 'a paper boat sails down a rainy street';

describe('the plan of the rules', () => {
  test.each(modelIds)('tells a story of 60 s with %s, shot by shot', (id) => {
    const shots = plan(boat, 60, id);
    expect(shots.map(({ seconds }) => seconds)).toEqual(
      planVideo(60, videoModels[id].clipSeconds).map(({ seconds }) => seconds),
    );
    expect(shots.every(({ prompt }) => prompt.startsWith(boat))).toBe(true);
    expect(new Set(shots.map(({ prompt }) => prompt)).size).toBe(shots.length);
    expect(shots.at(0)?.picture).toBe('opening that hooks at once');
    expect(shots.at(-1)?.picture).toBe('closing image');
    expect(shots.every(({ line }) => line === null)).toBe(true);
  });

  test('says what stays the same, and how it looks', () => {
    const [first] = plan(boat, 30, 'kling', { style: 'vintage', pace: 'calm' });
    expect(first?.prompt).toBe(
      `${boat}. Shot 1/2, opening that hooks at once: close-up that draws in. Same subject, same palette throughout. vintage film, fine grain, slow, gentle movement.`,
    );
  });

  test('is in Chinese for a Chinese prompt', () => {
    expect(
      plan('纸船漂过雨中的街道', 30, 'wan', { tone: 'neon' }).map(({ prompt }) => prompt),
    ).toEqual([
      '纸船漂过雨中的街道。镜头 1/2（开场，立刻抓住注意力）：特写，镜头推近。主体与色调保持一致。蓝紫色霓虹光。',
      '纸船漂过雨中的街道。镜头 2/2（收尾画面）：镜头拉远到全景。主体与色调保持一致。蓝紫色霓虹光。',
    ]);
  });

  test('leaves a single shot to the prompt', () => {
    expect(plan(boat, 15)).toEqual([
      { seconds: 15, keepSeconds: 15, prompt: `${boat}.`, picture: boat, camera: '', line: null },
    ]);
  });

  test('takes the clauses of the prompt as lines, and no line twice', () => {
    const prompt = 'A boat sets off. Rain falls, the street fills: it sails on';
    const lines = plan(prompt, 60, 'kling', { captions: true }).map(({ line }) => line);
    expect(lines).toEqual(['A boat sets off', 'Rain falls', 'the street fills', 'it sails on']);
    const few = plan('纸船漂过，雨停了', 60, 'kling', { voice: 'male' }).map(({ line }) => line);
    expect(few).toEqual(['纸船漂过', '雨停了', null, null]);
  });

  test.each(modelIds)('stays within what %s takes, with the longest prompt', (id) => {
    const chosen = { style: 'minimal', tone: 'neon', pace: 'fast' } as const;
    for (const prompt of ['🚤'.repeat(250), '船'.repeat(500), 'boat '.repeat(100)])
      for (const shot of plan(prompt, 60, id, chosen)) {
        expect(shot.prompt.length).toBeLessThanOrEqual(videoModels[id].promptMax);
        expect(shot.prompt.isWellFormed()).toBe(true);
      }
  });
});
