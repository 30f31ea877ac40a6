import { secondsAfter } from '../../../core/clock.ts';
import { quotaCardWords } from '../../../core/messages/cards/quota.ts';
import { quotaReceipt } from '../../../core/quota/receipt.ts';
import { receiptSeconds } from '../../../core/quota/receipt-link.ts';
import { actionId } from '../action-id.ts';
import type { Presenter } from '../draw.ts';
import { accents, button, card, row, text } from '../view.ts';
import { moment, small } from './format.ts';
import { linkPart } from './link-part.ts';

/** Where a receipt is loaded, and the way to the other kind of file; for the person alone. */
export const presentReceipt: Presenter = (output, { locale, owner, now }) => {
  const { link, entries, month, format } = quotaReceipt.output.parse(output);
  const words = quotaCardWords[locale];
  const other = format === 'csv' ? 'json' : 'csv';
  const { line, buttons } = linkPart(link, {
    label: words.load({ format: format.toUpperCase() }),
    emoji: '📄',
  });
  const when = moment(secondsAfter(now, receiptSeconds), 't');
  return card(accents.brand, [
    text(`### ${words.receiptHeading}\n${words.receiptOf({ month, entries })}`),
    text(words.receiptNote),
    ...line,
    row(
      ...buttons,
      button(actionId('quota-receipt', owner, other, month ?? ''), {
        label: words.otherFormat({ format: other.toUpperCase() }),
      }),
      button(actionId('quota-show', owner), { label: words.back, emoji: '🔋' }),
    ),
    text(small(words.validUntil({ when }))),
  ]);
};
