import { answerAsk } from './ask-steps.ts';
import { sayStep, type Call, type Step } from './lookup.ts';
import { findStep, makeStep, type Work } from './make-steps.ts';
import type { Talk } from './intents.ts';
import { isInTheMaking, takeItems, type Memory } from './memory.ts';
import { nameOf } from './names.ts';
import type { Project } from './project.ts';
import { publishStep } from './publish-steps.ts';
import type { Situation } from './situation.ts';
import { speechFor, type Speech } from './speech.ts';
import type { When } from './times.ts';
import type { Decision, SystemEvent } from './events.ts';

/** Chooses what to do next from what was understood and what the tools have answered. */
export function chooseStep(situation: Situation): Step {
  const speech = speechFor(situation.language, situation.now);
  const { event, reading } = situation;
  if (event) return stepAfterEvent(situation, event, speech);
  if (!reading) return sayStep(speech.help(situation.tools.names));
  const answers = reading.asks.map((ask) => answerAsk(ask, { situation, speech, reading }));
  const calls: Call[] = answers.flatMap((answer) => ('call' in answer ? [answer.call] : []));
  if (calls.length > 0) return { kind: 'call', calls };
  const told = answers.flatMap((answer) => ('text' in answer ? [answer.text] : []));
  const step = stepOfProject(situation, speech);
  if (step?.kind === 'call') return step;
  if (step || told.length > 0) return sayStep(...told, step?.text ?? null);
  return sayStep(smallTalk(situation, speech));
}

/** The next step of the video that is being worked on; null when the message was not about it. */
function stepOfProject(situation: Situation, speech: Speech): Step | null {
  const { memory, isMoving } = situation;
  const project = memory.current;
  if (!project || project.isDropped) return null;
  const work = { situation, project, speech };
  if (!isMoving) return goOnAfterAsking(work);
  const stop = stopBeforePublishing(work);
  if (stop) return stop;
  const hasVideo = project.video !== null;
  if (project.make && (!hasVideo || hasJustStarted(situation))) return makeStep(work);
  if (project.until === 'prompt') return makeStep(work);
  if (project.publish) return publishOrWait(work);
  if (hasVideo && project.make) return makeStep(work);
  return project.find ? findStep(work) : null;
}

/** It is not to go out after all, or nobody has said yet which take is to. */
function stopBeforePublishing({ situation, project, speech }: Work): Step | null {
  const publish = situation.reading?.publish ?? null;
  const isOff = publish === false && (project.video !== null || !project.make);
  if (isOff) return sayStep(speech.notPublishing());
  const isOpen = publish === true && project.publication === null;
  return isOpen && isToBePicked(situation.memory, project)
    ? sayStep(pickOne(situation, project, speech))
    : null;
}

/** Whether the newest message has been answered by starting a video without a card. */
const hasJustStarted = ({ turns, newest }: Situation): boolean =>
  turns.some(
    (turn, at) =>
      at > newest &&
      turn.kind === 'call' &&
      turn.name === 'video_generate' &&
      turn.result?.ok === true,
  );

/** "Is it ready?" may bring the news for which publishing was waiting. */
function goOnAfterAsking(work: Work): Step | null {
  const { project, situation } = work;
  const isAsked = situation.reading?.asks.includes('status') === true;
  const isReady = situation.memory.states.get(project.video ?? '') === 'ready';
  const isDue = isAsked && isReady && project.publish && project.publication === null;
  return isDue ? publishStep(work) : null;
}

/** Whether several takes are there and nobody has said which one goes out. */
function isToBePicked(memory: Memory, { videos, isPicked }: Project): boolean {
  const ready = videos.filter((video) => memory.states.get(video) === 'ready');
  return !isPicked && videos.length > 1 && ready.length > 1;
}

const pickOne = ({ memory }: Situation, { videos }: Project, speech: Speech): string =>
  speech.pickTake(takeItems(memory, videos));

function publishOrWait(work: Work): Step {
  const { project, situation, speech } = work;
  const state = situation.memory.states.get(project.video ?? '') ?? 'ready';
  const isRunning = state === 'queued' || state === 'generating' || state === 'assembling';
  if (project.publication !== null && situation.reading?.when) {
    return sayStep(speech.cannotReschedule(nameOf(situation, project.publication)));
  }
  return isRunning && project.make
    ? sayStep(speech.videoState(nameOf(situation, project.video ?? ''), state, project))
    : publishStep(work);
}

