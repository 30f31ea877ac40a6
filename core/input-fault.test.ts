import { expect, test } from 'vitest';
import { z } from 'zod';

import { faultWords, type Fault } from './fault.ts';
import { customIssue, fieldFault, inputFault } from './input-fault.ts';
import { catalogue, type Locale } from './messages/catalogue.ts';

const schema = z
  .strictObject({ size: z.int().max(9), colour: z.enum(['red', 'blue']) })
  .superRefine((value, issues) => {
    if (value.size === 7)
      issues.addIssue(customIssue({ problem: 'trend_or_idea', params: null }, 'size'));
  });

const said = (fault: Fault<'invalid_input'>, locale: Locale): string =>
  faultWords(catalogue(locale), fault.code, fault.params).message;

test("every problem is told in the person's language, the library's as well as ours", () => {
  const fault = inputFault(schema, { size: 10, colour: 'green', weight: 1 });
  expect(fault.field).toBe('size');
  expect(said(fault, 'en')).toBe(
    'That input does not fit: size: Too big: expected number to be <=9; colour: Invalid option: expected one of "red"|"blue"; weight: there is no such field (the fields are: size, colour)',
  );
  expect(said(fault, 'zh')).toBe(
    '输入不符合要求：size: 数值过大：期望 number <=9; colour: 无效选项：期望以下之一 "red"|"blue"; weight: 没有这个字段（可用字段：size, colour）',
  );
});

test("a schema's own check and a single field speak both languages", () => {
  const custom = inputFault(schema, { size: 7, colour: 'red' });
  expect(said(custom, 'en')).toContain('size: give a trend from trend_search, or an idea');
  expect(said(custom, 'zh')).toContain('size: 请给出 trend_search 的爆款编号，或一个想法');
  const single = fieldFault('title', {
    problem: 'too_many_characters',
    params: { count: 101, most: 100 },
  });
  expect(said(single, 'en')).toContain('title: is 101 characters, at most 100 are allowed');
  expect(said(single, 'zh')).toContain('title: 共 101 个字符，最多 100 个');
});
