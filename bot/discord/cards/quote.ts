import { z } from 'zod';

import { quoteWords } from '../../../core/messages/cards/quote.ts';
import { serverWalletWords } from '../../../core/messages/cards/server-wallet.ts';
import { videoWords } from '../../../core/messages/cards/video.ts';
import { optionWords } from '../../../core/messages/options.ts';
import type { Payer } from '../../../core/quota/payer.ts';
import { madeShape, videoModels } from '../../../core/video/models.ts';
import { optionsOf } from '../../../core/video/options.ts';
import { videoQuote } from '../../../core/video/quote.ts';
import { actionId } from '../action-id.ts';
import type { Draw, Presenter } from '../draw.ts';
import { accents, button, card, row, select, separator, text, type View } from '../view.ts';
import { moment, quoted, small } from './format.ts';
import { gradesOf } from './models.ts';

type Quoted = z.output<typeof videoQuote.output>;

type KnownPayer = Pick<Payer, 'kind' | 'available'>;

const asked = z.object({ prompt: z.string().optional() });
const shownShots = 12;
/** Takes that can be had at once, beside one. */
const takeChoices = [2, 3, 4] as const;

/** What would be made and what it costs; nothing is spent before the next card's button. */
export const presentQuote: Presenter = (output, draw, input) =>
  presentQuoteWithBalance(output, draw, input, null);

/** The same with what is left after it of the payer's quota; null when that is not known. */
export function presentQuoteWithBalance(
  output: Record<string, unknown>,
  draw: Draw,
  input: Record<string, unknown>,
  payer: KnownPayer | null,
): View {
  const { locale, owner, now } = draw;
  const words = quoteWords[locale];
  const quote = videoQuote.output.parse(output);
  const { prompt } = asked.parse(input);
  const isExpired = new Date(quote.expires_at) <= now;
  const act = (name: string) => actionId(name, owner, quote.quote);
  return card(isExpired ? accents.quiet : accents.brand, [
    text(`### ${words.title()}${prompt ? `\n> ${quoted(prompt, 500)}` : ''}`),
    text(settingsOf(quote, draw)),
    separator(),
    text(storyboardOf(quote, draw)),
    separator(),
    text(priceOf(quote, draw, { isExpired, payer })),
    ...(isExpired ? [] : [row(takesSelect(quote, draw))]),
    row(
      button(
        act('quote-generate'),
        { label: words.generate(), emoji: '🎬', disabled: isExpired },
        'success',
      ),
      button(act('quote-edit'), { label: videoWords[locale].edit(), emoji: '✏️' }),
      button(act('quote-options'), { label: words.options(), emoji: '🎨' }),
    ),
  ]);
}

function settingsOf(quote: Quoted, draw: Draw): string {
  const { model, seconds, shape, fitted } = quote;
  const words = quoteWords[draw.locale];
  const { label } = videoModels[model];
  const { label: name } = videoWords[draw.locale].shapes[shape];
  const options = optionsOf(quote);
  const chosen = optionWords(options, draw.locale).map((one) => `${one.mark} ${one.words}`);
  const made = madeShape(videoModels[model], shape);
  const isPadded = options.fit === 'pad';
  return [
    words.settings({ model: label, seconds, shape: name }),
    ...(chosen.length > 0 ? [chosen.join(' · ')] : []),
    small(gradesOf(model), fitted ? `📐 ${words.fitted({ made, shape, isPadded })}` : null),
  ].join('\n');
}

/** Longest picture, camera and line of a shot; the shorter ones when the longer ones do not fit. */
const shotLimits = [
  { picture: 160, rest: 80 },
  { picture: 90, rest: 50 },
  { picture: 60, rest: 30 },
  { picture: 40, rest: 15 },
];
const mostLetters = 2200;

function storyboardOf({ shots, planned_by: by }: Quoted, { locale }: Draw): string {
  const words = quoteWords[locale];
  const shown = shots.slice(0, shownShots);
  const write = (limits: (typeof shotLimits)[number]) =>
    shown.map((shot, index) => shotLines(shot, index + 1, { locale, limits })).join('\n');
  const drafts = shotLimits.map((limits) => write(limits));
  const lines = drafts.find((draft) => draft.length <= mostLetters) ?? drafts.at(-1) ?? '';
  const more = shots.length - shown.length;
  return [
    `**${words.storyboard({ shots: shots.length })}**`,
    lines,
    ...(more > 0 ? [small(words.moreShots({ count: more }))] : []),
    ...(by === 'rules' ? [small(words.plannedByRules())] : []),
  ].join('\n');
}

function shotLines(
  { seconds, picture, camera, line }: Quoted['shots'][number],
  number: number,
  {
    locale,
    limits,
  }: { readonly locale: Draw['locale']; readonly limits: (typeof shotLimits)[number] },
): string {
  const words = quoteWords[locale];
  const { picture: long, rest: short } = limits;
  const facts = [
    ...(camera.trim() ? [`🎥 ${quoted(camera, short)}`] : []),
    ...(line ? [`💬 ${words.line({ line: quoted(line, short) })}`] : []),
  ];
  const head = `${words.shot({ number, seconds: secondsText(seconds) })} · ${quoted(picture, long)}`;
  return facts.length > 0 ? `${head}\n${small(...facts)}` : head;
}

/** Whole seconds without a point: 7.5, 10. */
const secondsText = (seconds: number): string => String(Math.round(seconds * 10) / 10);

function priceOf(
  quote: Quoted,
  { locale }: Draw,
  { isExpired, payer }: { readonly isExpired: boolean; readonly payer: KnownPayer | null },
): string {
  const words = quoteWords[locale];
  const { quota, expected_minutes: minutes } = quote;
  const valid = words.validUntil({ when: moment(quote.expires_at, 't') });
  return [
    [words.costs({ quota }), ...leftAfter(quota, payer, locale)].join(' · '),
    small(
      words.providerCost({ usd: dollars(quote, 1) }),
      minutes === null ? null : words.minutes({ minutes: Math.max(1, Math.ceil(minutes)) }),
      isExpired ? words.expired() : valid,
    ),
  ].join('\n');
}

function leftAfter(quota: number, payer: KnownPayer | null, locale: Draw['locale']): string[] {
  if (payer === null) return [];
  const { kind, available } = payer;
  if (kind === 'server') return [serverWalletWords[locale].serverPays({ left: available - quota })];
  const words = quoteWords[locale];
  return available < quota
    ? [words.tooFew({ left: available })]
    : [words.after({ left: available - quota })];
}

const dollars = ({ estimated_usd: usd }: Quoted, takes: number): string | null =>
  usd === null ? null : (usd * takes).toFixed(2);

function takesSelect(quote: Quoted, { locale, owner }: Draw) {
  const words = quoteWords[locale];
  return select(
    actionId('quote-takes', owner, quote.quote),
    words.pickTakes(),
    takeChoices.map((takes) => ({
      value: String(takes),
      label: words.takes({ takes }),
      description: words.takesCost({ takes, quota: quote.quota, usd: dollars(quote, takes) }),
    })),
  );
}
