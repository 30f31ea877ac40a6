import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { EmulatorAnswer, EmulatorRequest, Route } from '../http.ts';
import { apiError, signupRequired } from './answers.ts';
import type { Troublemaker } from './misbehaviour.ts';
import { pagedAnswer, pageOf } from './pages.ts';
import { missingFilter, missingParameter, partsOf, pick, readResource } from './parts.ts';
import { admit, manageScopes, readScopes, type Project } from './project.ts';
import type { Access, PlaylistItem } from './state.ts';
import { firstPublicAt, statusOf } from './status.ts';
import { thumbnailsOf } from './thumbnails.ts';
import { canSee } from './videos.ts';

const path = /\/youtube\/v3\/playlistItems/u;
/** YouTube's limit of one playlist. */
const mostItems = 5000;

const isUploads = (playlistId: string): boolean => playlistId.startsWith('UU');

/** playlistItems.list, also of the uploads of a channel, and playlistItems.insert. */
export const playlistItemRoutes = (project: Project, trouble: Troublemaker): Route[] => [
  {
    method: 'GET',
    path,
    handle: trouble.wrap(
      ({ url }) =>
        isUploads(url.searchParams.get('playlistId') ?? '') ? 'uploads' : 'playlist_items',
      (request) => listItems(project, request),
    ),
  },
  {
    method: 'POST',
    path,
    handle: trouble.wrap('playlist_items', (request) => insertItem(project, request)),
  },
];

const refuse = (status: number, reason: string, message: string): EmulatorAnswer =>
  apiError({ status, reason, message, domain: 'youtube.playlistItem' });

const noPlaylist = (): EmulatorAnswer =>
  refuse(404, 'playlistNotFound', 'The playlist identified with the request cannot be found.');

const notYours = (): EmulatorAnswer =>
  refuse(403, 'playlistItemsNotAccessible', 'The request is not properly authorized.');

/** What is in a playlist, whoever made it. */
type Content = {
  readonly id: string;
  readonly channelId: string;
  readonly items: readonly PlaylistItem[];
};

function findContent(project: Project, access: Access, id: string): Content | EmulatorAnswer {
  if (isUploads(id)) return uploadsOf(project, access, id) ?? noPlaylist();
  const playlist = project.store.state.playlists.find((known) => known.id === id);
  if (!playlist) return noPlaylist();
  const isHidden = playlist.privacy === 'private' && playlist.channelId !== access.channelId;
  return isHidden ? notYours() : playlist;
}

/** The list that YouTube keeps of a channel's uploads: newest first, all of them for their owner. */
function uploadsOf(project: Project, access: Access, id: string): Content | null {
  const { state } = project.store;
  const channel = state.channels.find((known) => known.id === id.replace(/^UU/u, 'UC'));
  if (!channel) return null;
  const isOwn = channel.id === access.channelId;
  const videos = state.videos.filter(
    (video) =>
      video.channelId === channel.id && (isOwn || statusOf(video, project).privacy === 'public'),
  );
  const items = videos
    .map((video) => ({ id: `UU${video.id}`, videoId: video.id, addedAt: video.uploadedAt }))
    .toReversed();
  return { id, channelId: channel.id, items };
}

function listItems(project: Project, request: EmulatorRequest): EmulatorAnswer {
  const caller = admit(project, request, { scopes: readScopes, units: 1 });
  if ('refusal' in caller) return caller.refusal;
  const query = request.url.searchParams;
  const parts = partsOf(query);
  if (parts.length === 0) return missingParameter('part');
  const playlistId = query.get('playlistId') ?? '';
  if (playlistId === '') return missingFilter('id, playlistId');
  const asked = pageOf(query);
  if ('refusal' in asked) return asked.refusal;
  const content = findContent(project, caller.access, playlistId);
  if ('status' in content) return content;
  const videoId = query.get('videoId');
  const found = content.items
    .map((item, position) => ({ item, position }))
    .filter(({ item }) => videoId === null || item.videoId === videoId);
  return pagedAnswer('youtube#playlistItemListResponse', found, asked.page, (entry) =>
    pick(itemResource(project, caller.access, { content, ...entry }), parts),
  );
}

