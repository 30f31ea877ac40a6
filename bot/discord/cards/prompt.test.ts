import { ComponentType } from 'discord-api-types/v10';
import { describe, expect, test } from 'vitest';

import { promptTemplates } from '../../../core/prompt/templates.ts';
import { keyOfPrompt } from '../../../core/prompt/written.ts';
import { modelList } from '../../../core/model/list.ts';
import { modelIds, videoModels } from '../../../core/video/models.ts';
import { promptField } from '../../../core/video/inputs.ts';
import { planShots } from '../../../core/video/plan.ts';
import {
  fieldOf,
  idsOfView,
  labelsOfView,
  problemsOfModal,
  problemsOfView,
  textOfView,
} from '../../../test/kit/view-limits.ts';
import { parseActionId } from '../action-id.ts';
import type { Draw } from '../draw.ts';
import { presentModels } from './models.ts';
import { buildEditor, type Prefill } from './prompt-editor.ts';
import { presentPrompt, presentTemplate, promptBounds } from './prompt.ts';
import { presentQuote } from './quote.ts';

const draw = (locale: 'en' | 'zh'): Draw => ({
  locale,
  timeZone: 'UTC',
  now: new Date('2026-11-22T08:00:00Z'),
  owner: '123456789012345678901',
});

const actionsOf = (view: Parameters<typeof idsOfView>[0]) =>
  idsOfView(view).map((one) => parseActionId(one));

