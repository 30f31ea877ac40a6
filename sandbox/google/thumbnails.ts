import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { EmulatorAnswer, EmulatorRequest, Route } from '../http.ts';
import { apiError } from './answers.ts';
import type { Troublemaker } from './misbehaviour.ts';
import { authorize, spendUnits, uploadScopes, type Project } from './project.ts';
import type { StoredVideo } from './state.ts';

const largestBytes = 2 * 1024 * 1024;
const units = 50;
const setPath = /\/upload\/youtube\/v3\/thumbnails\/set/u;

/** thumbnails.set as a media upload, and the pictures that it answers with (reference/youtube.md 4.3). */
export function thumbnailRoutes(project: Project, trouble: Troublemaker): Route[] {
  return [
    {
      method: 'POST',
      path: setPath,
      handle: trouble.wrap('thumbnail', (request) => setThumbnail(project, request)),
    },
    {
      method: 'GET',
      path: /\/sandbox\/thumbnails\/(?<id>[\w-]+)/u,
      handle: (request) => sendThumbnail(project, request),
    },
  ];
}

const refuse = (status: number, reason: string, message: string): EmulatorAnswer =>
  apiError({ status, reason, message, domain: 'youtube.thumbnail' });

function setThumbnail(project: Project, request: EmulatorRequest): EmulatorAnswer {
  const caller = authorize(project, request, uploadScopes);
  if ('refusal' in caller) return caller.refusal;
  const query = request.url.searchParams;
  const id = query.get('videoId') ?? '';
  if (id === '')
    return apiError({ status: 400, reason: 'required', message: 'Required parameter: videoId' });
  if (query.get('uploadType') !== 'media')
    return refuse(400, 'invalidParameter', 'Only uploadType=media is emulated.');
  const read = readImage(request);
  if ('refusal' in read) return read.refusal;
  const { state } = project.store;
  const video = state.videos.find((known) => known.id === id);
  if (!video)
    return refuse(
      404,
      'videoNotFound',
      'The video that you are trying to set a thumbnail for cannot be found.',
    );
  const { channelId } = caller.access;
  if (video.channelId !== channelId || state.unverified.includes(video.channelId)) {
    const message =
      "The authenticated user doesn't have permissions to upload and set custom video thumbnails.";
    return refuse(403, 'forbidden', message);
  }
  const short = spendUnits(project, units);
  if (short) return short;
  keep(project, video, { contentType: read.contentType, bytes: request.body });
  const resources = thumbnailsOf(project, video);
  return {
    status: 200,
    body: { kind: 'youtube#thumbnailSetResponse', etag: 'sandbox', items: [resources] },
  };
}

type ImageType = 'image/jpeg' | 'image/png';

/** What the body is by its first bytes, or why it is not taken. */
function readImage({
  header,
  body,
}: EmulatorRequest): { contentType: ImageType } | { refusal: EmulatorAnswer } {
  const said = (header('content-type') ?? '').split(';')[0]?.trim() ?? '';
  if (body.length === 0) {
    return {
      refusal: refuse(400, 'mediaBodyRequired', 'The request does not include the image content.'),
    };
  }
  if (!['image/jpeg', 'image/png', 'application/octet-stream'].includes(said)) {
    const known = 'image/jpeg, image/png, application/octet-stream';
    const message = `Media type '${said}' is not supported. Valid media types: [${known}]`;
    return { refusal: apiError({ status: 400, reason: 'badContent', message }) };
  }
  if (body.length > largestBytes) {
    const message = `Media is too large. Limit: ${largestBytes}`;
    return { refusal: apiError({ status: 413, reason: 'uploadTooLarge', message }) };
  }
  const contentType = typeOf(body);
  return contentType === null
    ? { refusal: refuse(400, 'invalidImage', 'The provided image content is invalid.') }
    : { contentType };
}

function typeOf(body: Buffer): ImageType | null {
  if (body.subarray(0, 3).toString('latin1') === '\xff\xd8\xff') return 'image/jpeg';
  return body.subarray(0, 8).toString('latin1') === '\x89PNG\r\n\x1a\n' ? 'image/png' : null;
}

function keep(
  { options, store }: Project,
  video: StoredVideo,
  { contentType, bytes }: { readonly contentType: ImageType; readonly bytes: Buffer },
): void {
  mkdirSync(options.uploadFolder, { recursive: true });
  const file = join(options.uploadFolder, `${video.id}.thumbnail`);
  writeFileSync(file, bytes);
  video.thumbnail = {
    file,
    contentType,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    bytes: bytes.length,
    setAt: options.clock.now().getTime(),
    times: (video.thumbnail?.times ?? 0) + 1,
  };
  store.save();
}

/** The sizes in which YouTube offers a thumbnail. */
const sizes = {
  default: [120, 90],
  medium: [320, 180],
  high: [480, 360],
  standard: [640, 480],
  maxres: [1280, 720],
} as const;

/** The pictures of a video as its resource names them; empty while it has none of its own. */
export function thumbnailsOf({ store }: Project, { id, thumbnail }: StoredVideo): object {
  if (!thumbnail) return {};
  // Another picture has another address, so that no browser shows the one before.
  const url = `http://127.0.0.1:${store.state.port ?? 0}/sandbox/thumbnails/${id}?v=${thumbnail.sha256.slice(0, 8)}`;
  return Object.fromEntries(
    Object.entries(sizes).map(([name, [width, height]]) => [name, { url, width, height }]),
  );
}

function sendThumbnail({ store }: Project, { params }: EmulatorRequest): EmulatorAnswer {
  const found = store.state.videos.find(({ id }) => id === params['id'])?.thumbnail;
  if (!found) return { status: 404, body: 'not found' };
  const headers = { 'content-type': found.contentType, 'x-content-type-options': 'nosniff' };
  return { status: 200, headers, body: readFileSync(found.file) };
}
