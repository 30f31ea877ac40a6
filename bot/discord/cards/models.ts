import { videoWords } from '../../../core/messages/cards/video.ts';
import { modelList } from '../../../core/model/list.ts';
import { videoModels, type ModelId } from '../../../core/video/models.ts';
import { actionId } from '../action-id.ts';
import type { Presenter } from '../draw.ts';
import { accents, card, row, select, separator, text } from '../view.ts';
import { small } from './format.ts';

/** Speed, quality and cost as they are graded: ⚡⚡ ⭐⭐⭐⭐ 💰💰. */
export function gradesOf(id: ModelId): string {
  const { speed, quality, cost } = videoModels[id].grades;
  return [['⚡', speed] as const, ['⭐', quality] as const, ['💰', cost] as const]
    .map(([mark, grade]) => mark.repeat(grade))
    .join(' ');
}

/** The video models with their grades, and a list to start with one. */
export const presentModels: Presenter = (output, { locale, owner }) => {
  const words = videoWords[locale];
  const { models } = modelList.output.parse(output);
  const lines = models.map((model) => {
    const sound = model.audio ? words.sound() : words.silent();
    const lengths = words.clips({ lengths: rangeOf(model.clip_seconds) });
    const grades = [model.speed, model.quality, model.cost].join(' ');
    const facts = [priceOf(model.id) || words.noPrice(), model.shapes.join(', '), lengths, sound];
    return `**${model.label}** · ${grades}\n${small(...facts)}`;
  });
  const options = models.map((model) => ({
    label: model.label,
    value: model.id,
    description: describeModel(model.id),
  }));
  return card(accents.brand, [
    text(`### ${words.modelsTitle()}\n${small(words.modelsHelp())}`),
    separator(),
    text(lines.join('\n')),
    row(select(actionId('prompt-model', owner), words.pickModel(), options)),
  ]);
};

/** A model in the one line under its name: ⚡⚡⚡ ⭐⭐⭐ 💰 · $0.126/s · 9:16, 16:9. */
export const describeModel = (id: ModelId): string =>
  [gradesOf(id), priceOf(id), videoModels[id].shapes.join(', ')].filter(Boolean).join(' · ');

/** What the provider takes: $0.126/s, or $0.28/6 s, $0.56/10 s; empty when it publishes no price. */
function priceOf(id: ModelId): string {
  const { price } = videoModels[id];
  if (price === null) return '';
  if ('perSecond' in price) return `$${price.perSecond}/s`;
  return Object.entries(price.perClip)
    .map(([seconds, usd]) => `$${usd}/${seconds} s`)
    .join(', ');
}

/** Lengths in few characters: 3-15, or 5, 10. */
function rangeOf(lengths: readonly number[]): string {
  const [first = 0] = lengths;
  const last = lengths.at(-1) ?? first;
  const isRange = lengths.length > 2 && last - first === lengths.length - 1;
  return isRange ? `${first}-${last}` : lengths.join(', ');
}
