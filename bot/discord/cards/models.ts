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
    return `**${model.label}** · ${grades}\n${small(model.shapes.join(', '), lengths, sound)}`;
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

/** A model in the one line under its name: ⚡⚡⚡ ⭐⭐⭐ 💰 · 9:16, 16:9. */
export const describeModel = (id: ModelId): string =>
  `${gradesOf(id)} · ${videoModels[id].shapes.join(', ')}`;

/** Lengths in few characters: 3-15, or 5, 10. */
function rangeOf(lengths: readonly number[]): string {
  const [first = 0] = lengths;
  const last = lengths.at(-1) ?? first;
  const isRange = lengths.length > 2 && last - first === lengths.length - 1;
  return isRange ? `${first}-${last}` : lengths.join(', ');
}
