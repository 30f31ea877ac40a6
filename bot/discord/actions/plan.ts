import { Fault } from '../../../core/fault.ts';
import { presentHistory, shownEntries } from '../cards/quota-history.ts';
import { presentPacks, presentPlans } from '../cards/plan.ts';
import { defineAction, type Action } from '../exchange.ts';
import { showPrivately } from './show-privately.ts';

/** What a button of a history names: before which movement, and of which month. */
const historyInput = ([before = '', month = '']: readonly string[]) => ({
  limit: shownEntries,
  ...(before === '' ? {} : { before: Number(before) }),
  ...(month === '' ? {} : { month }),
});

const guarded = (action: Action, operation: string): Action => ({
  ...action,
  async handle(exchange, args, filled) {
    // An older card may offer what is not set up any more.
    if (!exchange.operations.some(({ name }) => name === operation))
      throw new Fault('service_missing', { service: 'Stripe' });
    await action.handle(exchange, args, filled);
  },
});

/** What the buttons about quota, plans and packs do; nobody else sees any of it. */
export const planActions: readonly Action[] = [
  showPrivately('quota-show', 'quota_show'),
  showPrivately('quota-history', 'quota_history', { inputOf: historyInput }),
  defineAction('quota-page', async (exchange, args) => {
    await exchange.deferUpdate();
    const input = historyInput(args);
    const output = await exchange.perform('quota_history', input);
    if (output) await exchange.update(presentHistory(output, exchange.draw, input));
  }),
  showPrivately('quota-receipt', 'quota_receipt', {
    inputOf: ([format = 'csv', month = '']) => ({ format, ...(month === '' ? {} : { month }) }),
  }),
  guarded(
    showPrivately('plans-show', 'plan_list', {
      present: ([only]) => (only === 'packs' ? presentPacks : presentPlans),
    }),
    'plan_list',
  ),
  guarded(
    showPrivately('plan-upgrade', 'plan_upgrade', { inputOf: ([product]) => ({ product }) }),
    'plan_upgrade',
  ),
  guarded(showPrivately('plan-manage', 'plan_manage'), 'plan_manage'),
  guarded(showPrivately('plan-cancel', 'plan_cancel'), 'plan_cancel'),
];
