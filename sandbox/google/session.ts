import { BodyCut, type EmulatorAnswer, type EmulatorRequest } from '../http.ts';
import { apiError } from './answers.ts';
import { keepVideo } from './insert.ts';
import type { InnerFailure } from './misbehaviour.ts';
import { chunkUnit, type PartFiles } from './part-files.ts';
import { authorize, uploadScopes, type Project } from './project.ts';
import type { StoredVideo, UploadSession } from './state.ts';
import type { Turns } from './turns.ts';
import { videoResource } from './videos.ts';

const sessionLifetimeMs = 7 * 86_400_000;

/** Where sessions, and what they have stored, are. */
export type SessionPlace = {
  readonly project: Project;
  readonly parts: PartFiles;
  readonly turns: Turns;
};

/** Whether a PUT asks how far its session is. */
export const isQuery = (request: EmulatorRequest): boolean =>
  request.header('content-range')?.startsWith('bytes */') === true;

const bad = (reason: string, message: string, status = 400): EmulatorAnswer =>
  apiError({ status, reason, message });

const goneAnswer = (): EmulatorAnswer => ({
  status: 404,
  headers: { 'content-type': 'text/plain' },
  body: 'Not Found',
});

/** The session a PUT or DELETE is for, when the caller may use it. */
function findSession(
  { options, store }: Project,
  request: EmulatorRequest,
): { session: UploadSession } | { refusal: EmulatorAnswer } {
  const caller = authorize({ options, store }, request, uploadScopes);
  if ('refusal' in caller) return caller;
  const id = request.url.searchParams.get('upload_id');
  const now = options.clock.now().getTime();
  const session = store.state.sessions.find((known) => known.id === id);
  if (!session || session.startedAt + sessionLifetimeMs <= now) return { refusal: goneAnswer() };
  return session.channelId === caller.access.channelId
    ? { session }
    : { refusal: bad('forbidden', 'The session belongs to another channel.', 403) };
}

/** A chunk, or the question how far the session is. */
export async function receive(
  place: SessionPlace,
  request: EmulatorRequest,
  failure: InnerFailure,
): Promise<EmulatorAnswer> {
  const found = findSession(place.project, request);
  if ('refusal' in found) return found.refusal;
  const { session } = found;
  return place.turns.take(session.id, request.cut, async () => {
    const { state } = place.project.store;
    if (failure === 'gone') dropSession(place, session);
    if (!state.sessions.includes(session)) return goneAnswer();
    const done = state.videos.find(({ id }) => id === session.videoId);
    if (!done) {
      return isQuery(request)
        ? answerQuery(place, session, request)
        : storeChunk(place, session, request, failure);
    }
    for await (const piece of counted(session, request)) void piece;
    return doneAnswer(place.project, done);
  });
}

/** The pieces of a chunk, counted as they come in. */
async function* counted(session: UploadSession, request: EmulatorRequest): AsyncGenerator<Buffer> {
  for await (const piece of request.pieces()) {
    session.received += piece.length;
    yield piece;
  }
}

const doneAnswer = (project: Project, video: StoredVideo): EmulatorAnswer => ({
  status: 200,
  body: videoResource(project, video, ['status']),
});

function incomplete(stored: number): EmulatorAnswer {
  const range = stored > 0 ? { range: `bytes=0-${stored - 1}` } : {};
  return { status: 308, headers: { ...range, 'content-length': '0' }, body: '' };
}

async function answerQuery(
  place: SessionPlace,
  session: UploadSession,
  request: EmulatorRequest,
): Promise<EmulatorAnswer> {
  const asked = /^bytes \*\/(?<total>\d+|\*)$/u.exec(request.header('content-range') ?? '');
  if (!asked || Number(request.header('content-length') ?? 0) > 0) {
    return bad('badRequest', 'Invalid status request.');
  }
  const total = asked.groups?.['total'];
  if (session.totalBytes !== null && total !== '*' && Number(total) !== session.totalBytes) {
    return bad('badRequest', 'The total does not match X-Upload-Content-Length.');
  }
  const stored = place.parts.size(session.id);
  // A process that died between the last byte and the video goes on here.
  return stored > 0 && stored === session.totalBytes ? finish(place, session) : incomplete(stored);
}

/** Which bytes a PUT carries; an unknown length is whatever comes. */
type Span = {
  readonly first: number;
  readonly length: number | null;
  readonly total: number | null;
};

