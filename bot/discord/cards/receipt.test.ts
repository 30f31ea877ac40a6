import { expect, it } from 'vitest';

import { draws, drawIn } from '../../../test/kit/draws.ts';
import { idsOfView, problemsOfView, textOfView } from '../../../test/kit/view-limits.ts';
import { presentReceipt } from './receipt.ts';

const link = 'https://jilo.example/receipts/acc_1.csv?exp=1&sig=x';
const receipt = { link, entries: 12, file: 'jilo-receipt.csv', format: 'csv', month: null };

it('leads to the file, and to the other kind of file', () => {
  const view = presentReceipt(receipt, drawIn('en'), {});
  expect(textOfView(view)).toContain('Everything · 12 entries');
  expect(textOfView(view)).toContain('until <t:1795338000:t>');
  expect(JSON.stringify(view)).toContain(link);
  expect(idsOfView(view)).toStrictEqual([
    'v1:quota-receipt:12345678901234567890:json:',
    'v1:quota-show:12345678901234567890',
  ]);
  const month = { ...receipt, format: 'json', month: '2026-11' };
  const other = presentReceipt(month, drawIn('zh'), {});
  expect(textOfView(other)).toContain('2026-11 · 12 条');
  expect(idsOfView(other)[0]).toBe('v1:quota-receipt:12345678901234567890:csv:2026-11');
});

it.each([60, 512, 513, 3000])('fits with a link of %i characters', (length) => {
  for (const draw of draws) {
    const view = presentReceipt({ ...receipt, link: link.padEnd(length, 'x') }, draw, {});
    expect(problemsOfView(view)).toStrictEqual([]);
    expect(JSON.stringify(view)).toContain(link.padEnd(length, 'x'));
    expect(textOfView(view).includes(link)).toBe(length > 512);
  }
});
