import { wordOf } from './facts.ts';
import { fieldOf, itemsOf, quotable } from './lists.ts';
import { callStep, lookUp, sayStep, type Found, type Step } from './lookup.ts';
import { nameOf, namedItems } from './names.ts';
import { generateArgs, hasMaterial, quoteArgs, searchArgs, type Project } from './project.ts';
import type { Situation } from './situation.ts';
import type { Speech } from './speech.ts';
import type { ToolResult } from './results.ts';

export type Work = {
  readonly situation: Situation;
  readonly project: Project;
  readonly speech: Speech;
};

/** Either what a stage brought, or the step that it needs first. */
type Stage<T> = { readonly got: T } | { readonly step: Step };

/** A call's result, or the step of making the call or telling why it failed. */
function need(
  work: Work,
  name: string,
  args: Readonly<Record<string, unknown>>,
  since = work.project.since,
): Stage<ToolResult> {
  const found = lookUp(work.situation, { name, args, since });
  return settle(work, name, found);
}

function settle({ speech }: Work, name: string, found: Found): Stage<ToolResult> {
  if (found.kind === 'done') return { got: found.result };
  if (found.kind === 'missing') return { step: callStep(found.call) };
  if (found.kind === 'absent') return { step: sayStep(speech.cannot(name)) };
  if (found.kind === 'failed') return { step: sayStep(whyNot(speech, found.result)) };
  return { step: sayStep(speech.cardWaits(fieldOf(found.result, 'title'))) };
}

/** A prompt that is not allowed can be reworded; everything else is told as it is. */
export const whyNot = (speech: Speech, result: ToolResult): string =>
  result.code === 'prompt_refused' ? speech.refused(result) : speech.failure(result);

/** From the wish to the card that starts the video. */
export function makeStep(work: Work): Step {
  const { project, speech, situation } = work;
  if (!hasMaterial(project)) return sayStep(speech.askTopic(project.find));
  const lengths = situation.tools.valuesOf('video_quote', 'seconds');
  const { seconds } = project;
  if (seconds !== null && lengths.length > 0 && !lengths.includes(String(seconds))) {
    return sayStep(speech.askSeconds(seconds, lengths));
  }
  if (project.publish && project.when?.kind === 'vague') {
    return sayStep(speech.askTime(project.when.words));
  }
  const trend = chooseTrend(work);
  if ('step' in trend) return trend.step;
  const prompt = findPrompt(work, trend.got);
  if ('step' in prompt) return prompt.step;
  if (project.until === 'prompt') return sayStep(speech.prompt(prompt.got));
  return startVideo(work, prompt.got);
}

/** The trend to take up: the person's choice, or the best of a search; null without a search. */
function chooseTrend(work: Work): Stage<string | null> {
  const { project, speech, situation } = work;
  if (project.trend === null && !project.find) return { got: null };
  let { trend } = project;
  if (trend === null) {
    const search = need(work, 'trend_search', searchArgs(project));
    if ('step' in search) return search;
    if (isRunning(search.got)) return { step: sayStep(search.got.said) };
    const items = itemsOf(search.got, 'trends');
    const best = items.toSorted((a, b) => (b.score ?? 0) - (a.score ?? 0))[0];
    if (!best) return { step: sayStep(speech.nothingFound(project.topic ?? '')) };
    trend = best.id;
  }
  // Its story helps, but the work goes on without it.
  const story = lookUp(situation, { name: 'trend_show', args: { trend }, since: project.since });
  return story.kind === 'missing' ? { step: callStep(story.call) } : { got: trend };
}

/** Whether a search goes on, or waits for a service that is away; its own sentence says which. */
const isRunning = (result: ToolResult): boolean => fieldOf(result, 'status') === 'running';

/** Words that are enough for a video model as they are. */
const isFull = (idea: string): boolean =>
  /\p{Script=Han}/u.test(idea) ? idea.length >= 30 : idea.length >= 60;

