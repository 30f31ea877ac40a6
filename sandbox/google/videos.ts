import type { EmulatorAnswer, EmulatorRequest, Route } from '../http.ts';
import { apiError } from './answers.ts';
import type { Troublemaker } from './misbehaviour.ts';
import { listOf, missingFilter, missingParameter, partsOf, pick } from './parts.ts';
import { authorize, readScopes, spendUnits, type Project } from './project.ts';
import type { Access, SandboxChannel, StoredVideo } from './state.ts';
import { statisticsOf } from './statistics.ts';
import { firstPublicAt, statusOf } from './status.ts';
import { thumbnailsOf } from './thumbnails.ts';

/** channels.list and videos.list. */
export function videoRoutes(project: Project, trouble: Troublemaker): Route[] {
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
  ];
}

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
  const parts = partsOf(request.url.searchParams);
  if (parts.length === 0) return missingParameter('part');
  const isMine = request.url.searchParams.get('mine') === 'true';
  const ids = listOf(request.url.searchParams, 'id');
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

function listVideos(project: Project, request: EmulatorRequest): EmulatorAnswer {
  const caller = authorize(project, request, readScopes);
  if ('refusal' in caller) return caller.refusal;
  const parts = partsOf(request.url.searchParams);
  if (parts.length === 0) return missingParameter('part');
  const ids = listOf(request.url.searchParams, 'id');
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

/** Whether a caller knows of a video at all. */
export const canSee = (project: Project, access: Access, video: StoredVideo): boolean =>
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
  const { uploadStatus, privacy, publishAt } = statusOf(video, project);
  const now = project.options.clock.now();
  const channel = project.store.state.channels.find(({ id }) => id === video.channelId);
  const { title, description, tags, categoryId, defaultLanguage } = video;
  return {
    kind: 'youtube#video',
    etag: 'sandbox',
    id: video.id,
    snippet: {
      // When it went public; until then, and for an unlisted one, when it was uploaded.
      publishedAt: new Date(firstPublicAt(video, now) ?? video.uploadedAt).toISOString(),
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
      license: video.license,
      embeddable: video.embeddable,
      publicStatsViewable: video.publicStatsViewable,
      madeForKids: video.madeForKids ?? false,
      ...(video.madeForKids !== null && ownerParts.length > 0
        ? { selfDeclaredMadeForKids: video.madeForKids }
        : {}),
    },
    statistics: statisticsOf(video, now),
    processingDetails: {
      processingStatus: uploadStatus === 'uploaded' ? 'processing' : 'succeeded',
    },
    fileDetails: { fileSize: String(video.bytes) },
  };
}