describe('a written prompt', () => {
  const written = (prompt: string, by = 'model') => ({
    prompt,
    characters: Array.from(prompt).length,
    written_by: by,
    source: null,
  });

  test('is shown with its length and what can be done with it', () => {
    const view = presentPrompt(written('A paper boat in the rain'), draw('en'), {});
    expect(textOfView(view)).toMatchInlineSnapshot(`
      "### A prompt for your video
      > A paper boat in the rain
      -# 24 of 500 characters · written by AI"
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
    const view = presentPrompt(written('一只纸船在雨中驶过城市的街道', 'rules'), draw('zh'), {});
    expect(textOfView(view)).toMatchInlineSnapshot(`
      "### 新视频的 Prompt
      > 一只纸船在雨中驶过城市的街道
      -# 14/500 字 · AI 未能回答，由规则撰写"
    `);
  });

  test.each(['en', 'zh'] as const)(
    'stays within what Discord takes, at its fullest, in %s',
    (locale) => {
      expect(problemsOfView(presentPrompt(written('_'.repeat(500)), draw(locale), {}))).toEqual([]);
      expect(problemsOfView(presentPrompt(written('🚤'.repeat(500)), draw(locale), {}))).toEqual(
        [],
      );
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
    expect(valuesOf({}, 'shape')).toEqual(['auto']);
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
    expect(valuesOf(prefill, 'shape')).toEqual(['auto']);
  });

  test('grades every model, and names the lengths', () => {
    const shown = JSON.stringify(buildEditor({}, draw('en')));
    expect(shown).toContain('"description":"⚡⚡⚡ ⭐⭐⭐ 💰 · 16:9"');
    for (const id of modelIds) expect(shown).toContain(videoModels[id].label);
    for (const note of ['Quick test', 'Recommended', 'The complete story'])
      expect(shown).toContain(note);
    expect(JSON.stringify(buildEditor({}, draw('zh')))).toContain('快速测试');
  });
});

describe('a quote', () => {
  const shots = (count: number, prompt = 'opening') =>
    Array.from({ length: count }, () => ({ seconds: 10, prompt }));
  const quote = (more: Record<string, unknown> = {}) => ({
    quote: 'quo_0000000000000000',
    model: 'kling',
    seconds: 30,
    shape: '9:16',
    shots: shots(2),
    quota: 1,
    estimated_usd: 3.78,
    expires_at: '2026-11-22T08:15:00.000Z',
    ...more,
  });

  test('tells plan, settings and price', () => {
    const view = presentQuote(quote(), draw('en'), { prompt: 'A paper boat in the rain' });
    expect(textOfView(view)).toMatchInlineSnapshot(`
      "### Your video, ready to make
      > A paper boat in the rain
      **Kling 3 Standard** · 30 s · 9:16 upright
      -# ⚡⚡ ⭐⭐⭐⭐ 💰💰
      **Plan: 2 shots**
      **1** · 10 s · opening
      **2** · 10 s · opening
      Costs **1** quota
      -# about $3.78 at the provider · Valid until <t:1795335300:t>"
    `);
    expect(actionsOf(view)).toMatchObject([
      { name: 'quote-generate', args: ['quo_0000000000000000'] },
      { name: 'quote-edit', args: ['quo_0000000000000000'] },
    ]);
  });

  test('tells the same in Chinese, where the provider names no price', () => {
    const view = presentQuote(quote({ estimated_usd: null }), draw('zh'), {});
    expect(textOfView(view)).toMatchInlineSnapshot(`
      "### 视频已准备好制作
      **Kling 3 Standard** · 30 秒 · 9:16 竖屏
      -# ⚡⚡ ⭐⭐⭐⭐ 💰💰
      **分镜：2 个镜头**
      **1** · 10 秒 · opening
      **2** · 10 秒 · opening
      消耗 **1** 配额
      -# 服务商未公布价格 · 有效至 <t:1795335300:t>"
    `);
    expect(labelsOfView(view)).toEqual(['开始生成', '编辑']);
  });

  test('names the part of each shot instead of repeating the prompt', () => {
    const planned = planShots('A paper boat in the rain', 60, videoModels.kling);
    const shown = textOfView(presentQuote(quote({ shots: planned }), draw('en'), {}));
    expect(shown).toContain('**1** · 15 s · opening that hooks at once\n');
    expect(shown).toContain('**4** · 15 s · closing image');
    expect(shown).not.toContain('same subject');
  });

  test.each([
    ['2026-11-22T08:00:00.001Z', false],
    ['2026-11-22T08:00:00.000Z', true],
    ['2026-11-22T07:59:59.999Z', true],
  ])('that expires at %s cannot be pressed: %s', (expires_at, isExpired) => {
    const view = presentQuote(quote({ expires_at }), draw('en'), {});
    expect(JSON.stringify(view).includes('"disabled":true')).toBe(isExpired);
    expect(textOfView(view).includes('has expired')).toBe(isExpired);
  });

  test.each(['en', 'zh'] as const)(
    'stays within what Discord takes, at its fullest, in %s',
    (locale) => {
      const most = quote({ shots: shots(60, '_'.repeat(1000)), quota: 1e9, estimated_usd: 1e9 });
      const view = presentQuote(most, draw(locale), { prompt: '*'.repeat(500) });
      expect(problemsOfView(view)).toEqual([]);
      expect(textOfView(view)).toContain('50');
    },
  );
});

describe('the models', () => {
  test.each(['en', 'zh'] as const)('are graded and can be picked, in %s', async (locale) => {
    const view = presentModels({ models: await modelsNow() }, draw(locale), {});
    expect(problemsOfView(view)).toEqual([]);
    expect(textOfView(view)).toContain('**MiniMax Video-01** · ⚡⚡⚡ ⭐⭐⭐ 💰');
    expect(actionsOf(view)).toMatchObject([{ name: 'prompt-model', args: [] }]);
    for (const id of modelIds) expect(JSON.stringify(view)).toContain(`"value":"${id}"`);
  });

  const modelsNow = async () =>
    modelIds.map((id) => {
      const { label, clipSeconds, shapes, audio, grades } = videoModels[id];
      return modelList.output.shape.models.element.parse({
        id,
        label,
        clip_seconds: clipSeconds,
        shapes,
        audio,
        speed: '⚡'.repeat(grades.speed),
        quality: '⭐'.repeat(grades.quality),
        cost: '💰'.repeat(grades.cost),
      });
    });
});
