import { readFileSync } from 'node:fs';
import type { EmulatorAnswer, EmulatorRequest, Route } from '../http.ts';
import { apiError } from './answers.ts';
import { renderWatch } from './consent-page.ts';
import type { Troublemaker } from './misbehaviour.ts';
import { authorize, readScopes, spendUnits, type Project } from './project.ts';
import type { Access, SandboxChannel, StoredVideo } from './state.ts';
import { statisticsOf } from './statistics.ts';
import { thumbnailsOf } from './thumbnails.ts';

export type VideoStatus = {
  readonly uploadStatus: 'uploaded' | 'processed' | 'failed';
  readonly privacy: StoredVideo['privacy'];
  readonly publishAt: string | null;
};

/** What the clock has made of a video: processing ends, a schedule comes due. */
export function statusOf(video: StoredVideo, { options }: Project): VideoStatus {
  const now = options.clock.now().getTime();
  const isReady = now >= video.uploadedAt + options.processingMs;
  const settled = video.failureReason === null ? 'processed' : 'failed';
  const isPublished = video.publishAt !== null && new Date(video.publishAt).getTime() <= now;
  return {
    uploadStatus: isReady ? settled : 'uploaded',
    privacy: isPublished ? 'public' : video.privacy,
    publishAt: isPublished ? null : video.publishAt,
  };
}

/** The read side of the Data API, and the pages a sandbox link leads to. */
export function videoRoutes(project: Project, trouble: Troublemaker): Route[] {
  const watch = ({ url, params }: EmulatorRequest): EmulatorAnswer =>
    showWatch(project, params['id'] ?? url.searchParams.get('v') ?? '');
  return [
    {
      method: 'GET',
      path: /\/youtube\/v3\/channels/u,
      handle: trouble.wrap('channels', (request) => listChannels(project, request)),
    },
    {
      method: 'GET',
      path: /\/youtube\/v3\/videos/u,
      handle: trouble.wrap('videos', (request) => listVideos(project, request)),
    },
    { method: 'GET', path: /\/watch/u, handle: watch },
    { method: 'GET', path: /\/shorts\/(?<id>[\w-]+)/u, handle: watch },
    {
      method: 'GET',
      path: /\/sandbox\/media\/(?<id>[\w-]+)/u,
      handle: (request) => sendMedia(project, request),
    },
  ];
}

const partsOf = (url: URL): string[] =>
  url.searchParams
    .getAll('part')
    .flatMap((part) => part.split(','))
    .filter((part) => part !== '');

const missingPart = (): EmulatorAnswer =>
  apiError({
    status: 400,
    reason: 'required',
    message: 'Required parameter: part',
    location: 'part',
  });

const missingFilter = (known: string): EmulatorAnswer =>
  apiError({
    status: 400,
    reason: 'missingRequiredParameter',
    domain: 'youtube.parameter',
    message: `No filter selected. Expected one of: ${known}`,
    location: 'parameters.',
  });

const listAnswer = (kind: string, items: readonly object[]): EmulatorAnswer => ({
  status: 200,
  body: {
    kind,
    etag: 'sandbox',
    pageInfo: { totalResults: items.length, resultsPerPage: items.length },
    // The real service leaves `items` out when there is none.
    ...(items.length > 0 ? { items } : {}),
  },
});

function listChannels(project: Project, request: EmulatorRequest): EmulatorAnswer {
  const caller = authorize(project, request, readScopes);
  if ('refusal' in caller) return caller.refusal;
  const parts = partsOf(request.url);
  if (parts.length === 0) return missingPart();
  const isMine = request.url.searchParams.get('mine') === 'true';
  const ids = request.url.searchParams.getAll('id').flatMap((id) => id.split(','));
  if (!isMine && ids.length === 0) return missingFilter('mine, id');
  const short = spendUnits(project);
  if (short) return short;
  const wanted = project.store.state.channels.filter(({ id }) =>
    isMine ? id === caller.access.channelId : ids.includes(id),
  );
  return listAnswer(
    'youtube#channelListResponse',
    wanted.map((channel) => pick(channelResource(channel), parts)),
  );
}

const channelResource = ({ id, title, handle }: SandboxChannel) => ({
  kind: 'youtube#channel',
  etag: 'sandbox',
  id,
  snippet: {
    title,
    description: '',
    customUrl: handle,
    publishedAt: '2024-01-01T00:00:00Z',
    thumbnails: {},
    localized: { title, description: '' },
  },
  contentDetails: { relatedPlaylists: { likes: '', uploads: id.replace(/^UC/u, 'UU') } },
  statistics: { viewCount: '0', subscriberCount: '0', hiddenSubscriberCount: false },
});

/** Keeps kind, etag, id and the asked parts. */
const pick = (resource: object, parts: readonly string[]): object =>
  Object.fromEntries(
    Object.entries(resource).filter(([key]) => ['kind', 'etag', 'id', ...parts].includes(key)),
  );

