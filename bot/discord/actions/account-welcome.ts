import { commonWords } from '../../../core/messages/cards/common.ts';
import { actionId } from '../action-id.ts';
import { textField } from '../cards/form-parts.ts';
import { defineAction, type Action } from '../exchange.ts';

/** What the buttons of the welcome do, beside those that other cards have too. */
export const welcomeActions: readonly Action[] = [
  defineAction('welcome-find', (exchange) => {
    const { locale, owner } = exchange.draw;
    const words = commonWords[locale].welcome;
    return exchange.openModal({
      custom_id: actionId('welcome-search', owner),
      title: words.findTitle,
      components: [
        textField({
          id: 'keyword',
          label: words.keyword,
          note: words.keywordNote,
          most: 100,
          isRequired: true,
        }),
      ],
    });
  }),
  defineAction('welcome-search', async (exchange, _, { keyword }) => {
    await exchange.defer(exchange.visibility);
    await exchange.show('trend_search', { keyword: keyword?.[0] ?? '' });
  }),
];