const bodySchema = z.looseObject({
  snippet: z
    .looseObject({
      playlistId: z.string().optional(),
      position: z.number().int().optional(),
      resourceId: z
        .looseObject({ kind: z.string().optional(), videoId: z.string().optional() })
        .optional(),
    })
    .optional(),
});
type Snippet = NonNullable<z.infer<typeof bodySchema>['snippet']>;

function snippetProblem({ playlistId = '', resourceId }: Snippet): EmulatorAnswer | null {
  if (playlistId === '') {
    const message = 'The subscribe request does not specify a value for the playlistId property.';
    return refuse(400, 'playlistIdRequired', message);
  }
  if (!resourceId?.videoId) {
    return refuse(400, 'resourceIdRequired', 'The request must contain a resource.');
  }
  return resourceId.kind === 'youtube#video'
    ? null
    : refuse(400, 'invalidResourceType', 'The type of the resource is not supported.');
}

/** Puts a video into a playlist; the same one twice is two items. */
function insertItem(project: Project, request: EmulatorRequest): EmulatorAnswer {
  const caller = admit(project, request, { scopes: manageScopes, units: 50 });
  if ('refusal' in caller) return caller.refusal;
  const { access } = caller;
  if (access.channelId === null) return signupRequired();
  const read = readResource(request.body, request.url.searchParams, bodySchema);
  if ('refusal' in read) return read.refusal;
  const snippet = read.resource.snippet ?? {};
  const problem = snippetProblem(snippet);
  if (problem) return problem;
  const { store, options } = project;
  const playlist = store.state.playlists.find(({ id }) => id === snippet.playlistId);
  if (!playlist) return isUploads(snippet.playlistId ?? '') ? notYours() : noPlaylist();
  if (playlist.channelId !== access.channelId) return notYours();
  const video = store.state.videos.find(({ id }) => id === snippet.resourceId?.videoId);
  if (!video || !canSee(project, access, video)) {
    return refuse(404, 'videoNotFound', 'Video not found.');
  }
  if (playlist.items.length >= mostItems) {
    const message = 'The playlist already contains the maximum allowed number of items.';
    return refuse(403, 'playlistContainsMaximumNumberOfVideos', message);
  }
  const position = snippet.position ?? playlist.items.length;
  if (position < 0 || position > playlist.items.length) {
    return refuse(400, 'invalidPlaylistItemPosition', 'The position is not supported.');
  }
  const id = `UEw${randomBytes(24).toString('base64url')}`;
  const item = { id, videoId: video.id, addedAt: options.clock.now().getTime() };
  playlist.items.splice(position, 0, item);
  store.save();
  const resource = itemResource(project, access, { content: playlist, item, position });
  return { status: 200, body: pick(resource, read.parts) };
}

type Entry = {
  readonly content: Content;
  readonly item: PlaylistItem;
  readonly position: number;
};

function itemResource(
  project: Project,
  access: Access,
  { content, item, position }: Entry,
): object {
  const { channels, videos } = project.store.state;
  const titleOf = (channelId: string): string =>
    channels.find(({ id }) => id === channelId)?.title ?? '';
  const video = videos.find(({ id }) => id === item.videoId);
  const shown = video && canSee(project, access, video) ? video : null;
  const publicAt = shown && firstPublicAt(shown, project.options.clock.now());
  const { id, videoId, addedAt } = item;
  return {
    kind: 'youtube#playlistItem',
    etag: 'sandbox',
    id,
    snippet: {
      publishedAt: new Date(addedAt).toISOString(),
      channelId: content.channelId,
      title: shown?.title ?? (video ? 'Private video' : 'Deleted video'),
      description: shown?.description ?? '',
      thumbnails: shown ? thumbnailsOf(project, shown) : {},
      channelTitle: titleOf(content.channelId),
      playlistId: content.id,
      position,
      resourceId: { kind: 'youtube#video', videoId },
      ...(shown
        ? {
            videoOwnerChannelTitle: titleOf(shown.channelId),
            videoOwnerChannelId: shown.channelId,
          }
        : {}),
    },
    contentDetails: {
      videoId,
      ...(shown ? { videoPublishedAt: new Date(publicAt ?? shown.uploadedAt).toISOString() } : {}),
    },
    status: {
      privacyStatus: shown ? statusOf(shown, project).privacy : 'privacyStatusUnspecified',
    },
  };
}
