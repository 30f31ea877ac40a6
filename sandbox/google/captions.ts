import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { EmulatorAnswer, EmulatorRequest, Route } from '../http.ts';
import { readBody } from '../http.ts';
import { apiError } from './answers.ts';
import type { Troublemaker } from './misbehaviour.ts';
import { readRelated } from './multipart.ts';
import { missingParameter, partsOf, pick, readResource } from './parts.ts';
import { admit, captionScopes, type Project } from './project.ts';
import type { Access, StoredCaption, StoredVideo } from './state.ts';

const largestBytes = 100 * 1024 * 1024;
const longestName = 150;

/** captions.list and captions.insert as a multipart upload (reference/youtube.md 4.3). */
export const captionRoutes = (project: Project, trouble: Troublemaker): Route[] => [
  {
    method: 'GET',
    path: /\/youtube\/v3\/captions/u,
    handle: trouble.wrap('captions', (request) => listCaptions(project, request)),
  },
  {
    method: 'POST',
    path: /\/upload\/youtube\/v3\/captions/u,
    readsPieces: true,
    handle: trouble.wrap('captions', (request) => insertCaption(project, request)),
  },
];

const refuse = (status: number, reason: string, message: string): EmulatorAnswer =>
  apiError({ status, reason, message, domain: 'youtube.caption' });

/** The video, when the caller may work on its captions. */
function findVideo(
  { store }: Project,
  access: Access,
  videoId: string,
): { video: StoredVideo } | { refusal: EmulatorAnswer } {
  const video = store.state.videos.find(({ id }) => id === videoId);
  if (!video) {
    const message = 'The video identified by the videoId parameter could not be found.';
    return { refusal: refuse(404, 'videoNotFound', message) };
  }
  if (video.channelId === access.channelId) return { video };
  const message = "The permissions are not sufficient for this video's captions.";
  return { refusal: refuse(403, 'forbidden', message) };
}

function listCaptions(project: Project, request: EmulatorRequest): EmulatorAnswer {
  const caller = admit(project, request, { scopes: captionScopes, units: 50 });
  if ('refusal' in caller) return caller.refusal;
  const query = request.url.searchParams;
  const parts = partsOf(query);
  if (parts.length === 0) return missingParameter('part');
  const videoId = query.get('videoId') ?? '';
  if (videoId === '') return missingParameter('videoId');
  const found = findVideo(project, caller.access, videoId);
  if ('refusal' in found) return found.refusal;
  const items = project.store.state.captions
    .filter((caption) => caption.videoId === videoId)
    .map((caption) => pick(captionResource(caption), parts));
  return {
    status: 200,
    body: { kind: 'youtube#captionListResponse', etag: 'sandbox', items },
  };
}

const bodySchema = z.looseObject({
  snippet: z
    .looseObject({
      videoId: z.string().optional(),
      language: z.string().optional(),
      name: z.string().optional(),
      isDraft: z.boolean().optional(),
    })
    .optional(),
});
type Snippet = NonNullable<z.infer<typeof bodySchema>['snippet']>;

async function insertCaption(project: Project, request: EmulatorRequest): Promise<EmulatorAnswer> {
  const caller = admit(project, request, { scopes: captionScopes, units: 400 });
  if ('refusal' in caller) return caller.refusal;
  const query = request.url.searchParams;
  if (query.get('uploadType') !== 'multipart') {
    return refuse(400, 'invalidParameter', 'Only uploadType=multipart is emulated.');
  }
  const related = await readRelated(request.header('content-type'), request.pieces());
  if (!related) {
    const message = 'The request is no multipart/related with two parts.';
    return apiError({ status: 400, reason: 'badContent', message });
  }
  const media = await readBody(related.media, undefined);
  const read = readResource(related.resource, query, bodySchema);
  if ('refusal' in read) return read.refusal;
  const snippet = read.resource.snippet ?? {};
  const problem = snippetProblem(snippet) ?? mediaProblem(media);
  if (problem) return problem;
  const { videoId = '', language = '', name = '', isDraft = false } = snippet;
  const found = findVideo(project, caller.access, videoId);
  if ('refusal' in found) return found.refusal;
  const { captions } = project.store.state;
  const isSame = (other: StoredCaption): boolean =>
    other.videoId === videoId && other.language === language && other.name === name;
  if (captions.some(isSame)) {
    const message =
      'The specified video already has a caption track with the given language and name.';
    return refuse(409, 'captionExists', message);
  }
  const caption = keep(project, { videoId, language, name, isDraft }, media);
  return { status: 200, body: pick(captionResource(caption), read.parts) };
}

function snippetProblem({ videoId = '', language = '', name }: Snippet): EmulatorAnswer | null {
  if (videoId === '' || name === undefined || !isLanguage(language)) {
    const message = 'The request contains invalid metadata values.';
    return refuse(400, 'invalidMetadata', message);
  }
  return Array.from(name).length > longestName
    ? refuse(400, 'nameTooLong', 'The name of the caption track is too long.')
    : null;
}

function mediaProblem({ length }: Buffer): EmulatorAnswer | null {
  if (length === 0) {
    return refuse(400, 'contentRequired', 'The caption track contents are missing.');
  }
  const message = `Media is too large. Limit: ${largestBytes}`;
  return length > largestBytes ? refuse(413, 'uploadTooLarge', message) : null;
}

/** Whether it is a language tag of BCP 47. */
function isLanguage(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}

/** A time span of SubRip, or of WebVTT. */
const timeSpan = /^(?:\d+:)?\d\d:\d\d[,.]\d{3} --> (?:\d+:)?\d\d:\d\d[,.]\d{3}/mu;

function keep(
  { options, store }: Project,
  track: Pick<StoredCaption, 'videoId' | 'language' | 'name' | 'isDraft'>,
  media: Buffer,
): StoredCaption {
  const id = `AUieDa${randomBytes(24).toString('base64url')}`;
  mkdirSync(options.uploadFolder, { recursive: true });
  const file = join(options.uploadFolder, `${id}.captions`);
  writeFileSync(file, media);
  const status = timeSpan.test(media.toString('utf8')) ? 'serving' : 'failed';
  const addedAt = options.clock.now().getTime();
  const caption: StoredCaption = { ...track, id, status, file, addedAt };
  store.state.captions.push(caption);
  store.save();
  return caption;
}

function captionResource(caption: StoredCaption): object {
  const { id, videoId, language, name, isDraft, status, addedAt } = caption;
  return {
    kind: 'youtube#caption',
    etag: 'sandbox',
    id,
    snippet: {
      videoId,
      lastUpdated: new Date(addedAt).toISOString(),
      trackKind: 'standard',
      language,
      name,
      audioTrackType: 'unknown',
      isCC: false,
      isLarge: false,
      isEasyReader: false,
      isDraft,
      isAutoSynced: false,
      status,
      ...(status === 'failed' ? { failureReason: 'unknownFormat' } : {}),
    },
  };
}

/** A caption track with what it says. */
export type SandboxCaption = StoredCaption & { readonly text: string };

export const captionsOf = ({ store }: Project, videoId: string): SandboxCaption[] =>
  store.state.captions
    .filter((caption) => caption.videoId === videoId)
    .map((caption) => ({ ...caption, text: readFileSync(caption.file, 'utf8') }));