function listVideos(project: Project, request: EmulatorRequest): EmulatorAnswer {
  const caller = authorize(project, request, readScopes);
  if ('refusal' in caller) return caller.refusal;
  const parts = partsOf(request.url);
  if (parts.length === 0) return missingPart();
  const ids = request.url.searchParams.getAll('id').flatMap((id) => id.split(','));
  if (ids.length === 0) return missingFilter('id, chart, myRating');
  if (ids.length > 50) {
    return apiError({ status: 400, reason: 'invalidFilters', message: 'Too many ids.' });
  }
  const short = spendUnits(project);
  if (short) return short;
  const items = ids.flatMap((id) => {
    const video = project.store.state.videos.find((known) => known.id === id);
    return video && canSee(project, caller.access, video) ? [video] : [];
  });
  return listAnswer(
    'youtube#videoListResponse',
    items.map((video) =>
      pick(
        videoResource(project, video, caller.access.channelId === video.channelId ? parts : []),
        parts.filter(
          (part) =>
            caller.access.channelId === video.channelId ||
            !['fileDetails', 'processingDetails', 'suggestions'].includes(part),
        ),
      ),
    ),
  );
}

const canSee = (project: Project, access: Access, video: StoredVideo): boolean =>
  access.channelId === video.channelId || statusOf(video, project).privacy !== 'private';

/**
 * The video as the API shows it; owner-only fields are added when `ownerParts` is not empty.
 * containsSyntheticMedia is recorded but never read back (reference/youtube.md 4.3).
 */
export function videoResource(
  project: Project,
  video: StoredVideo,
  ownerParts: readonly string[],
): object {
  const status = statusOf(video, project);
  const { uploadStatus, privacy, publishAt } = status;
  const channel = project.store.state.channels.find(({ id }) => id === video.channelId);
  const { title, description, tags, categoryId, defaultLanguage } = video;
  return {
    kind: 'youtube#video',
    etag: 'sandbox',
    id: video.id,
    snippet: {
      publishedAt: new Date(video.uploadedAt).toISOString(),
      channelId: video.channelId,
      channelTitle: channel?.title ?? '',
      title,
      description,
      thumbnails: thumbnailsOf(project, video),
      ...(tags.length > 0 ? { tags } : {}),
      categoryId,
      liveBroadcastContent: 'none',
      ...(defaultLanguage === null ? {} : { defaultLanguage }),
      localized: { title, description },
    },
    status: {
      uploadStatus,
      ...(uploadStatus === 'failed' ? { failureReason: video.failureReason } : {}),
      privacyStatus: privacy,
      ...(publishAt !== null && ownerParts.length > 0 ? { publishAt } : {}),
      license: 'youtube',
      embeddable: true,
      publicStatsViewable: true,
      madeForKids: video.madeForKids ?? false,
      ...(video.madeForKids !== null && ownerParts.length > 0
        ? { selfDeclaredMadeForKids: video.madeForKids }
        : {}),
    },
    statistics: statisticsOf(video, status, project.options.clock.now()),
    processingDetails: {
      processingStatus: uploadStatus === 'uploaded' ? 'processing' : 'succeeded',
    },
    fileDetails: { fileSize: String(video.bytes) },
  };
}

function showWatch(project: Project, id: string): EmulatorAnswer {
  const video = project.store.state.videos.find((known) => known.id === id);
  if (!video) {
    return { status: 404, headers: { 'content-type': 'text/plain' }, body: 'Video unavailable' };
  }
  const channel = project.store.state.channels.find((known) => known.id === video.channelId);
  const { privacy, uploadStatus } = statusOf(video, project);
  return {
    status: 200,
    headers: { 'content-type': 'text/html; charset=utf-8' },
    body: renderWatch({
      title: video.title,
      description: video.description,
      channel: channel?.title ?? '',
      privacy: `${privacy}, ${uploadStatus}`,
      mediaPath: `/sandbox/media/${video.id}`,
      posterPath: video.thumbnail ? `/sandbox/thumbnails/${video.id}` : null,
    }),
  };
}

/** The stored bytes, whole or the asked range (a browser's player seeks with ranges). */
function sendMedia(project: Project, request: EmulatorRequest): EmulatorAnswer {
  const video = project.store.state.videos.find(({ id }) => id === request.params['id']);
  if (!video) return { status: 404, body: 'not found' };
  const bytes = readFileSync(video.file);
  const type = { 'content-type': 'video/mp4', 'accept-ranges': 'bytes' };
  const range = /^bytes=(?<first>\d+)-(?<last>\d*)$/u.exec(request.header('range') ?? '')?.groups;
  if (!range) return { status: 200, headers: type, body: bytes };
  const first = Number(range['first']);
  const last = Math.min(range['last'] ? Number(range['last']) : bytes.length, bytes.length - 1);
  if (first > last) {
    return { status: 416, headers: { 'content-range': `bytes */${bytes.length}` }, body: '' };
  }
  return {
    status: 206,
    headers: { ...type, 'content-range': `bytes ${first}-${last}/${bytes.length}` },
    body: bytes.subarray(first, last + 1),
  };
}