function stepAfterEvent(situation: Situation, event: SystemEvent, speech: Speech): Step {
  if ('name' in event) return stepAfterDecision(situation, event, speech);
  if (event.kind === 'publication' && event.status === 'scheduled') {
    const video = nameOf(situation, event.publication);
    return sayStep(speech.scheduled(video, whenOf(situation, event.publication)));
  }
  if (event.kind === 'publication') {
    const video = nameOf(situation, event.publication);
    return sayStep(speech.publicationState(video, event.status, event.why));
  }
  if (event.kind === 'other') return sayStep(speech.noted());
  const isVideo = event.kind === 'video';
  const ofTakes = isVideo ? stepOfTakes(situation, event, speech) : null;
  if (ofTakes) return ofTakes;
  if (isVideo && event.status !== 'ready' && situation.memory.freeRetry === event.video)
    return sayStep(speech.offerRetry(nameOf(situation, event.video), event.why));
  if (isVideo && event.status !== 'ready')
    return sayStep(speech.videoEnded(nameOf(situation, event.video), event.status, event.why));
  const due = duePublishing(situation, isVideo ? event.video : null);
  if (due) return publishStep({ situation, project: due, speech });
  return sayStep(
    event.kind === 'video'
      ? speech.ready(nameOf(situation, event.video))
      : speech.channelConnected(),
  );
}

/** Of several takes the last one to end brings the question which is best; null for a single video. */
function stepOfTakes(
  situation: Situation,
  event: Extract<SystemEvent, { kind: 'video' }>,
  speech: Speech,
): Step | null {
  const { memory } = situation;
  const project = memory.projects.findLast(({ videos }) => videos.includes(event.video));
  if (!project || project.videos.length < 2) return null;
  const number = project.videos.indexOf(event.video) + 1;
  const left = project.videos.filter((video) => isInTheMaking(memory, video)).length;
  if (left > 0) return sayStep(speech.takeEnded(number, event.status === 'ready', left));
  return isToBePicked(memory, project) ? sayStep(pickOne(situation, project, speech)) : null;
}

function stepAfterDecision(situation: Situation, event: Decision, speech: Speech): Step {
  if (event.kind === 'declined') return sayStep(speech.declined(event.name));
  if (event.kind === 'expired') return sayStep(speech.expired(event.name));
  if (event.kind === 'failed') return sayStep(speech.didNotWork(event.name, event.why));
  const project = situation.memory.current;
  const starts = ['video_generate', 'video_retry'];
  if (starts.includes(event.name)) return sayStep(speech.started(null, project));
  if (event.name !== 'publication_create') return sayStep(speech.done(event.name));
  return sayStep(
    speech.published(nameOf(situation, project?.publication ?? ''), project?.when ?? null),
  );
}

/** When the project of this publication wanted it public. */
const whenOf = ({ memory }: Situation, publication: string): When | null =>
  memory.projects.findLast((project) => project.publication === publication)?.when ?? null;

/** The project whose finished video is to be published now: this one, or the one that waited. */
function duePublishing({ memory }: Situation, video: string | null): Project | null {
  const project = memory.current;
  if (!project?.publish || project.isDropped || project.publication !== null) return null;
  if (video !== null) return project.video === video ? project : null;
  const isReady = memory.states.get(project.video ?? '') === 'ready';
  return isReady || !project.make ? project : null;
}

function smallTalk({ reading, memory, tools }: Situation, speech: Speech): string {
  const hasCard = memory.cards.some(({ state }) => state === 'waiting');
  const goOn = () => (hasCard ? speech.cardWaits('') : speech.help(tools.names));
  const answers: Readonly<Record<Talk, () => string>> = {
    greeting: () => speech.greeting(),
    thanks: () => speech.thanks(),
    help: () => speech.help(tools.names),
    cancel: () => speech.dropped(hasCard),
    no: () => speech.alright(),
    yes: goOn,
    again: goOn,
  };
  const talk = reading?.talk ?? null;
  return talk === null ? speech.outOfScope(tools.names) : answers[talk]();
}
