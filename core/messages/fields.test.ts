import { describe, expect, test } from 'vitest';
import { z } from 'zod';

import { operations } from '../operations.ts';
import { locales } from './catalogue.ts';
import { choiceLabel, fieldWords, hasLabel, nounWords, verbName, wordKeys } from './fields.ts';

/** What Discord takes as the name of a command or an option. */
const commandName = /^[-_\p{L}\p{N}]{1,32}$/u;
const property = z.looseObject({ enum: z.array(z.union([z.string(), z.number()])).optional() });

const places = operations.flatMap((operation) => {
  const { properties = {} } = z.toJSONSchema(operation.input, { io: 'input' });
  return Object.entries(properties).map(([field, raw]) => ({
    operation: operation.name,
    field,
    values: property.parse(raw).enum ?? [],
  }));
});

const named = operations.map(({ name }) => {
  const [noun = '', verb = ''] = name.split('_');
  return { name, noun, verb };
});

const expectName = (name: string) => {
  expect(name).toMatch(commandName);
  expect(name).toMatch(/\p{Script=Han}/u);
  expect(name).toBe(name.toLowerCase());
};

const expectText = (text: string, isChinese: boolean) => {
  expect(text.trim()).toBe(text);
  expect(text.length).toBeGreaterThanOrEqual(1);
  expect(text.length).toBeLessThanOrEqual(100);
  if (isChinese) expect(text).toMatch(/\p{Script=Han}/u);
};

describe('the words of commands', () => {
  test.each(named)('$name has a noun and a verb', ({ noun, verb }) => {
    const { zh, description } = nounWords(noun);
    expect(Object.keys(description).toSorted()).toEqual([...locales]);
    expectName(zh);
    expectName(verbName(verb));
    expectText(description.en, false);
    expectText(description.zh, true);
  });

  test.each(places)('$operation $field has a Chinese name and description', (place) => {
    const { name, description } = fieldWords(place);
    expect(name).not.toBe(place.field);
    expectName(name);
    expectText(description, true);
  });

  test.each(places.filter(({ values }) => values.length > 0))(
    '$operation $field labels each of its values in both languages',
    (place) => {
      for (const locale of locales) {
        const labels = place.values.map((value) => choiceLabel(place, value, locale));
        for (const label of labels) expectText(label, false);
        expect(new Set(labels).size).toBe(labels.length);
      }
      for (const value of place.values)
        expect([value, hasLabel(place, value)]).toEqual([value, true]);
    },
  );

  test('are not the same twice in one command, or in one group', () => {
    for (const { name } of operations) {
      const own = places.filter(({ operation }) => operation === name);
      const names = own.map((place) => fieldWords(place).name);
      expect([name, new Set(names).size]).toEqual([name, names.length]);
    }
    const paths = named.map(({ noun, verb }) => `${nounWords(noun).zh} ${verbName(verb)}`);
    expect(new Set(paths).size).toBe(paths.length);
    const groups = wordKeys.nouns.map((noun) => nounWords(noun).zh);
    expect(new Set(groups).size).toBe(groups.length);
  });

  test('are all used', () => {
    const fields = new Set(
      places.flatMap(({ operation, field }) => [field, `${operation}.${field}`]),
    );
    expect(wordKeys.fields.filter((key) => !fields.has(key))).toEqual([]);
    expect(wordKeys.choices.filter((key) => !fields.has(key))).toEqual([]);
    expect(wordKeys.nouns.filter((key) => !named.some(({ noun }) => noun === key))).toEqual([]);
    expect(wordKeys.verbs.filter((key) => !named.some(({ verb }) => verb === key))).toEqual([]);
  });

  test('a field or value that nobody has named', () => {
    expect(() => fieldWords({ operation: 'video_show', field: 'colour' })).toThrow('colour');
    expect(() => nounWords('cloud')).toThrow('cloud');
    expect(() => verbName('rain')).toThrow('rain');
    const privacy = { operation: 'publication_create', field: 'privacy' };
    expect(choiceLabel(privacy, 'secret', 'zh')).toBe('secret');
    expect(choiceLabel(privacy, 'unlisted', 'zh')).toBe('不公开');
    expect(choiceLabel({ operation: 'video_quote', field: 'seconds' }, 30, 'en')).toBe(
      '30 s · recommended',
    );
    expect(choiceLabel({ operation: 'video_quote', field: 'model' }, 'minimax', 'zh')).toBe(
      'MiniMax Hailuo 2.3 Standard ⚡⚡⚡ ⭐⭐⭐ 💰',
    );
  });
});
