import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Context } from '../../../core/context.ts';
import { isFault } from '../../../core/fault.ts';
import { operations } from '../../../core/operations.ts';
import { bookSettings, PaymentBooks } from '../../../test/kit/payment-books.ts';
import { recordExchange, type Recorded } from '../../../test/kit/recorded-exchange.ts';
import { idsOfView, problemsOfView, textOfView } from '../../../test/kit/view-limits.ts';
import { createWorld, type World } from '../../../test/kit/world.ts';
import { planActions } from './plan.ts';

let world: World;
let context: Context;
let newcomer: Context;
beforeAll(async () => {
  world = await createWorld({ settings: bookSettings });
  const own = await world.context('discord', 'owner');
  const payments = new PaymentBooks(() => world.now());
  const ports = { ...own.ports, payments };
  context = { ...own, ports };
  newcomer = { ...(await world.context('discord', 'newcomer')), ports };
});
afterAll(() => world.close());

async function act(
  name: string,
  args: readonly string[] = [],
  { who = context, operations: offered = operations } = {},
): Promise<Recorded> {
  const recorded = recordExchange(who, { operations: offered });
  const action = planActions.find((one) => one.name === name);
  if (!action) throw new Error(`no action ${name}`);
  await action.handle(recorded.exchange, args, {});
  return recorded;
}
const viewOf = ({ views }: Recorded) => {
  const [view] = views;
  if (!view) throw new Error('nothing is shown');
  expect(problemsOfView(view)).toStrictEqual([]);
  return view;
};

it.each<[string, readonly string[], string, string]>([
  ['quota-show', [], 'quota_show', '**100** left to spend'],
  ['quota-history', [], 'quota_history', 'Welcome gift'],
  ['quota-receipt', ['json', '2026-11'], 'quota_receipt', '2026-11 · 1 entries'],
  ['quota-receipt', ['csv'], 'quota_receipt', 'Everything · 1 entries'],
  ['plans-show', [], 'plan_list', '**Pro** · $29.00 a month'],
  ['plans-show', ['packs'], 'plan_list', '**small pack** · $5.00'],
  ['plan-upgrade', ['pack_small'], 'plan_upgrade', 'Pay for small pack'],
])('%s %j shows it to the person alone', async (name, args, operation, words) => {
  const recorded = await act(name, args);
  expect(recorded.steps).toStrictEqual(['defer person', `perform ${operation}`, 'answer person']);
  expect(textOfView(viewOf(recorded))).toContain(words);
});

it('shows the months of quota as a picture', async () => {
  const [file] = viewOf(await act('quota-show')).files ?? [];
  const data = file && 'data' in file ? file.data : Buffer.alloc(0);
  expect([file?.name, data.subarray(1, 4).toString()]).toEqual(['quota.png', 'PNG']);
});

it('turns the pages of the history in place', async () => {
  const recorded = await act('quota-page', ['1', '2026-11']);
  expect(recorded.steps).toStrictEqual(['defer update', 'perform quota_history', 'update']);
  expect(textOfView(viewOf(recorded))).toContain(
    'Quota history · 2026-11\nThere is nothing further',
  );
  const first = await act('quota-page', ['', '']);
  expect(textOfView(viewOf(first))).toContain('Welcome gift');
  expect(idsOfView(viewOf(first)).join()).not.toContain('quota-page');
});

it('leads whoever has paid to the page about it', async () => {
  await act('plan-upgrade', ['pack_small']);
  const recorded = await act('plan-manage');
  expect(recorded.steps.at(-1)).toBe('answer person');
  expect(textOfView(viewOf(recorded))).toContain('Your plan, card and invoices');
});

it.each(['plan-manage', 'plan-cancel'])('%s without a plan says so', async (name) => {
  const { steps } = await act(name, [], { who: newcomer });
  expect(steps.at(-1)).toBe('fail plan_missing');
});

describe('where nobody takes payments', () => {
  it.each(['plans-show', 'plan-upgrade', 'plan-manage', 'plan-cancel'])(
    '%s of an older card says that',
    async (name) => {
      const failure = await act(name, ['pro'], { operations: [] }).catch((error: unknown) => error);
      expect(isFault(failure, 'service_missing')).toBe(true);
    },
  );
});
