import { ComponentType } from 'discord-api-types/v10';
import { describe, expect, test } from 'vitest';

import { promptTemplates } from '../../../core/prompt/templates.ts';
import { keyOfPrompt } from '../../../core/prompt/written.ts';
import { modelList } from '../../../core/model/list.ts';
import { modelIds, videoModels } from '../../../core/video/models.ts';
import { promptField } from '../../../core/video/inputs.ts';
import { optionsOf } from '../../../core/video/options.ts';
import {
  fieldOf,
  idsOfView,
  labelsOfView,
  problemsOfModal,
  problemsOfView,
  textOfView,
} from '../../../test/kit/view-limits.ts';
import { parseActionId } from '../action-id.ts';
import { unpackOptions } from '../chosen-options.ts';
import type { Draw } from '../draw.ts';
import { presentModels } from './models.ts';
import { buildEditor, type Prefill } from './prompt-editor.ts';
import { presentPrompt, presentTemplate, promptBounds } from './prompt.ts';

const draw = (locale: 'en' | 'zh'): Draw => ({
  locale,
  timeZone: 'UTC',
  now: new Date('2026-11-22T08:00:00Z'),
  owner: '123456789012345678901',
});

const actionsOf = (view: Parameters<typeof idsOfView>[0]) =>
  idsOfView(view).map((one) => parseActionId(one));

describe('a written prompt', () => {
  const written = (prompt: string, over: object = {}) => ({
    prompt,
    characters: Array.from(prompt).length,
    written_by: 'model',
    source: null,
    copy_risk: 0,
    sameness: 0,
    most_like: null,
    too_close_to: [],
    ...over,
  });

  test('is shown with its length and what can be done with it', () => {
    const view = presentPrompt(written('A paper boat in the rain'), draw('en'), {});
    expect(textOfView(view)).toMatchInlineSnapshot(`
      "### A prompt for your video
      > A paper boat in the rain
      -# 24 of 500 characters · written by AI
      -# like your last videos: 0%"
    `);
    expect(labelsOfView(view)).toEqual(['Use it', 'Edit', 'Write another']);
    const key = keyOfPrompt('A paper boat in the rain');
    expect(actionsOf(view)).toMatchObject([
      { name: 'prompt-use', args: [key] },
      { name: 'prompt-edit', args: [key] },
      { name: 'prompt-again', args: [key] },
    ]);
  });

  test('by the rules says so, in Chinese', () => {
    const view = presentPrompt(
      written('一只纸船在雨中驶过城市的街道', { written_by: 'rules' }),
      draw('zh'),
      {},
    );
    expect(textOfView(view)).toMatchInlineSnapshot(`
      "### 新视频的 Prompt
      > 一只纸船在雨中驶过城市的街道
      -# 14/500 字 · AI 未能写出可用的版本，由规则撰写
      -# 与您最近的视频相似 0%"
    `);
  });

  const close = {
    source: 'trd_1',
    copy_risk: 0.456,
    sameness: 0.71,
    most_like: 'vid_a_b',
    too_close_to: ['source', 'own_videos'],
  };

  test('from a trend tells both shares, and warns of none that is within its limit', () => {
    const fine = { ...close, too_close_to: [] };
    const shown = textOfView(presentPrompt(written('A paper boat', fine), draw('en'), {}));
    expect(shown).toContain('-# copied from the original: 46% · like your last videos: 71%');
    expect(shown).not.toContain('⚠️');
    const one = { ...close, too_close_to: ['own_videos'] };
    const warned = textOfView(presentPrompt(written('A paper boat', one), draw('en'), {}));
    expect(warned).toContain('⚠️ It is still much like your earlier video');
    expect(warned).not.toContain('original video');
  });

  test('that is still too close says so, in Chinese', () => {
    const view = presentPrompt(written('一只纸船在雨中驶过', close), draw('zh'), {});
    expect(textOfView(view)).toMatchInlineSnapshot(`
      "### 新视频的 Prompt
      > 一只纸船在雨中驶过
      -# 9/500 字 · 由 AI 撰写
      -# 与原视频文字重合 46% · 与您最近的视频相似 71%
      ⚠️ 它仍与原视频过于接近，使用前请修改。
      ⚠️ 它仍与您之前的视频 vid\\_a\\_b 过于相似，请编辑出新意。"
    `);
  });

  test.each(['en', 'zh'] as const)(
    'stays within what Discord takes, at its fullest, in %s',
    (locale) => {
      for (const prompt of ['_'.repeat(500), '🚤'.repeat(500)])
        expect(problemsOfView(presentPrompt(written(prompt, close), draw(locale), {}))).toEqual([]);
      for (const template of promptTemplates)
        expect(problemsOfView(presentTemplate(template, draw(locale)))).toEqual([]);
    },
  );
});

