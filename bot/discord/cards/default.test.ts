import { describe, expect, test } from 'vitest';
import { z } from 'zod';

import { defineOperation } from '../../../core/operation.ts';
import { operations } from '../../../core/operations.ts';
import { problemsOfView, textOfView } from '../../../test/kit/view-limits.ts';
import type { Draw } from '../draw.ts';
import { presenterOf } from './cards.ts';
import { presentDefault } from './default.ts';

const draw = (locale: 'en' | 'zh'): Draw => ({
  locale,
  timeZone: 'UTC',
  now: new Date('2026-11-22T08:00:00Z'),
  owner: '123456789012345678901',
});

const boatShow = defineOperation({
  name: 'boat_show',
  summary: { en: 'Show a boat.', zh: '查看一只船。' },
  effect: 'read',
  audience: 'everyone',
  needs: [],
  input: z.object({}),
  output: z.looseObject({ boat: z.string() }),
  run: async () => ({ boat: 'b' }),
  say: ({ boat }, locale) => (locale === 'zh' ? `船：${boat}` : `The boat is ${boat}.`),
});

describe('the card of an operation without one of its own', () => {
  const output = {
    boat: '*Lea*',
    launched_at: '2026-11-22T08:00:00.000Z',
    masts: 2,
    is_afloat: true,
    is_leaking: false,
    owner: null,
    name: '',
    crew: [{ id: 'crw_1', name: 'A' }, { id: 'crw_2' }],
    ports: ['Kiel', 'Oslo'],
    log: [],
    size: { metres: 4 },
  };

  test('tells what happened and its plain facts', () => {
    expect(textOfView(presentDefault(boatShow)(output, draw('en'), {}))).toMatchInlineSnapshot(`
      "### Show a boat.
      The boat is \\*Lea\\*.
      **boat** \\*Lea\\*
      **launched at** <t:1795334400:f>
      **masts** 2
      **is afloat** ✅
      **is leaking** —
      **crew** crw\\_1, crw\\_2
      **ports** Kiel, Oslo"
    `);
  });

  test('speaks Chinese', () => {
    const shown = textOfView(presentDefault(boatShow)(output, draw('zh'), {}));
    expect(shown).toContain('### 查看一只船。\n船：\\*Lea\\*');
  });

  test('stays within what Discord takes, at its fullest', () => {
    const facts = Array.from({ length: 500 }, (_, index) => [
      `${'*'.repeat(60)}${index}`,
      Array.from({ length: 99 }, () => '_'.repeat(999)),
    ]);
    const most = { boat: '#'.repeat(9999), ...Object.fromEntries(facts) };
    const view = presentDefault(boatShow)(most, draw('en'), {});
    expect(problemsOfView(view)).toEqual([]);
    expect(textOfView(view).length).toBeGreaterThan(1000);
  });
});

describe('the presenter of a name', () => {
  test('there is one for every operation', () => {
    for (const { name } of operations) expect(presenterOf(name)).toBeTypeOf('function');
  });

  test('there is none for a name that nobody gave', () => {
    expect(() => presenterOf('boat_show')).toThrow('boat_show');
  });
});
