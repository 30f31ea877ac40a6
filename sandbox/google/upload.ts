import { createHash, randomBytes } from 'node:crypto';
import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { EmulatorAnswer, EmulatorRequest, Route } from '../http.ts';
import { apiError, quotaExceeded } from './answers.ts';
import { readMetadata } from './metadata.ts';
import type { InnerFailure, Troublemaker } from './misbehaviour.ts';
import { authorize, pacificDay, uploadScopes, usedToday, type Project } from './project.ts';
import type { StoredVideo, UploadSession } from './state.ts';
import { videoResource } from './videos.ts';

const uploadPath = /\/upload\/youtube\/v3\/videos/u;
const chunkUnit = 262_144;
const largestFile = 256 * 1024 ** 3;
const sessionLifetimeMs = 7 * 86_400_000;

const isQuery = (request: EmulatorRequest): boolean =>
  request.header('content-range')?.startsWith('bytes */') === true;

/** The resumable upload protocol (reference/youtube.md 4.2). */
export function uploadRoutes(project: Project, trouble: Troublemaker): Route[] {
  return [
    {
      method: 'POST',
      path: uploadPath,
      handle: trouble.wrap('start', (request) => startSession(project, request)),
    },
    {
      method: 'PUT',
      path: uploadPath,
      handle: trouble.wrap(
        (request) => (isQuery(request) ? 'query' : 'chunk'),
        (request, failure) => receive(project, request, failure),
      ),
    },
    { method: 'DELETE', path: uploadPath, handle: (request) => cancel(project, request) },
  ];
}

const bad = (reason: string, message: string, status = 400): EmulatorAnswer =>
  apiError({ status, reason, message });

function startSession(project: Project, request: EmulatorRequest): EmulatorAnswer {
  const { store, options } = project;
  const caller = authorize(project, request, uploadScopes);
  if ('refusal' in caller) return caller.refusal;
  const { channelId } = caller.access;
  if (channelId === null) {
    return apiError({
      status: 401,
      reason: 'youtubeSignupRequired',
      domain: 'youtube.header',
      message: 'Unauthorized',
      location: 'Authorization',
    });
  }
  const query = request.url.searchParams;
  if (query.get('uploadType') !== 'resumable') {
    return bad('invalidParameter', 'Only uploadType=resumable is emulated.');
  }
  const problem = mediaProblem(request);
  if (problem) return problem;
  const used = usedToday(project);
  if (used.inserts >= (options.insertsPerDay ?? 100)) return quotaExceeded();
  used.inserts += 1;
  const now = options.clock.now();
  const read = readMetadata(request.body, query, now);
  if ('refusal' in read) return read.refusal;
  const today = store.state.videos.filter(
    (video) => video.channelId === channelId && pacificDay(new Date(video.uploadedAt)) === used.day,
  );
  if (today.length >= (options.uploadsPerChannelPerDay ?? Infinity)) {
    const message = 'The user has exceeded the number of videos they may upload.';
    return apiError({
      status: 400,
      reason: 'uploadLimitExceeded',
      domain: 'youtube.video',
      message,
    });
  }
  const id = randomBytes(48).toString('base64url');
  const announced = request.header('x-upload-content-length');
  store.state.sessions.push({
    id,
    channelId,
    metadata: read.metadata,
    totalBytes: announced === undefined ? null : Number(announced),
    startedAt: now.getTime(),
    videoId: null,
  });
  store.state.sessionsStarted += 1;
  store.save();
  const location = new URL(request.url);
  location.searchParams.set('upload_id', id);
  return {
    status: 200,
    headers: { location: location.href, 'x-guploader-uploadid': id, 'content-length': '0' },
    body: '',
  };
}

function mediaProblem(request: EmulatorRequest): EmulatorAnswer | null {
  if (!request.header('content-type')?.startsWith('application/json')) {
    return bad('badContent', 'Unsupported content; the metadata must be application/json.');
  }
  const type = request.header('x-upload-content-type');
  if (type !== undefined && !/^(?:video\/[\w.+-]+|application\/octet-stream)$/u.test(type)) {
    return bad(
      'badContent',
      `Media type '${type}' is not supported. Valid media types: [video/*, application/octet-stream]`,
    );
  }
  const length = request.header('x-upload-content-length');
  if (length !== undefined && !/^\d{1,15}$/u.test(length)) {
    return bad('badRequest', 'X-Upload-Content-Length is not a number.');
  }
  return Number(length ?? 0) > largestFile
    ? bad('uploadTooLarge', 'The file is larger than 256 GB.', 413)
    : null;
}

const goneAnswer = (): EmulatorAnswer => ({
  status: 404,
  headers: { 'content-type': 'text/plain' },
  body: 'Not Found',
});

const partFile = ({ options }: Project, session: UploadSession): string =>
  join(options.uploadFolder, `${session.id}.part`);

function storedBytes(project: Project, session: UploadSession): number {
  return statSync(partFile(project, session), { throwIfNoEntry: false })?.size ?? 0;
}

/** The session a PUT or DELETE is for, when the caller may use it. */
function findSession(
  project: Project,
  request: EmulatorRequest,
): { session: UploadSession } | { refusal: EmulatorAnswer } {
  const caller = authorize(project, request, uploadScopes);
  if ('refusal' in caller) return caller;
  const id = request.url.searchParams.get('upload_id');
  const now = project.options.clock.now().getTime();
  const session = project.store.state.sessions.find((known) => known.id === id);
  if (!session || session.startedAt + sessionLifetimeMs <= now) return { refusal: goneAnswer() };
  return session.channelId === caller.access.channelId
    ? { session }
    : { refusal: bad('forbidden', 'The session belongs to another channel.', 403) };
}

