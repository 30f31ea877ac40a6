import { fieldOf, itemsOf, quotable, type Item } from './lists.ts';
import { newProject, type Project } from './project.ts';
import type { SystemEvent } from './events.ts';
import type { ToolResult } from './results.ts';
import type { When } from './times.ts';
import type { Turn } from './turns.ts';
import { momentOf, formatMoment, type Now } from './zone.ts';

/** A drawn card: a person decides about it, and an event tells how. */
export type Card = {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly turn: number;
  state: 'waiting' | 'done' | 'declined' | 'expired' | 'failed';
};

/** What is known from the turns so far. */
export type Memory = {
  projects: Project[];
  current: Project | null;
  cards: Card[];
  /** The list that was shown last: "the second one" is one of these. */
  shown: { kind: 'trends' | 'videos' | 'channels' | 'titles'; items: readonly Item[] } | null;
  trends: readonly Item[];
  /** How many the last search has ranked, with those that the agent left out. */
  ranked: number;
  channels: readonly Item[];
  trend: string | null;
  video: string | null;
  publication: string | null;
  /** A prompt that was offered: the one that may be used, or a safer wording. */
  offer: string | null;
  /** The video whose free retry was offered. */
  freeRetry: string | null;
  /** What is known of each video's state. */
  states: Map<string, string>;
};

export const emptyMemory = (): Memory => ({
  projects: [],
  current: null,
  cards: [],
  shown: null,
  trends: [],
  ranked: 0,
  channels: [],
  trend: null,
  video: null,
  publication: null,
  offer: null,
  freeRetry: null,
  states: new Map(),
});

export function startProject(memory: Memory, turn: number): Project {
  const project = newProject(turn);
  memory.projects.push(project);
  memory.current = project;
  return project;
}

/** Keeps what a call brought. */
export function rememberCall(
  memory: Memory,
  turn: Extract<Turn, { kind: 'call' }>,
  at: number,
): void {
  const { name, args, result } = turn;
  if (!result) return;
  if (result.isWaiting) memory.cards.push({ name, args, turn: at, state: 'waiting' });
  rememberOffer(memory, turn, result);
  if (!result.ok) return;
  rememberLists(memory, name, result);
  if (name === 'trend_show') memory.trend = textOf(args['trend']) ?? memory.trend;
  rememberOutcome(memory, name, result.data);
  const status = fieldOf(result, 'status');
  const video = textOf(args['video']);
  if (name === 'video_show' && video !== null) {
    memory.video = video;
    if (status !== '') memory.states.set(video, status);
  }
}

/** A text that may be made into a video, or the wording that is suggested instead. */
function rememberOffer(
  memory: Memory,
  { name, args }: Extract<Turn, { kind: 'call' }>,
  result: ToolResult,
): void {
  const suggestion = quotable(fieldOf(result, 'suggestion'), 500);
  if (result.code === 'prompt_refused') memory.offer = suggestion || null;
  if (name !== 'prompt_check' || !result.ok) return;
  const isAllowed = result.data['allowed'] === true;
  memory.offer = isAllowed ? textOf(args['prompt']) : suggestion || null;
}

function rememberLists(memory: Memory, name: string, result: ToolResult): void {
  if (name === 'trend_search' || name === 'trend_list') {
    memory.trends = itemsOf(result, 'trends');
    memory.shown = { kind: 'trends', items: memory.trends };
    memory.ranked = memory.trends.length + Number(fieldOf(result, 'more_trends'));
    memory.trend = memory.trends[0]?.id ?? memory.trend;
  }
  if (name === 'video_list') memory.shown = { kind: 'videos', items: itemsOf(result, 'videos') };
  if (name === 'channel_list') {
    memory.channels = itemsOf(result, 'channels');
    if (memory.channels.length > 1) memory.shown = { kind: 'channels', items: memory.channels };
  }
  if (name === 'publication_suggest')
    memory.shown = { kind: 'titles', items: itemsOf(result, 'titles') };
}

/** What a card or a call started, whoever told about it. */
function rememberOutcome(
  memory: Memory,
  name: string,
  data: Readonly<Record<string, unknown>>,
): void {
  const project = memory.current;
  const video = textOf(data['video']);
  const publication = textOf(data['publication']);
  if (name === 'video_generate' && video !== null) {
    memory.video = video;
    const takes = takesIn(data, video);
    for (const take of takes) memory.states.set(take, textOf(data['status']) ?? 'queued');
    const owner = memory.projects.findLast((each) => each.make && each.video === null) ?? project;
    if (owner) Object.assign(owner, { video, videos: takes, isPicked: takes.length < 2 });
  }
  if (name === 'video_retry' && video !== null) {
    const owner = memory.projects.findLast((each) => each.video === memory.freeRetry) ?? project;
    if (owner) Object.assign(owner, { video, videos: [video], isPicked: true });
    memory.states.set(video, textOf(data['status']) ?? 'queued');
    Object.assign(memory, { video, freeRetry: null });
  }
  if (name === 'publication_create' && publication !== null) {
    memory.publication = publication;
    if (project) project.publication = publication;
  }
}

