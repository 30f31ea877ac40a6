import { ButtonStyle, ComponentType } from 'discord-api-types/v10';
import { describe, expect, test } from 'vitest';

import {
  button,
  card,
  gallery,
  linkButton,
  row,
  section,
  select,
  text,
  thumbnail,
  type View,
} from '../../bot/discord/view.ts';
import { problemsOfModal, problemsOfView } from './view-limits.ts';

const texts = (count: number, letters = 1): View =>
  card(
    0,
    Array.from({ length: count }, () => text('x'.repeat(letters))),
  );
const press = (id: string, label = 'x') => ({
  type: ComponentType.Button as const,
  style: ButtonStyle.Primary as const,
  custom_id: id,
  label,
});
const fits = (view: View) => problemsOfView(view).length === 0;

describe('a message', () => {
  test.each([
    ['39 components', texts(38), true],
    ['40 components', texts(39), true],
    ['41 components', texts(40), false],
    ['3,999 characters', texts(31, 129), true],
    ['4,000 characters', texts(32, 125), true],
    [
      '4,001 characters',
      card(0, [...Array(32)].map(() => text('x'.repeat(125))).concat(text('x'))),
      false,
    ],
    ['a label of 80', card(0, [row(press('a', 'x'.repeat(80)))]), true],
    ['a label of 81', card(0, [row(press('a', 'x'.repeat(81)))]), false],
    ['an id of 100', card(0, [row(button('x'.repeat(100), { label: 'x' }))]), true],
    ['an id of 101', card(0, [row(button('x'.repeat(101), { label: 'x' }))]), false],
    ['an address of 512', card(0, [row(linkButton('x'.repeat(512), { label: 'x' }))]), true],
    ['an address of 513', card(0, [row(linkButton('x'.repeat(513), { label: 'x' }))]), false],
    ['five buttons', card(0, [row(...['a', 'b', 'c', 'd', 'e'].map((id) => press(id)))]), true],
    [
      'six buttons',
      card(0, [row(...['a', 'b', 'c', 'd', 'e', 'f'].map((id) => press(id)))]),
      false,
    ],
    ['no buttons', card(0, [row()]), false],
    ['two different ids', card(0, [row(press('a'), press('b'))]), true],
    ['an id twice', card(0, [row(press('a'), press('a'))]), false],
    ['a select alone', card(0, [row(select('a', 'p', [{ label: 'x', value: 'x' }]))]), true],
    [
      'a select and a button',
      card(0, [row(select('a', 'p', [{ label: 'x', value: 'x' }]), press('b'))]),
      false,
    ],
    ['a select without options', card(0, [row(select('a', 'p', []))]), false],
    [
      'a select with a value twice',
      card(0, [
        row(
          select(
            'a',
            'p',
            ['x', 'y'].map((label) => ({ label, value: '1' })),
          ),
        ),
      ]),
      false,
    ],
    ['ten pictures', card(0, [gallery(Array(10).fill('https://a.example'))]), true],
    ['eleven pictures', card(0, [gallery(Array(11).fill('https://a.example'))]), false],
    ['no picture', card(0, [gallery([])]), false],
    [
      'a section of three',
      card(0, [section(['a', 'b', 'c'], thumbnail('https://a.example', 'x'))]),
      true,
    ],
    [
      'a section of four',
      card(0, [section(['a', 'b', 'c', 'd'], thumbnail('https://a.example', 'x'))]),
      false,
    ],
    ['an empty text', card(0, [text('')]), false],
    ['a file that is not there', card(0, [gallery(['attachment://a.mp4'])]), false],
    [
      'a file that is there',
      card(
        0,
        [gallery(['attachment://a.mp4'])],
        [{ name: 'a.mp4', contentType: 'video/mp4', path: '/a' }],
      ),
      true,
    ],
    [
      'a file that nothing shows',
      card(0, [text('x')], [{ name: 'a.mp4', contentType: 'video/mp4', path: '/a' }]),
      false,
    ],
  ])('with %s', (_, view, isTaken) => {
    expect(fits(view)).toBe(isTaken);
  });
});

describe('a form', () => {
  const form = (title: number, count: number, label = 5, id = 'form', value = 'xx') => ({
    custom_id: id,
    title: 'x'.repeat(title),
    components: Array.from({ length: count }, (_, index) => ({
      type: ComponentType.Label as const,
      label: 'x'.repeat(label),
      component: {
        type: ComponentType.TextInput as const,
        style: 1,
        custom_id: `f${index}`,
        min_length: 2,
        max_length: 3,
        value,
      },
    })),
  });

  test.each([
    ['a title of 45', form(45, 1), true],
    ['a title of 46', form(46, 1), false],
    ['five fields', form(1, 5), true],
    ['six fields', form(1, 6), false],
    ['no field', form(1, 0), false],
    ['a label of 45', form(1, 1, 45), true],
    ['a label of 46', form(1, 1, 46), false],
    ['an id of 101', form(1, 1, 1, 'x'.repeat(101)), false],
    ['a value of 1', form(1, 1, 1, 'f', 'x'), false],
    ['a value of 2', form(1, 1, 1, 'f', 'xx'), true],
    ['a value of 3', form(1, 1, 1, 'f', 'xxx'), true],
    ['a value of 4', form(1, 1, 1, 'f', 'xxxx'), false],
  ])('with %s', (_, modal, isTaken) => {
    expect(problemsOfModal(modal).length === 0).toBe(isTaken);
  });
});