function receive(
  project: Project,
  request: EmulatorRequest,
  failure: InnerFailure,
): EmulatorAnswer {
  const found = findSession(project, request);
  if ('refusal' in found) return found.refusal;
  const { session } = found;
  if (failure === 'gone') {
    dropSession(project, session);
    return goneAnswer();
  }
  const done = project.store.state.videos.find(({ id }) => id === session.videoId);
  if (done) return doneAnswer(project, done);
  return isQuery(request)
    ? answerQuery(project, session, request)
    : storeChunk(project, session, request, failure);
}

const doneAnswer = (project: Project, video: StoredVideo): EmulatorAnswer => ({
  status: 200,
  body: videoResource(project, video, ['status']),
});

function incomplete(stored: number): EmulatorAnswer {
  const range = stored > 0 ? { range: `bytes=0-${stored - 1}` } : {};
  return { status: 308, headers: { ...range, 'content-length': '0' }, body: '' };
}

function answerQuery(
  project: Project,
  session: UploadSession,
  request: EmulatorRequest,
): EmulatorAnswer {
  const asked = /^bytes \*\/(?<total>\d+|\*)$/u.exec(request.header('content-range') ?? '');
  if (!asked || request.body.length > 0) return bad('badRequest', 'Invalid status request.');
  const total = asked.groups?.['total'];
  if (session.totalBytes !== null && total !== '*' && Number(total) !== session.totalBytes) {
    return bad('badRequest', 'The total does not match X-Upload-Content-Length.');
  }
  return incomplete(storedBytes(project, session));
}

type Span = { readonly first: number; readonly total: number | null };

/** Which bytes a PUT carries; null when its Content-Range does not fit. */
function spanOf(session: UploadSession, request: EmulatorRequest): Span | null {
  const header = request.header('content-range');
  const { length } = request.body;
  if (header === undefined) {
    return session.totalBytes === null || session.totalBytes === length
      ? { first: 0, total: length }
      : null;
  }
  const range = /^bytes (?<first>\d+)-(?<last>\d+)\/(?<total>\d+|\*)$/u.exec(header)?.groups;
  if (!range) return null;
  const first = Number(range['first']);
  const last = Number(range['last']);
  const total = range['total'] === '*' ? session.totalBytes : Number(range['total']);
  const isConsistent = last - first + 1 === length && (total === null || last < total);
  const isAnnounced = session.totalBytes === null || total === session.totalBytes;
  return isConsistent && isAnnounced ? { first, total } : null;
}

function storeChunk(
  project: Project,
  session: UploadSession,
  request: EmulatorRequest,
  failure: InnerFailure,
): EmulatorAnswer {
  const span = spanOf(session, request);
  if (!span) return bad('badRequest', 'Invalid Content-Range for this upload.');
  const { body } = request;
  const isLast = span.total !== null && span.first + body.length === span.total;
  if (!isLast && body.length % chunkUnit !== 0) {
    return bad('badRequest', 'Every chunk but the last must be a multiple of 256 KiB.');
  }
  const stored = storedBytes(project, session);
  if (span.first > stored) return bad('badRequest', `Bytes before ${span.first} are missing.`);
  // Bytes that are already stored are skipped, as Google does.
  let fresh = body.subarray(stored - span.first);
  if (failure === 'partial') {
    fresh = fresh.subarray(0, Math.floor(fresh.length / 2 / chunkUnit) * chunkUnit);
  }
  mkdirSync(project.options.uploadFolder, { recursive: true });
  appendFileSync(partFile(project, session), fresh);
  const now = stored + fresh.length;
  if (span.total === null || now < span.total) return incomplete(now);
  return doneAnswer(project, finish(project, session));
}

/** Turns the stored bytes into a video of the channel. */
function finish(project: Project, session: UploadSession): StoredVideo {
  const { options, store } = project;
  const id = randomBytes(8).toString('base64url');
  const file = join(options.uploadFolder, `${id}.mp4`);
  renameSync(partFile(project, session), file);
  const bytes = readFileSync(file);
  const isMp4 = bytes.toString('latin1', 4, 8) === 'ftyp';
  const invalid = bytes.length === 0 ? 'emptyFile' : 'invalidFile';
  const locked = options.projectLocked ? { privacy: 'private' as const, publishAt: null } : {};
  const video: StoredVideo = {
    ...session.metadata,
    ...locked,
    id,
    channelId: session.channelId,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    bytes: bytes.length,
    file,
    uploadedAt: options.clock.now().getTime(),
    failureReason: isMp4 ? null : invalid,
    countsHidden: false,
    thumbnail: null,
  };
  store.state.videos.push(video);
  session.videoId = id;
  store.save();
  return video;
}

function dropSession(project: Project, session: UploadSession): void {
  const { state } = project.store;
  state.sessions = state.sessions.filter((other) => other !== session);
  rmSync(partFile(project, session), { force: true });
  project.store.save();
}

function cancel(project: Project, request: EmulatorRequest): EmulatorAnswer {
  const found = findSession(project, request);
  if ('refusal' in found) return found.refusal;
  dropSession(project, found.session);
  return { status: 499, headers: { 'content-length': '0' }, body: '' };
}
