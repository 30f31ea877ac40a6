import { describe, expect, it } from 'vitest';

import { checkCard, isEmail } from './card-input.ts';
import { testCards } from './test-cards.ts';

const now = new Date('2026-11-30T23:59:00Z');
const good = { number: '4242 4242 4242 4242', expiry: '12 / 34', cvc: '123' };
const check = (change: Partial<typeof good>) => checkCard({ ...good, ...change }, now);

describe('the fields of a card', () => {
  it.each([
    ['12/34', 12, 2034],
    ['1234', 12, 2034],
    ['1/2030', 1, 2030],
    ['012030', 1, 2030],
    ['１２／３４', 12, 2034],
    // The last minute of the month in which it ends.
    ['11/26', 11, 2026],
    ['11/76', 11, 2076],
  ])('read %s as an expiry', (expiry, month, year) => {
    expect(check({ expiry })).toEqual({
      card: { number: '4242424242424242', month, year, cvc: '123' },
    });
  });

  it.each([
    ['number', '', 'number_missing'],
    ['number', '4242 4242 4242 424', 'number_incomplete'],
    ['number', '4242 4242 4242 4241', 'number_invalid'],
    ['number', '4242 4242 4242 424x', 'number_invalid'],
    ['number', '42424242424242424242', 'number_invalid'],
    ['expiry', '', 'expiry_missing'],
    ['expiry', '12', 'expiry_incomplete'],
    ['expiry', '13/34', 'expiry_invalid'],
    ['expiry', '00/34', 'expiry_invalid'],
    ['expiry', 'soon', 'expiry_invalid'],
    ['expiry', '10/26', 'expiry_past'],
    ['expiry', '12/76', 'expiry_invalid'],
    ['cvc', '', 'cvc_missing'],
    ['cvc', '12', 'cvc_incomplete'],
    ['cvc', '12345', 'cvc_incomplete'],
    ['cvc', '12a', 'cvc_incomplete'],
  ])('refuse at %s what is wrong there: %j is %s', (field, typed, problem) => {
    expect(check({ [field]: typed })).toEqual({ problems: { [field]: problem } });
  });

  it('says everything that is wrong at once', () => {
    expect(check({ number: '1', expiry: '', cvc: '' })).toEqual({
      problems: { number: 'number_incomplete', expiry: 'expiry_missing', cvc: 'cvc_missing' },
    });
  });

  it.each(testCards)('takes the test card of $name', ({ number }) => {
    expect(check({ number })).toMatchObject({ card: { number } });
  });

  it.each([
    ['ada@example.com', true],
    ['ada@example.co.uk', true],
    ['ada@example', false],
    ['ada.example.com', false],
    ['a da@example.com', false],
    ['', false],
    [`${'a'.repeat(242)}@example.com`, true],
    [`${'a'.repeat(243)}@example.com`, false],
  ])('tells of %s whether it is an e-mail address', (text, isOne) => {
    expect(isEmail(text)).toBe(isOne);
  });
});
