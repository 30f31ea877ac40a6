import { quotaCardWords } from '../../../core/messages/cards/quota.ts';
import { productName } from '../../../core/messages/plan-words.ts';
import { quotaShow } from '../../../core/quota/show.ts';
import { actionId } from '../action-id.ts';
import type { Draw, Presenter } from '../draw.ts';
import { accents, bar, button, card, gallery, row, text } from '../view.ts';
import { moment, small } from './format.ts';

type Quota = ReturnType<typeof quotaShow.output.parse>;

/** How much quota is left, when it renews and what was used, with the months as a picture. */
export const presentQuota: Presenter = (output, draw) => {
  const quota = quotaShow.output.parse(output);
  const { available, held, granted } = quota;
  const words = quotaCardWords[draw.locale];
  const pictures = draw.pictures ?? [];
  return card(
    available > 0 ? accents.brand : accents.waiting,
    [
      text([`### ${words.heading}`, ...leftLines(quota, draw), planLine(quota, draw)].join('\n')),
      text(`\`\`\`\n${barsOf(quota, draw).join('\n')}\n\`\`\``),
      ...(held > 0 ? [text(small(words.held({ held })))] : []),
      ...(pictures.length > 0 ? [gallery(pictures.map(({ name }) => `attachment://${name}`))] : []),
      text(small(available > 0 ? words.granted({ granted }) : words.empty)),
      row(...buttonsOf(quota, draw)),
    ],
    pictures,
  );
};

function leftLines(quota: Quota, { locale }: Draw): string[] {
  const { available, available_month: month, available_packs: packs } = quota;
  const words = quotaCardWords[locale];
  const left = words.left({ available });
  return packs > 0 ? [left, small(words.parts({ month, packs }))] : [left];
}

function planLine({ plan, renews_at: renews, ends_at: ends }: Quota, { locale }: Draw): string {
  const words = quotaCardWords[locale];
  return [
    words.plan({ name: productName(plan, locale) }),
    ...(renews === null ? [] : [words.renews({ when: moment(renews) })]),
    ...(ends === null ? [] : [words.ends({ when: moment(ends, 'f') })]),
  ].join(' · ');
}

/** What there is of the month, as parts of all of it. */
function barsOf({ available, held, used_this_month: used }: Quota, { locale }: Draw): string[] {
  const words = quotaCardWords[locale].chart;
  const gone = Math.max(0, used - held);
  const all = Math.max(1, available + held + gone);
  const line = (label: string, units: number) => `${label}  ${bar((100 * units) / all)}  ${units}`;
  return [line(words.available, available), line(words.held, held), line(words.used, gone)];
}

function buttonsOf({ next, available }: Quota, { locale, owner }: Draw) {
  const words = quotaCardWords[locale];
  const upgrade = button(
    actionId('plans-show', owner),
    { label: words.upgrade, emoji: '⬆️' },
    available > 0 ? 'secondary' : 'primary',
  );
  return [
    ...(next.includes('plan_list') ? [upgrade] : []),
    button(actionId('quota-history', owner), { label: words.history, emoji: '🧾' }),
    button(actionId('quota-receipt', owner, 'csv'), { label: words.receipt, emoji: '📄' }),
  ];
}
