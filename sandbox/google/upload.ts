import { randomBytes } from 'node:crypto';
import type { EmulatorAnswer, EmulatorRequest, Route } from '../http.ts';
import { BodyCut, readBody } from '../http.ts';
import { apiError } from './answers.ts';
import { acceptInsert, findUploader, keepVideo } from './insert.ts';
import type { Troublemaker } from './misbehaviour.ts';
import { readRelated } from './multipart.ts';
import { createPartFiles, type PartFiles } from './part-files.ts';
import { partsOf, pick } from './parts.ts';
import type { Project } from './project.ts';
import { cancelSession, isQuery, receive } from './session.ts';
import { createTurns } from './turns.ts';
import { videoResource } from './videos.ts';

const uploadPath = /\/upload\/youtube\/v3\/videos/u;
const largestFile = 256 * 1024 ** 3;

/** videos.insert: by the resumable upload protocol (reference/youtube.md 4.2), or in one multipart request. */
export function uploadRoutes(project: Project, trouble: Troublemaker): Route[] {
  const parts = createPartFiles(project.options.uploadFolder);
  const place = { project, parts, turns: createTurns() };
  return [
    {
      method: 'POST',
      path: uploadPath,
      readsPieces: true,
      handle: trouble.wrap('start', (request) =>
        request.url.searchParams.get('uploadType') === 'multipart'
          ? insertWhole(project, parts, request)
          : startSession(project, request),
      ),
    },
    {
      method: 'PUT',
      path: uploadPath,
      readsPieces: true,
      handle: trouble.wrap(
        (request) => (isQuery(request) ? 'query' : 'chunk'),
        (request, failure) => receive(place, request, failure),
      ),
    },
    { method: 'DELETE', path: uploadPath, handle: (request) => cancelSession(place, request) },
  ];
}

const bad = (reason: string, message: string, status = 400): EmulatorAnswer =>
  apiError({ status, reason, message });

async function startSession(project: Project, request: EmulatorRequest): Promise<EmulatorAnswer> {
  const uploader = findUploader(project, request);
  if ('refusal' in uploader) return uploader.refusal;
  const query = request.url.searchParams;
  if (query.get('uploadType') !== 'resumable') {
    return bad('invalidParameter', 'Only uploadType=resumable and multipart are emulated.');
  }
  const problem = mediaProblem(request);
  if (problem) return problem;
  const body = await readBody(request.pieces(), request.header('content-encoding'));
  const insert = acceptInsert(project, { ...uploader, body, query });
  if ('refusal' in insert) return insert.refusal;
  const { store, options } = project;
  const id = randomBytes(48).toString('base64url');
  const announced = request.header('x-upload-content-length');
  store.state.sessions.push({
    ...insert,
    id,
    totalBytes: announced === undefined ? null : Number(announced),
    startedAt: options.clock.now().getTime(),
    videoId: null,
    received: 0,
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

/** Metadata and film in one request, which starts all over when it breaks. */
async function insertWhole(
  project: Project,
  parts: PartFiles,
  request: EmulatorRequest,
): Promise<EmulatorAnswer> {
  const uploader = findUploader(project, request);
  if ('refusal' in uploader) return uploader.refusal;
  const query = request.url.searchParams;
  const name = randomBytes(48).toString('base64url');
  try {
    const related = await readRelated(request.header('content-type'), request.pieces());
    if (!related) return bad('badContent', 'The request is no multipart/related with two parts.');
    const insert = acceptInsert(project, { ...uploader, body: related.resource, query });
    if ('refusal' in insert) return insert.refusal;
    await writeAll(parts, name, related.media);
    const video = await keepVideo(project, parts, name, insert);
    project.store.save();
    const asked = partsOf(query);
    return { status: 200, body: pick(videoResource(project, video, asked), asked) };
  } catch (error) {
    if (error instanceof BodyCut) return { status: 0, reset: true };
    throw error;
  } finally {
    parts.drop(name);
  }
}

async function writeAll(
  parts: PartFiles,
  name: string,
  media: AsyncIterable<Buffer>,
): Promise<void> {
  const writer = parts.open(name);
  try {
    for await (const piece of media) writer.add(piece);
    writer.finish();
  } finally {
    writer.close();
  }
}
