import { z } from 'zod';

import { videoWords } from '../../../core/messages/cards/video.ts';
import { videoModels } from '../../../core/video/models.ts';
import { partOfShot } from '../../../core/video/plan.ts';
import { videoQuote } from '../../../core/video/quote.ts';
import { actionId } from '../action-id.ts';
import type { Draw, Presenter } from '../draw.ts';
import { accents, button, card, row, separator, text } from '../view.ts';
import { moment, quoted, small } from './format.ts';
import { gradesOf } from './models.ts';

type Quoted = z.output<typeof videoQuote.output>;

const asked = z.object({ prompt: z.string().optional() });
const shownShots = 10;

/** What would be made and what it costs; nothing is spent before the next card's button. */
export const presentQuote: Presenter = (output, draw, input) => {
  const { locale, owner, now } = draw;
  const words = videoWords[locale];
  const quote = videoQuote.output.parse(output);
  const { prompt } = asked.parse(input);
  const isExpired = new Date(quote.expires_at) <= now;
  return card(isExpired ? accents.quiet : accents.brand, [
    text(`### ${words.quoteTitle()}${prompt ? `\n> ${quoted(prompt, 500)}` : ''}`),
    text(settingsOf(quote, draw)),
    separator(),
    text(planOf(quote, draw)),
    separator(),
    text(priceOf(quote, draw, isExpired)),
    row(
      button(
        actionId('quote-generate', owner, quote.quote),
        { label: words.generate(), emoji: '🎬', disabled: isExpired },
        'success',
      ),
      button(actionId('quote-edit', owner, quote.quote), { label: words.edit(), emoji: '✏️' }),
    ),
  ]);
};

function settingsOf({ model, seconds, shape }: Quoted, { locale }: Draw): string {
  const words = videoWords[locale];
  const { label } = videoModels[model];
  const settings = words.settings({ model: label, seconds, shape: words.shapes[shape].label });
  return `${settings}\n${small(gradesOf(model))}`;
}

function planOf({ shots }: Quoted, { locale }: Draw): string {
  const words = videoWords[locale];
  const lines = shots
    .slice(0, shownShots)
    .map(
      (shot, index) =>
        `${words.shot({ number: index + 1, seconds: shot.seconds })} · ${quoted(partOfShot(shot.prompt) ?? shot.prompt, 90)}`,
    );
  const more = shots.length - lines.length;
  return [
    `**${words.plan({ shots: shots.length })}**`,
    ...lines,
    ...(more > 0 ? [small(words.moreShots({ count: more }))] : []),
  ].join('\n');
}

function priceOf(quote: Quoted, { locale }: Draw, isExpired: boolean): string {
  const words = videoWords[locale];
  const usd = quote.estimated_usd;
  const valid = words.validUntil({ when: moment(quote.expires_at, 't') });
  return [
    words.costs({ quota: quote.quota }),
    small(
      words.providerCost({ usd: usd === null ? null : usd.toFixed(2) }),
      isExpired ? words.expired() : valid,
    ),
  ].join('\n');
}