/** The takes of one order; a single one goes by itself. */
function takesIn(data: Readonly<Record<string, unknown>>, video: string): string[] {
  const { videos } = data;
  const ids = Array.isArray(videos) ? videos.flatMap((id) => textOf(id) ?? []) : [];
  return ids.length > 1 ? ids : [video];
}

/** Whether a video is still being made. */
export const isInTheMaking = ({ states }: Memory, video: string): boolean =>
  ['queued', 'generating', 'assembling'].includes(states.get(video) ?? '');

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** Keeps what an event tells, and turns to the project it is about. */
export function rememberEvent(memory: Memory, event: SystemEvent): void {
  switch (event.kind) {
    case 'approved':
    case 'declined':
    case 'expired':
    case 'failed': {
      const card = memory.cards.findLast(
        ({ name, state }) => name === event.name && state === 'waiting',
      );
      if (card) card.state = event.kind === 'approved' ? 'done' : event.kind;
      if (event.kind === 'approved') rememberOutcome(memory, event.name, event.data);
      return;
    }
    case 'video': {
      memory.video = event.video;
      memory.states.set(event.video, event.status);
      if (event.status === 'failed' && /free of charge|免费/iu.test(event.why))
        memory.freeRetry = event.video;
      const owner = memory.projects.findLast(
        ({ video, videos }) => video === event.video || videos.includes(event.video),
      );
      if (owner) memory.current = owner;
      else adoptVideo(memory, event.video);
      if (owner) showTakes(memory, owner);
      return;
    }
    case 'publication':
      memory.publication = event.publication;
      return;
    case 'channel':
    case 'other':
  }
}

/** When no take is in the making any more, "the second one" is one of them. */
function showTakes(memory: Memory, { videos }: Project): void {
  if (videos.length < 2 || videos.some((video) => isInTheMaking(memory, video))) return;
  memory.shown = { kind: 'videos', items: takeItems(memory, videos) };
}

/** The takes of one order as a list, in their order. */
export const takeItems = ({ states }: Memory, videos: readonly string[]): Item[] =>
  videos.map((id) => ({
    id,
    title: '',
    status: states.get(id) ?? '',
    score: null,
    platform: '',
  }));

/** A video whose start was told before the turns that are still here. */
function adoptVideo(memory: Memory, video: string): void {
  const { current, projects } = memory;
  if (projects.some((project) => project.video === video)) return;
  if (current?.make && current.video === null) current.video = video;
}

const told = /(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d) (?<hour>\d\d):(?<minute>\d\d)/u;

/** A time that the model has named to the person stays, however late it has become. */
export function rememberPromise(memory: Memory, text: string, { zone }: Now): void {
  const hit = told.exec(text)?.groups;
  if (!hit || memory.current?.when?.kind !== 'at') return;
  memory.current.when = promiseOf(hit, zone);
}

function promiseOf(hit: Record<string, string>, zone: Now['zone']): When {
  const { year, month, day, hour, minute } = hit;
  const at = momentOf(
    {
      year: Number(year),
      month: Number(month),
      day: Number(day),
      hour: Number(hour),
      minute: Number(minute),
    },
    zone,
  );
  return { kind: 'at', at: formatMoment({ at, zone }) };
}

const awaited = /^awaited: (?<video>vid_\w+), then publish(?<time>.*)$/gimu;

/** Takes up again what the notes still wait for, beside what is being talked about. */
export function rememberAwaited(memory: Memory, notes: string, turn: number, { zone }: Now): void {
  for (const { groups } of notes.matchAll(awaited)) {
    const { video = '', time = '' } = groups ?? {};
    const hit = told.exec(time)?.groups;
    const when = hit ? promiseOf(hit, zone) : null;
    memory.projects.push({ ...newProject(turn), make: true, publish: true, video, when });
  }
}

const notedVideo = /\bvideo (?<id>vid_\w+)(?: is (?<state>\w+))?/giu;
const notedPublication = /\bpublication (?<id>pub_\w+)/giu;

/** Keeps what the notes of earlier talk tell beside the wishes. */
export function rememberNotes(memory: Memory, notes: string, now: Now): void {
  for (const { groups } of notes.matchAll(notedVideo)) {
    const { id = '', state } = groups ?? {};
    memory.video = id;
    if (state !== undefined) memory.states.set(id, state.toLowerCase());
    adoptVideo(memory, id);
  }
  for (const { groups } of notes.matchAll(notedPublication)) {
    memory.publication = groups?.['id'] ?? memory.publication;
  }
  const planned = /^planned:.*$/imu.exec(notes)?.[0];
  if (planned !== undefined) rememberPromise(memory, planned, now);
}
