import { presentSettings } from '../cards/account.ts';
import { textField } from '../cards/form-parts.ts';
import { accountWords } from '../../../core/messages/cards/account.ts';
import { actionId } from '../action-id.ts';
import { defineAction, type Action, type Exchange } from '../exchange.ts';
import { showPrivately } from './show-privately.ts';

/** Changes settings of the account and shows them on the card that was pressed. */
async function change(exchange: Exchange, settings: Record<string, unknown>): Promise<void> {
  await exchange.deferUpdate();
  const changed = await exchange.perform('account_update', settings);
  if (changed) await exchange.update(presentSettings(changed, exchange.draw, settings));
}

/** What the buttons and lists about the account do. */
export const accountActions: readonly Action[] = [
  showPrivately('account-show', 'account_show'),
  defineAction('account-locale', (exchange, _, { picked }) =>
    change(exchange, { locale: picked?.[0] }),
  ),
  defineAction('account-zone', (exchange, _, { picked }) =>
    change(exchange, { time_zone: picked?.[0] }),
  ),
  defineAction('account-leash', (exchange, _, { picked }) =>
    change(exchange, { leash: Number(picked?.[0]) }),
  ),
  defineAction('account-cap', (exchange, _, { picked }) =>
    change(exchange, { daily_cap: picked?.[0] }),
  ),
  defineAction('account-zone-save', (exchange, _, { zone }) =>
    change(exchange, { time_zone: zone?.[0] ?? '' }),
  ),
  defineAction('notices-on', (exchange) => change(exchange, { notices: true })),
  defineAction('notices-off', (exchange) => change(exchange, { notices: false })),
  defineAction('account-zone-edit', (exchange) => {
    const { locale, owner, timeZone } = exchange.draw;
    const words = accountWords[locale].account;
    return exchange.openModal({
      custom_id: actionId('account-zone-save', owner),
      title: words.zoneTitle,
      components: [
        textField({
          id: 'zone',
          label: words.zoneLabel,
          note: words.zoneNote,
          value: timeZone,
          most: 64,
          isRequired: true,
        }),
      ],
    });
  }),
];
