import { fieldOf, itemsOf, unmarked, type Item } from './lists.ts';
import { callStep, lookUp, sayStep, type Found, type Step } from './lookup.ts';
import { nameOf, namedItems } from './names.ts';
import type { Work } from './make-steps.ts';
import type { ToolResult } from './results.ts';

type Stage<T> = { readonly got: T } | { readonly step: Step };

/** From a finished video to the card that publishes it. */
export function publishStep(work: Work): Step {
  const { project, speech, situation } = work;
  if (project.publication !== null) {
    return sayStep(
      speech.publicationState(nameOf(situation, project.publication), 'uploading', ''),
    );
  }
  if (project.when?.kind === 'vague') return sayStep(speech.askTime(project.when.words));
  if (project.when?.kind === 'at' && new Date(project.when.at) <= situation.now.at) {
    return sayStep(speech.timePassed(project.when.at));
  }
  const video = chooseVideo(work);
  if ('step' in video) return video.step;
  const suggested = lookUp(situation, {
    name: 'publication_suggest',
    args: { video: video.got },
    since: project.since,
  });
  if (suggested.kind === 'missing') return callStep(suggested.call);
  if (suggested.kind === 'failed') return sayStep(speech.failure(suggested.result));
  const channel = chooseChannel(work);
  if ('step' in channel) return channel.step;
  const texts = suggested.kind === 'done' ? suggested.result : null;
  return createPublication(work, { video: video.got, channel: channel.got, texts });
}

/** The project's video once it is ready; without one, the only ready one that there is. */
function chooseVideo(work: Work): Stage<string> {
  const { project, speech, situation } = work;
  const { memory } = situation;
  if (project.video !== null) {
    const state = memory.states.get(project.video);
    if (state === undefined || state === 'ready') return { got: project.video };
    const shown = lookUp(situation, {
      name: 'video_show',
      args: { video: project.video },
      since: situation.newest,
    });
    if (shown.kind === 'missing') return { step: callStep(shown.call) };
    return { step: sayStep(speech.videoState(nameOf(situation, project.video), state, project)) };
  }
  const listed = lookUp(situation, { name: 'video_list', args: {}, since: situation.newest });
  if (listed.kind === 'missing') return { step: callStep(listed.call) };
  if (listed.kind !== 'done') return { step: sayStep(speech.askVideo([])) };
  const ready = itemsOf(listed.result, 'videos').filter(({ status }) => status === 'ready');
  const [only] = ready;
  return ready.length === 1 && only
    ? { got: only.id }
    : { step: sayStep(speech.askVideo(namedItems(situation, ready))) };
}

/** A connected channel: the person's choice, or the only one. */
function chooseChannel(work: Work): Stage<string> {
  const { project, speech, situation } = work;
  const connected = situation.event?.kind === 'channel' ? situation.newest : project.since;
  const listed = lookUp(situation, { name: 'channel_list', args: {}, since: connected });
  if (listed.kind === 'absent') return { got: project.channel ?? '' };
  if (listed.kind === 'missing') return { step: callStep(listed.call) };
  if (listed.kind !== 'done') return settleFailure(work, listed);
  const items = itemsOf(listed.result, 'channels');
  const chosen =
    items.find(({ id }) => id === project.channel) ?? (items.length === 1 ? items[0] : undefined);
  if (chosen && chosen.status !== 'reconnect') return { got: chosen.id };
  if (!chosen && items.length > 1)
    return { step: sayStep(speech.askChannel(namedItems(situation, items))) };
  return { step: connectStep(work, chosen ?? null, listed) };
}

function settleFailure({ speech }: Work, found: Found): Stage<string> {
  const why =
    found.kind === 'failed' ? speech.failure(found.result) : speech.cannot('channel_list');
  return { step: sayStep(why) };
}

/** The link that connects a channel; a list that is older than the newest message is read again first. */
function connectStep(
  { speech, situation }: Work,
  lost: Item | null,
  listed: Extract<Found, { kind: 'done' }>,
): Step {
  if (!listed.isFresh) return callStep({ name: 'channel_list', args: {} });
  const link = lookUp(situation, { name: 'channel_connect', args: {}, since: situation.newest });
  if (link.kind === 'missing') return callStep(link.call);
  if (link.kind === 'failed') return sayStep(speech.failure(link.result));
  if (link.kind !== 'done') return sayStep(speech.cannot('channel_connect'));
  return sayStep(speech.connect(fieldOf(link.result, 'url'), lost?.title ?? null, true));
}

type Texts = {
  readonly video: string;
  readonly channel: string;
  readonly texts: ToolResult | null;
};

function createPublication(work: Work, { video, channel, texts }: Texts): Step {
  const { project, speech, situation } = work;
  const suggested = itemsOf(texts, 'titles')[0]?.title ?? '';
  const title = (project.title ?? suggested).replace(/[<>]/gu, '').slice(0, 100);
  if (title === '') return sayStep(speech.askTitle());
  const args = {
    video,
    ...(channel === '' ? {} : { channel }),
    title,
    ...(texts ? { description: fieldOf(texts, 'description'), tags: tagsOf(texts) } : {}),
    ...(project.when?.kind === 'at' ? { publish_at: project.when.at } : {}),
  };
  const found = lookUp(situation, { name: 'publication_create', args, since: project.since });
  if (found.kind === 'missing') return callStep(found.call);
  if (found.kind === 'absent') return sayStep(speech.cannot('publication_create'));
  if (found.kind === 'failed') return sayStep(speech.failure(found.result));
  if (found.kind === 'done')
    return sayStep(speech.published(nameOf(situation, video), project.when));
  if (found.card?.state === 'declined') return sayStep(speech.declined('publication_create'));
  return found.isFresh
    ? sayStep(speech.publishCard(nameOf(situation, video), title, project.when))
    : sayStep(speech.cardWaits(fieldOf(found.result, 'title')));
}

function tagsOf(texts: ToolResult): string {
  const { tags } = texts.data;
  return Array.isArray(tags) ? unmarked(tags.map(String).join(', ')) : fieldOf(texts, 'tags');
}
