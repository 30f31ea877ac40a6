import type { Item } from './lists.ts';
import { startProject, type Memory } from './memory.ts';
import { changesVideo, hasMaterial, mergeWishes, type Project } from './project.ts';
import type { Pick, Reading } from './reading.ts';
import type { Now } from './zone.ts';

/** Works a person's message into what is known; answers whether the project is to go on now. */
export function heedMessage(memory: Memory, reading: Reading, at: number, now: Now): boolean {
  const isWish = reading.find || reading.make || reading.writesPrompt || reading.publish !== null;
  if (reading.talk === 'cancel' && !isWish && reading.asks.length === 0) {
    if (memory.current) memory.current.isDropped = true;
    return false;
  }
  if (takeOffer(memory, reading, at)) return true;
  memory.offer = null;
  const project = projectFor(memory, reading, at);
  if (!project) return false;
  const before = JSON.stringify(project);
  takeMaterial(memory, project, reading);
  const target = reopen(memory, project, reading, at);
  mergeWishes(target, reading, now);
  takePublishing(memory, target, reading);
  acceptOffer(memory, target, reading);
  const isMoved = target !== project || JSON.stringify(target) !== before;
  if (isWish || isMoved) target.isDropped = false;
  return isWish || isMoved || reading.talk === 'yes' || reading.talk === 'again';
}

/** A prompt that was offered is taken: the video is made from it. */
function takeOffer(memory: Memory, { talk, asks }: Reading, at: number): boolean {
  const { offer, current } = memory;
  if (offer === null || !(talk === 'yes' || asks.includes('reword'))) return false;
  const isOpen = current !== null && !current.isDropped && current.make && current.video === null;
  const project = isOpen ? current : startProject(memory, at);
  const topic = project.topic ?? offer;
  Object.assign(project, { prompt: offer, topic, make: true, until: null, isDropped: false });
  memory.offer = null;
  return true;
}

/** The project that the message is about: a new one when it names a new subject. */
function projectFor(memory: Memory, reading: Reading, at: number): Project | null {
  const { current } = memory;
  const { find, make, publish, writesPrompt } = reading;
  const isAboutMaking = find || make || writesPrompt;
  const namesSubject = reading.topic !== null || reading.prompt !== null;
  const isOpen = current !== null && !current.isDropped;
  if (isAboutMaking && namesSubject) {
    const isCorrected = reading.isCorrection && isOpen && current.video === null;
    return isCorrected ? current : startProject(memory, at);
  }
  if (isAboutMaking && !isOpen) return startProject(memory, at);
  if (publish === true && (!isOpen || isForAnotherVideo(memory, current, reading))) {
    return startProject(memory, at);
  }
  return current;
}

function isForAnotherVideo(memory: Memory, project: Project, reading: Reading): boolean {
  const video = videoOf(memory, reading);
  if (video === null || project.video === null) return false;
  return video !== project.video && !project.videos.includes(video);
}

/** What it is about: a topic, a prompt, or one of the trends that were shown. */
function takeMaterial(memory: Memory, project: Project, reading: Reading): void {
  project.find ||= reading.find;
  project.make ||= reading.make;
  takeLimit(project, reading);
  const trend = trendOf(memory, reading);
  const isAboutTrend = reading.make || reading.writesPrompt || reading.isSimilar;
  if (trend !== null && isAboutTrend && reading.topic === null) {
    Object.assign(project, { trend, prompt: null, make: project.until !== 'prompt' });
    return;
  }
  const subject = reading.topic ?? subjectIn(project, reading);
  if (subject !== null) Object.assign(project, { topic: subject, prompt: null, trend: null });
  project.prompt = reading.prompt ?? project.prompt;
}

/** How far the work is to go. */
function takeLimit(project: Project, reading: Reading): void {
  if (reading.writesPrompt && !reading.make) project.until = 'prompt';
  else if (reading.asksPrice && hasSubject(project, reading)) project.until = 'quote';
  else if (reading.make) project.until = null;
}