/** null when the Content-Range does not fit the body or the session. */
function spanOf(session: UploadSession, request: EmulatorRequest): Span | null {
  const range = request.header('content-range');
  const announced = request.header('content-length');
  const length = announced === undefined ? null : Number(announced);
  const { totalBytes } = session;
  if (range === undefined) {
    const fits = length === null || totalBytes === null || totalBytes === length;
    return fits ? { first: 0, length, total: length ?? totalBytes } : null;
  }
  const parsed = /^bytes (?<first>\d+)-(?<last>\d+)\/(?<total>\d+|\*)$/u.exec(range)?.groups;
  if (!parsed) return null;
  const first = Number(parsed['first']);
  const last = Number(parsed['last']);
  const total = parsed['total'] === '*' ? totalBytes : Number(parsed['total']);
  const isConsistent =
    last - first + 1 === (length ?? last - first + 1) && (total === null || last < total);
  const isAnnounced = totalBytes === null || total === totalBytes;
  return isConsistent && isAnnounced ? { first, length: last - first + 1, total } : null;
}

async function storeChunk(
  place: SessionPlace,
  session: UploadSession,
  request: EmulatorRequest,
  failure: InnerFailure,
): Promise<EmulatorAnswer> {
  const span = spanOf(session, request);
  if (!span) return bad('badRequest', 'Invalid Content-Range for this upload.');
  const isLast = span.length === null || span.first + span.length === span.total;
  if (!isLast && (span.length ?? 0) % chunkUnit !== 0) {
    return bad('badRequest', 'Every chunk but the last must be a multiple of 256 KiB.');
  }
  const stored = place.parts.size(session.id);
  if (span.first > stored) return bad('badRequest', `Bytes before ${span.first} are missing.`);
  const end = await writeChunk(place, { session, request, span, failure });
  if (end === null) return { status: 0, reset: true };
  const now = place.parts.size(session.id);
  const total = span.total ?? (request.header('content-range') === undefined ? end : null);
  return now === total ? finish(place, session) : incomplete(now);
}

type Writing = {
  readonly session: UploadSession;
  readonly request: EmulatorRequest;
  readonly span: Span;
  readonly failure: InnerFailure;
};

/** Appends what is new of a chunk and answers where the chunk ended; null when the connection broke. */
async function writeChunk(
  { parts }: SessionPlace,
  { session, request, span, failure }: Writing,
): Promise<number | null> {
  // Bytes that are already stored are skipped, as Google does.
  const skipped = parts.size(session.id) - span.first;
  const half = Math.floor(((span.length ?? 0) - skipped) / 2 / chunkUnit) * chunkUnit;
  const room = failure === null ? Infinity : Math.max(0, half);
  const writer = parts.open(session.id);
  let came = 0;
  try {
    for await (const piece of counted(session, request)) {
      const from = Math.max(0, skipped - came);
      const to = Math.max(0, skipped + room - came);
      came += piece.length;
      if (from < piece.length && from < to) writer.add(piece.subarray(from, to));
      if (failure === 'reset_middle' && came >= skipped + room) return null;
    }
    const end = span.first + came;
    const isWhole = span.total === null ? span.length === null : end === span.total;
    if (isWhole && failure === null) writer.finish();
    return end;
  } catch (error) {
    if (error instanceof BodyCut) return null;
    throw error;
  } finally {
    writer.close();
  }
}

async function finish(
  { project, parts }: SessionPlace,
  session: UploadSession,
): Promise<EmulatorAnswer> {
  const video = await keepVideo(project, parts, session.id, session);
  session.videoId = video.id;
  project.store.save();
  return doneAnswer(project, video);
}

function dropSession({ project, parts }: SessionPlace, session: UploadSession): void {
  const { state } = project.store;
  state.sessions = state.sessions.filter((other) => other !== session);
  parts.drop(session.id);
  project.store.save();
}

/** Ends a session before its last byte. */
export async function cancelSession(
  place: SessionPlace,
  request: EmulatorRequest,
): Promise<EmulatorAnswer> {
  const found = findSession(place.project, request);
  if ('refusal' in found) return found.refusal;
  const { session } = found;
  return place.turns.take(session.id, request.cut, async () => {
    dropSession(place, session);
    return { status: 499, headers: { 'content-length': '0' }, body: '' };
  });
}
