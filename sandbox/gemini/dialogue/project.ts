import type { Look } from './look.ts';
import type { Reading } from './reading.ts';
import type { Shape } from './slots.ts';
import { readWhen, type When } from './times.ts';
import type { Now } from './zone.ts';

/** What a person wants made, found or published, as far as it has been said. */
export type Project = {
  /** The turn in which it began; earlier results are another project's. */
  readonly since: number;
  /** Prices and cards before this turn belong to a video that was started from them. */
  readonly quotedSince: number;
  find: boolean;
  make: boolean;
  publish: boolean;
  /** Stop at the prompt, or at the price. */
  until: 'prompt' | 'quote' | null;
  topic: string | null;
  prompt: string | null;
  trend: string | null;
  seconds: number | null;
  shape: Shape | null;
  model: string | null;
  look: Look;
  /** How many are made of it, to pick from. */
  takes: number;
  platforms: readonly string[] | null;
  days: number | null;
  viewsMin: number | null;
  viewsMax: number | null;
  limit: number | null;
  when: When | null;
  title: string | null;
  channel: string | null;
  video: string | null;
  /** All takes, in their order, this video among them. */
  videos: readonly string[];
  /** Whether the person has said which take it is to be. */
  isPicked: boolean;
  publication: string | null;
  isDropped: boolean;
};

export const newProject = (since: number): Project => ({
  since,
  quotedSince: since,
  find: false,
  make: false,
  publish: false,
  until: null,
  topic: null,
  prompt: null,
  trend: null,
  seconds: null,
  shape: null,
  model: null,
  look: {},
  takes: 1,
  platforms: null,
  days: null,
  viewsMin: null,
  viewsMax: null,
  limit: null,
  when: null,
  title: null,
  channel: null,
  video: null,
  videos: [],
  isPicked: false,
  publication: null,
  isDropped: false,
});

export const hasMaterial = ({ topic, prompt, trend }: Project): boolean =>
  topic !== null || prompt !== null || trend !== null;

/** Whether a message says anything about how the video itself is to be. */
export const changesVideo = ({ slots }: Reading): boolean =>
  [slots.seconds, slots.shape, slots.model, slots.look, slots.takes].some(
    (said) => said !== undefined,
  );

const usualPlatforms = ['tiktok', 'youtube'];

/** Takes over what the message says; what it does not mention stays. */
export function mergeWishes(project: Project, reading: Reading, now: Now): void {
  const { slots, publish, title } = reading;
  project.seconds = slots.seconds ?? project.seconds;
  project.shape = slots.shape ?? project.shape;
  project.model = slots.model ?? project.model;
  project.look = { ...project.look, ...slots.look };
  project.takes = slots.takes ?? project.takes;
  project.days = slots.days ?? project.days;
  project.viewsMin = slots.views_min ?? project.viewsMin;
  project.viewsMax = slots.views_max ?? project.viewsMax;
  project.limit = slots.limit ?? project.limit;
  project.title = title ?? project.title;
  project.platforms = mergePlatforms(project.platforms, slots.platforms, slots.without);
  if (publish !== null) project.publish = publish;
  if (reading.when !== null) project.when = mergeWhen(project.when, reading.when, now);
}

function mergePlatforms(
  before: readonly string[] | null,
  wanted: readonly string[] | undefined,
  refused: readonly string[] | undefined,
): readonly string[] | null {
  if (wanted !== undefined) return [...new Set(wanted)];
  if (refused === undefined) return before;
  const left = (before ?? usualPlatforms).filter((name) => !refused.includes(name));
  return left.length > 0 ? left : before;
}

/** "Tomorrow" after "at eight" keeps the eight. */
function mergeWhen(before: When | null, said: When, now: Now): When {
  if (before?.kind === 'vague' && said.kind === 'at') return completeDay(before.words, said, now);
  if (said.kind !== 'vague' || before?.kind !== 'at') return said;
  const clock = /T(?<clock>\d\d:\d\d)/u.exec(before.at)?.groups?.['clock'] ?? '';
  return readWhen(`${said.words} ${clock}`, now)?.when ?? said;
}

/** A time of day after "tomorrow evening" is that evening's, unless it names another day. */
function completeDay(words: string, said: Extract<When, { kind: 'at' }>, now: Now): When {
  const isOfDay = new Date(said.at).getTime() - now.at.getTime() <= 24 * 3_600_000;
  const clock = /T(?<clock>\d\d:\d\d)/u.exec(said.at)?.groups?.['clock'] ?? '';
  const whole = isOfDay ? readWhen(`${words} ${clock}`, now)?.when : undefined;
  return whole?.kind === 'at' ? whole : said;
}

/** How a search for it is called; only what was said. */
export const searchArgs = (project: Project): Record<string, unknown> => ({
  keyword: project.topic ?? '',
  ...(project.platforms ? { platforms: project.platforms.join(',') } : {}),
  ...(project.viewsMin === null ? {} : { views_min: project.viewsMin }),
  ...(project.viewsMax === null ? {} : { views_max: project.viewsMax }),
  ...(project.days === null ? {} : { days: project.days }),
  ...(project.limit === null ? {} : { limit: project.limit }),
});

export const quoteArgs = (project: Project, prompt: string): Record<string, unknown> => ({
  prompt,
  ...(project.model === null ? {} : { model: project.model }),
  ...(project.seconds === null ? {} : { seconds: project.seconds }),
  ...(project.shape === null ? {} : { shape: project.shape }),
  ...project.look,
});

/** How the making of a quote is called: several takes are named, one is usual. */
export const generateArgs = ({ takes }: Project, quote: string): Record<string, unknown> => ({
  quote,
  ...(takes > 1 ? { variants: takes } : {}),
});
