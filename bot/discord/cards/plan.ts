import type { APIButtonComponent, APIComponentInContainer } from 'discord-api-types/v10';
import type { z } from 'zod';

import { planCardWords } from '../../../core/messages/cards/plan.ts';
import { productName } from '../../../core/messages/plan-words.ts';
import { planCancel } from '../../../core/plan/cancel.ts';
import { planList } from '../../../core/plan/list.ts';
import { planManage } from '../../../core/plan/manage.ts';
import { planUpgrade } from '../../../core/plan/upgrade.ts';
import { actionId } from '../action-id.ts';
import type { Draw, Presenter } from '../draw.ts';
import { accents, button, card, row, section, separator, text } from '../view.ts';
import { moment, quoted, small } from './format.ts';
import { linkPart } from './link-part.ts';

type Plans = z.output<typeof planList.output>;
type Offer = Plans['products'][number];

/** The plans and packs with what they cost; the person's own is marked, the others can be chosen. */
export const presentPlans: Presenter = (output, draw) => {
  const plans = planList.output.parse(output);
  const words = planCardWords[draw.locale];
  const offersOf = (wanted: Offer['kind']) =>
    plans.products.filter(({ kind }) => kind === wanted).map((offer) => offerPart(offer, draw));
  const packs = offersOf('pack');
  return card(accents.brand, [
    text(`### ${words.heading}\n${ownLine(plans, draw)}`),
    ...offersOf('plan'),
    ...(packs.length > 0 ? [separator(), text(`**${words.packsHeading}**`), ...packs] : []),
    separator(),
    row(...ownButtons(plans, draw)),
  ]);
};

/** The packs alone, for somebody who needs a little more now. */
export const presentPacks: Presenter = (output, draw) => {
  const plans = planList.output.parse(output);
  const words = planCardWords[draw.locale];
  const packs = plans.products.filter(({ kind }) => kind === 'pack');
  return card(accents.brand, [
    text(`### ${words.packsHeading}`),
    ...(packs.length > 0 ? packs.map((offer) => offerPart(offer, draw)) : [text(words.none)]),
    separator(),
    row(
      button(actionId('plans-show', draw.owner), { label: words.all, emoji: '⬆️' }),
      quotaButton(draw),
    ),
  ]);
};

function ownLine({ plan, renews_at: renews, ends_at: ends }: Plans, { locale }: Draw): string {
  const words = planCardWords[locale];
  return [
    words.yours({ name: productName(plan, locale) }),
    ...(renews === null || ends !== null ? [] : [words.renews({ when: moment(renews) })]),
    ...(ends === null ? [] : [words.ends({ when: moment(ends, 'f') })]),
  ].join(' · ');
}

function offerPart(offer: Offer, { locale, owner }: Draw): APIComponentInContainer {
  const { product, kind, units, price, is_current: isCurrent } = offer;
  const words = planCardWords[locale];
  const name = `**${productName(product, locale)}**`;
  const facts = [kind === 'plan' ? words.aMonth({ units }) : words.forGood({ units })];
  const lines = `${isCurrent ? '✅ ' : ''}${name} · ${quoted(price, 60)}\n${small(
    ...facts,
    isCurrent ? words.current : null,
  )}`;
  // What everybody has is not bought, and what one has is not bought again.
  if (isCurrent || product === 'free') return text(lines);
  const label = kind === 'plan' ? words.choose : words.buy;
  return section([lines], button(actionId('plan-upgrade', owner, product), { label }, 'primary'));
}

function ownButtons({ plan, ends_at: ends }: Plans, draw: Draw): APIButtonComponent[] {
  const words = planCardWords[draw.locale];
  const { owner } = draw;
  if (plan === 'free') return [quotaButton(draw)];
  return [
    button(actionId('plan-manage', owner), { label: words.manage, emoji: '💳' }),
    ...(ends === null
      ? [button(actionId('plan-cancel', owner), { label: words.end, emoji: '🛑' })]
      : []),
    quotaButton(draw),
  ];
}

const quotaButton = ({ locale, owner }: Draw) =>
  button(actionId('quota-show', owner), { label: planCardWords[locale].quota, emoji: '🔋' });

/** The way to the page on which a plan or pack is paid, or a plan is changed; for the person alone. */
export const presentUpgrade: Presenter = (output, draw) => {
  const { link, kind, product } = planUpgrade.output.parse(output);
  const words = planCardWords[draw.locale];
  const name = productName(product, draw.locale);
  return kind === 'checkout'
    ? linkCard(draw, { link, label: words.payOpen }, [words.payHeading({ name }), words.payNote])
    : linkCard(draw, { link, label: words.open }, [words.changeHeading, words.changeNote]);
};

/** The way to the page about plan, card and invoices; for the person alone. */
export const presentManage: Presenter = (output, draw) => {
  const { link } = planManage.output.parse(output);
  const words = planCardWords[draw.locale];
  return linkCard(draw, { link, label: words.open }, [words.manageHeading, words.manageNote]);
};

function linkCard(
  draw: Draw,
  { link, label }: { readonly link: string; readonly label: string },
  [heading, note]: readonly [string, string],
) {
  const { line, buttons } = linkPart(link, { label, emoji: '💳' });
  return card(accents.brand, [
    text(`### ${heading}\n${note}`),
    ...line,
    row(...buttons, quotaButton(draw)),
    text(small(planCardWords[draw.locale].forYou)),
  ]);
}

/** A plan that goes on until its month is over. */
export const presentPlanEnding: Presenter = (output, draw) => {
  const { plan, ends_at } = planCancel.output.parse(output);
  const words = planCardWords[draw.locale];
  const name = productName(plan, draw.locale);
  return card(accents.quiet, [
    text(`### ${words.endedHeading}\n${words.ended({ name, when: moment(ends_at, 'f') })}`),
    text(small(words.endedNote)),
    row(
      button(actionId('plan-manage', draw.owner), { label: words.manage, emoji: '💳' }),
      quotaButton(draw),
    ),
  ]);
};