describe('the prompt editor', () => {
  const valuesOf = (prefill: Prefill, id: string, locale: 'en' | 'zh' = 'en') => {
    const field = fieldOf(buildEditor(prefill, draw(locale)), id);
    if (field?.type === ComponentType.TextInput) return [field.value];
    if (field && 'options' in field)
      return field.options.filter((one) => one.default).map((one) => one.value);
    throw new Error(`no field ${id}`);
  };

  test.each(['en', 'zh'] as const)('has five fields that Discord takes, in %s', (locale) => {
    for (const prompt of [undefined, '', '短', 'p'.repeat(500), '🚤'.repeat(9000)]) {
      const modal = buildEditor({ prompt }, draw(locale));
      expect(problemsOfModal(modal)).toEqual([]);
      expect(modal.components).toHaveLength(5);
    }
  });

  test('asks for 10 to 500 characters, as the operation does', () => {
    const field = fieldOf(buildEditor({}, draw('en')), 'prompt');
    expect(field).toMatchObject({ min_length: 10, max_length: 500 });
    const { min, max } = promptBounds;
    const takes = (length: number) => promptField.safeParse('p'.repeat(length)).success;
    expect([min - 1, min, max, max + 1].map(takes)).toEqual([false, true, true, false]);
    expect(JSON.stringify(buildEditor({}, draw('en')))).toContain('10 to 500 characters');
    expect(JSON.stringify(buildEditor({}, draw('zh')))).toContain('10 到 500 个字符');
  });

  test('opens with the usual choices', () => {
    expect(valuesOf({}, 'prompt')).toEqual([undefined]);
    expect(valuesOf({}, 'model')).toEqual(['kling']);
    expect(valuesOf({}, 'seconds')).toEqual(['30']);
    expect(valuesOf({}, 'shape')).toEqual(['9:16']);
    expect(valuesOf({}, 'template')).toEqual([]);
  });

  test('opens with what is given', () => {
    const prefill = { prompt: 'A paper boat', model: 'veo', seconds: 60, shape: '16:9' };
    expect(valuesOf(prefill, 'prompt')).toEqual(['A paper boat']);
    expect(valuesOf(prefill, 'model')).toEqual(['veo']);
    expect(valuesOf(prefill, 'seconds')).toEqual(['60']);
    expect(valuesOf(prefill, 'shape')).toEqual(['16:9']);
  });

  test('passes over values that no field has', () => {
    const prefill = { model: 'sora', seconds: 31, shape: '4:3' };
    expect(valuesOf(prefill, 'model')).toEqual(['kling']);
    expect(valuesOf(prefill, 'seconds')).toEqual(['30']);
    expect(valuesOf(prefill, 'shape')).toEqual(['9:16']);
  });

  test('grades every model, and names the lengths', () => {
    const shown = JSON.stringify(buildEditor({}, draw('en')));
    expect(shown).toContain('"description":"⚡⚡⚡ ⭐⭐⭐ 💰 · $0.28/6 s, $0.56/10 s · 16:9"');
    expect(shown).toContain('"description":"⚡⚡ ⭐⭐⭐⭐ 💰💰 · $0.126/s · 9:16, 16:9, 1:1"');
    for (const id of modelIds) expect(shown).toContain(videoModels[id].label);
    for (const note of ['Quick test', 'Recommended', 'The complete story'])
      expect(shown).toContain(note);
    expect(JSON.stringify(buildEditor({}, draw('zh')))).toContain('快速测试');
  });
});

describe('options that are no field of the editor', () => {
  const chosen = optionsOf({
    style: 'cinematic',
    tone: 'natural',
    captions: true,
    voice: 'female',
  });
  const argsOf = (prefill: Prefill) =>
    parseActionId(buildEditor(prefill, draw('en')).custom_id)?.args ?? [];

  test('go with it and come back, at their longest too', () => {
    const [packed = ''] = argsOf({ options: { ...chosen, pace: 'steady', fit: 'crop' } });
    expect(unpackOptions(packed)).toEqual(chosen);
    expect(problemsOfModal(buildEditor({ options: chosen }, draw('en')))).toEqual([]);
  });

  test('are left out while they are the usual ones', () => {
    expect(argsOf({ options: optionsOf({}) })).toEqual([]);
    expect(argsOf({})).toEqual([]);
  });

  test.each(['', 'cinematic', 'cinematic.warm.fast.crop.maybe.off', 'x.y.z.a.b.c', 'a:b'])(
    'that nobody has packed (%s) are the usual ones',
    (code) => expect(unpackOptions(code)).toEqual(optionsOf({})),
  );
});

describe('the models', () => {
  const modelsNow = modelIds.map((id) => {
    const { label, provider, clipSeconds, shapes, audio, grades } = videoModels[id];
    return modelList.output.shape.models.element.parse({
      id,
      label,
      provider,
      clip_seconds: clipSeconds,
      shapes,
      audio,
      speed: '⚡'.repeat(grades.speed),
      quality: '⭐'.repeat(grades.quality),
      cost: '💰'.repeat(grades.cost),
      usd_per_second: null,
      usd_per_clip: null,
    });
  });

  test.each(['en', 'zh'] as const)('are graded and can be picked, in %s', (locale) => {
    const view = presentModels({ models: modelsNow }, draw(locale), {});
    expect(problemsOfView(view)).toEqual([]);
    expect(textOfView(view)).toContain('$0.12/s · 9:16, 16:9 · ');
    expect(textOfView(view)).toContain('**MiniMax Video-01** · ⚡⚡⚡ ⭐⭐⭐ 💰');
    expect(actionsOf(view)).toMatchObject([{ name: 'prompt-model', args: [] }]);
    for (const id of modelIds) expect(JSON.stringify(view)).toContain(`"value":"${id}"`);
  });
});
