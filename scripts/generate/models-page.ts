import { settingsSchema } from '../../core/config.ts';
import { modelIds, videoModels, type Price, type VideoModel } from '../../core/video/models.ts';
import { planVideo } from '../../core/video/plan.ts';
import { totalUsd, voiceUsdPerThousand } from '../../core/video/prices.ts';
import { secondsOfClips } from '../../core/video/usual-times.ts';

const lengths = [15, 30, 60] as const;

/** `docs/models.md`: the video models, and what a video of each length takes on each. */
export function renderModelsPage(): string {
  const models = modelIds.map((id) => videoModels[id]);
  return [
    '# Video models',
    '',
    'No text-to-video model makes 30 or 60 seconds at once: a video is planned as the fewest clips that cover its length, and joined. This page is generated: change the catalogue in `core/video/models.ts`, then run `npm run generate`.',
    '',
    '## What each model is',
    '',
    table(
      ['model', 'id', 'provider', 'clip lengths', 'own shapes', 'picture', 'sound', 'grades'],
      models.map(describeModel),
    ),
    '',
    'Every model makes every shape (9:16, 16:9, 1:1). One that it does not make itself is cropped from the nearest of its own, or padded when that is chosen. Grades: ⚡ speed, ⭐ quality, 💰 cost.',
    '',
    '## What it costs at the provider',
    '',
    table(['model', 'price', 'read in'], models.map(describePrice)),
    '',
    `Prices drift; they are estimates for whoever runs Jilo. A video takes one unit of quota whatever its model and length. A spoken line is made by MiniMax Speech 2.8 Turbo at $${voiceUsdPerThousand.toFixed(2)} per 1,000 characters.`,
    '',
    ...lengths.flatMap((seconds) => [
      `## A video of ${seconds} seconds`,
      '',
      table(
        ['model', 'shots', 'clips', 'dollars', 'minutes'],
        models.map((model) => describeVideo(model, seconds)),
      ),
      '',
    ]),
    minutesNote(models),
    '',
  ].join('\n');
}

function describeModel(model: VideoModel): string[] {
  const { label, id, provider, clipSeconds, shapes, resolution, audio, grades } = model;
  const { speed, quality, cost } = grades;
  return [
    label,
    `\`${id}\``,
    provider,
    `${rangeOf(clipSeconds)} s`,
    shapes.join(', '),
    resolution,
    audio ? 'yes' : 'no',
    `${'⚡'.repeat(speed)} ${'⭐'.repeat(quality)} ${'💰'.repeat(cost)}`,
  ];
}

const describePrice = ({ label, price, priceSource }: VideoModel): string[] => [
  label,
  price ? priceText(price) : 'not published',
  priceSource,
];

function priceText(price: Price): string {
  if ('perSecond' in price) return `$${price.perSecond} a second`;
  return Object.entries(price.perClip)
    .map(([seconds, usd]) => `$${usd.toFixed(2)} for ${seconds} s`)
    .join(', ');
}

function describeVideo(model: VideoModel, seconds: number): string[] {
  const clips = planVideo(seconds, model.clipSeconds).map((clip) => clip.seconds);
  const usd = totalUsd(model, { clips, lines: [] });
  return [
    model.label,
    String(clips.length),
    clipsText(clips),
    usd === null ? 'not published' : `$${usd.toFixed(2)}`,
    minutesText(model, clips.length),
  ];
}

/** 3 × 8 s + 6 s. */
function clipsText(clips: readonly number[]): string {
  return [...new Set(clips)]
    .map((length) => {
      const count = clips.filter((clip) => clip === length).length;
      return count === 1 ? `${length} s` : `${count} × ${length} s`;
    })
    .join(' + ');
}

/** Clips that a provider works on at once, as the settings have it when nobody changes them. */
function atOnceOf({ provider }: VideoModel): number {
  const { FAL_CONCURRENCY, RUNWAY_CONCURRENCY } = settingsSchema.parse({});
  return { fal: FAL_CONCURRENCY, runway: RUNWAY_CONCURRENCY }[provider];
}

function minutesText(model: VideoModel, count: number): string {
  if (!model.typical) return 'learnt after the first videos';
  const seconds = secondsOfClips(model.typical.seconds, count, atOnceOf(model));
  return `about ${Math.ceil(seconds / 60)}`;
}

function minutesNote(models: readonly VideoModel[]): string {
  const sources = [...new Set(models.flatMap(({ typical }) => typical?.source ?? []))];
  return `Minutes are those of the clips, as many at once as the settings \`FAL_CONCURRENCY\` and \`RUNWAY_CONCURRENCY\` allow by default, where somebody publishes how long a clip takes (${sources.join('; ')}). Quotes and progress do not use these: they go by what the last twenty clips of the model really took.`;
}

/** 3-15, or 5, 10. */
function rangeOf(values: readonly number[]): string {
  const [first = 0] = values;
  const last = values.at(-1) ?? first;
  const isRange = values.length > 2 && last - first === values.length - 1;
  return isRange ? `${first}-${last}` : values.join(', ');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