function findPrompt(work: Work, trend: string | null): Stage<string> {
  const { project, situation } = work;
  if (project.prompt !== null) return { got: project.prompt.slice(0, 500) };
  const idea = project.topic ?? '';
  const isGiven = trend === null && isFull(idea) && project.until !== 'prompt';
  if (isGiven || !situation.tools.has('prompt_write')) return { got: idea.slice(0, 500) };
  const about = trend === null ? { idea: idea.length < 3 ? `${idea} video` : idea } : { trend };
  const seconds = project.seconds === null ? {} : { seconds: project.seconds };
  const written = need(work, 'prompt_write', { ...about, ...seconds });
  return 'step' in written ? written : { got: quotable(fieldOf(written.got, 'prompt'), 500) };
}

/** Quote, then the card; a quote that has run out is asked for once more. */
function startVideo(work: Work, prompt: string): Step {
  const { project, situation, speech } = work;
  const args = quoteArgs(project, prompt);
  const quote = need(work, 'video_quote', args, project.quotedSince);
  if ('step' in quote) return quote.step;
  if (project.until === 'quote') return sayStep(speech.price(quote.got));
  const generate = lookUp(situation, {
    name: 'video_generate',
    args: generateArgs(project, fieldOf(quote.got, 'quote')),
    since: project.quotedSince,
  });
  if (generate.kind === 'failed' && generate.result.code === 'quote_expired') {
    const tries = situation.turns.filter(
      (turn) => turn.kind === 'call' && turn.result?.code === 'quote_expired',
    ).length;
    if (tries < 2)
      return callStep({ name: 'video_quote', args: situation.tools.fit('video_quote', args) });
  }
  if (generate.kind === 'card') return cardStep(work, generate, quote.got);
  if (generate.kind === 'done') return sayStep(startedBy(work, generate.result));
  const step = settle(work, 'video_generate', generate);
  return 'step' in step ? step.step : sayStep(startedBy(work, step.got));
}

/** No card has told what is left when the video was started at once. */
const startedBy = ({ project, speech }: Work, { data }: ToolResult): string =>
  speech.started(wordOf(data, 'quota_left'), project);

function cardStep(
  { situation, project, speech }: Work,
  { card, result, isFresh }: Extract<Found, { kind: 'card' }>,
  quote: ToolResult,
): Step {
  const title = fieldOf(result, 'title');
  if (card?.state === 'declined') return sayStep(speech.declined('video_generate'));
  if (card?.state === 'done' && project.video !== null) {
    const state = situation.memory.states.get(project.video) ?? 'queued';
    return sayStep(speech.videoState(nameOf(situation, project.video), state, project));
  }
  if (!isFresh) return sayStep(changeOf({ situation, project, speech }), speech.cardWaits(title));
  const best = situation.memory.trends.toSorted((a, b) => (b.score ?? 0) - (a.score ?? 0))[0];
  const source = project.trend ?? (project.find ? best?.id : null) ?? null;
  const trend = situation.memory.trends.find(({ id }) => id === source) ?? null;
  return sayStep(
    trend && isNews(situation) ? speech.tookUp(trend, situation.memory.ranked) : null,
    speech.plan(quote, project.takes),
    speech.cardDrawn(),
    project.publish ? speech.willPublish(project.when) : null,
  );
}

/** Whether the trend was looked up just now, and not before a correction. */
const isNews = ({ turns, newest }: Situation): boolean =>
  turns.some((turn, at) => at > newest && turn.kind === 'call' && turn.name.startsWith('trend_'));

/** What a message has changed that is not on the card. */
function changeOf({ situation: { reading }, project, speech }: Work): string | null {
  if (reading?.publish === false) return speech.notPublishing();
  const isTold = reading?.publish === true || (reading !== null && reading.when !== null);
  return isTold && project.publish ? speech.willPublish(project.when) : null;
}

/** A search by itself: the list, and what could come next. */
export function findStep(work: Work): Step {
  const { project, speech } = work;
  if (project.topic === null) return sayStep(speech.askTopic(true));
  const search = need(work, 'trend_search', searchArgs(project));
  if ('step' in search) return search.step;
  if (isRunning(search.got)) return sayStep(search.got.said);
  const items = itemsOf(search.got, 'trends');
  return items.length === 0
    ? sayStep(speech.nothingFound(project.topic), search.got.next)
    : sayStep(speech.trends(namedItems(work.situation, items), project.topic));
}