/** Words without a verb are the subject where one was asked for or is being changed. */
function subjectIn(
  project: Project,
  { asks, talk, leftover, isCorrection }: Reading,
): string | null {
  const isAnswer = asks.length === 0 && talk === null;
  const isWanted = project.make || project.find || project.until !== null;
  const isMissing = isWanted && !hasMaterial(project);
  return isAnswer && (isMissing || isCorrection) ? leftover : null;
}

const hasSubject = (project: Project, reading: Reading): boolean =>
  hasMaterial(project) || reading.topic !== null || reading.make;

/** A video that has been started cannot be changed any more: a change is another video. */
function reopen(memory: Memory, project: Project, reading: Reading, at: number): Project {
  const isAgain =
    ['again', 'yes'].includes(reading.talk ?? '') || (reading.make && reading.topic === null);
  const state = memory.states.get(project.video ?? '');
  const isOver = state === 'failed' || state === 'cancelled';
  const isAnother = project.video !== null && project.make && project.since < at;
  if (!isAnother || !(changesVideo(reading) || (isAgain && (isOver || reading.make))))
    return project;
  const copy = {
    ...project,
    quotedSince: at,
    video: null,
    videos: [],
    isPicked: false,
    publication: null,
  };
  memory.projects.push(copy);
  memory.current = copy;
  return copy;
}

function takePublishing(memory: Memory, project: Project, reading: Reading): void {
  if (reading.publish === true && !project.make) {
    project.video = videoOf(memory, reading) ?? project.video ?? memory.video;
  }
  if (!project.publish) return;
  pickTake(project, videoOf(memory, reading));
  project.channel = channelOf(memory, reading) ?? project.channel;
  project.video ??= videoOf(memory, reading);
  const { shown } = memory;
  const title = shown?.kind === 'titles' ? pickOf(reading.pick, shown.items)?.title : undefined;
  project.title = title ?? project.title;
}

/** Of several takes the person says which one goes out. */
function pickTake(project: Project, picked: string | null): void {
  if (picked === null || !project.videos.includes(picked)) return;
  Object.assign(project, { video: picked, isPicked: true });
}

/** "Yes" to what was offered last: make one like these, or publish what is ready. */
function acceptOffer(memory: Memory, project: Project, { talk, publish }: Reading): void {
  if (talk !== 'yes' || publish === false) return;
  const isReady = memory.states.get(project.video ?? '') === 'ready';
  if (isReady) project.publish = true;
  else if (project.find && !project.make && memory.trends.length > 0) project.make = true;
  else if (project.until !== null) Object.assign(project, { until: null, make: true });
}

function pickOf(pick: Pick | null, items: readonly Item[]): Item | undefined {
  return pick?.kind === 'index' ? items.at(pick.index) : undefined;
}

const idOf = ({ ids }: Reading, prefix: string): string | null =>
  ids.find((id) => id.startsWith(`${prefix}_`)) ?? null;

/** The trend that a message means, by id, place or "that one". */
export function trendOf(memory: Memory, reading: Reading): string | null {
  const named = idOf(reading, 'trd');
  if (named !== null) return named;
  const picked = pickOf(reading.pick, memory.trends)?.id ?? null;
  if (picked !== null && memory.shown?.kind !== 'videos') return picked;
  const isMeant = reading.pick?.kind === 'that' || reading.isSimilar;
  return isMeant ? memory.trend : null;
}

/** The video that a message means. */
export function videoOf(memory: Memory, reading: Reading): string | null {
  const named = idOf(reading, 'vid');
  if (named !== null) return named;
  const items = memory.shown?.kind === 'videos' ? memory.shown.items : [];
  return pickOf(reading.pick, items)?.id ?? null;
}

function channelOf(memory: Memory, reading: Reading): string | null {
  const named = idOf(reading, 'chn');
  if (named !== null) return named;
  const items = memory.shown?.kind === 'channels' ? memory.shown.items : [];
  const said = reading.leftover?.toLowerCase() ?? '';
  const titled = items.find(({ title }) => title !== '' && said.includes(title.toLowerCase()));
  return pickOf(reading.pick, items)?.id ?? titled?.id ?? null;
}
