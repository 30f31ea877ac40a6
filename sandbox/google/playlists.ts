import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { EmulatorAnswer, EmulatorRequest, Route } from '../http.ts';
import { apiError, signupRequired } from './answers.ts';
import type { Troublemaker } from './misbehaviour.ts';
import { pagedAnswer, pageOf } from './pages.ts';
import { listOf, missingFilter, missingParameter, partsOf, pick, readResource } from './parts.ts';
import { admit, manageScopes, readScopes, type Project } from './project.ts';
import { privacySchema, type StoredPlaylist } from './state.ts';

const path = /\/youtube\/v3\/playlists/u;
const longestTitle = 150;

/** playlists.list and playlists.insert (reference/youtube.md 4.3). */
export const playlistRoutes = (project: Project, trouble: Troublemaker): Route[] => [
  {
    method: 'GET',
    path,
    handle: trouble.wrap('playlists', (request) => listPlaylists(project, request)),
  },
  {
    method: 'POST',
    path,
    handle: trouble.wrap('playlists', (request) => insertPlaylist(project, request)),
  },
];

const refuse = (status: number, reason: string, message: string): EmulatorAnswer =>
  apiError({ status, reason, message, domain: 'youtube.playlist' });

function listPlaylists(project: Project, request: EmulatorRequest): EmulatorAnswer {
  const caller = admit(project, request, { scopes: readScopes, units: 1 });
  if ('refusal' in caller) return caller.refusal;
  const query = request.url.searchParams;
  const parts = partsOf(query);
  if (parts.length === 0) return missingParameter('part');
  const isMine = query.get('mine') === 'true';
  const ids = listOf(query, 'id');
  if (!isMine && ids.length === 0) return missingFilter('mine, id');
  const asked = pageOf(query);
  if ('refusal' in asked) return asked.refusal;
  const { channelId } = caller.access;
  if (isMine && channelId === null) return refuse(404, 'channelNotFound', 'Channel not found.');
  const found = project.store.state.playlists.filter((playlist) => {
    const isOwn = playlist.channelId === channelId;
    return isMine ? isOwn : ids.includes(playlist.id) && (isOwn || playlist.privacy !== 'private');
  });
  // The newest first, as YouTube lists them.
  return pagedAnswer('youtube#playlistListResponse', found.toReversed(), asked.page, (playlist) =>
    pick(playlistResource(project, playlist), parts),
  );
}

const bodySchema = z.looseObject({
  snippet: z
    .looseObject({ title: z.string().optional(), description: z.string().optional() })
    .optional(),
  status: z.looseObject({ privacyStatus: z.string().optional() }).optional(),
});

function insertPlaylist(project: Project, request: EmulatorRequest): EmulatorAnswer {
  const caller = admit(project, request, { scopes: manageScopes, units: 50 });
  if ('refusal' in caller) return caller.refusal;
  const { channelId } = caller.access;
  if (channelId === null) return signupRequired();
  const read = readResource(request.body, request.url.searchParams, bodySchema);
  if ('refusal' in read) return read.refusal;
  const { snippet = {}, status = {} } = read.resource;
  const { title = '', description = '' } = snippet;
  if (title.trim() === '') {
    return refuse(400, 'playlistTitleRequired', 'The request must specify a playlist title.');
  }
  const isLong = Array.from(title).length > longestTitle || Buffer.byteLength(description) > 5000;
  const privacy = privacySchema.safeParse(status.privacyStatus ?? 'public');
  if (isLong || /[<>]/u.test(title + description) || !privacy.success) {
    const message = 'The request provides an invalid playlist snippet.';
    return refuse(400, 'invalidPlaylistSnippet', message);
  }
  const { store, options } = project;
  const playlist: StoredPlaylist = {
    id: `PL${randomBytes(24).toString('base64url')}`,
    channelId,
    title,
    description,
    privacy: privacy.data,
    createdAt: options.clock.now().getTime(),
    items: [],
  };
  store.state.playlists.push(playlist);
  store.save();
  return { status: 200, body: pick(playlistResource(project, playlist), read.parts) };
}

function playlistResource({ store }: Project, playlist: StoredPlaylist): object {
  const { id, channelId, title, description, privacy, createdAt, items } = playlist;
  return {
    kind: 'youtube#playlist',
    etag: 'sandbox',
    id,
    snippet: {
      publishedAt: new Date(createdAt).toISOString(),
      channelId,
      title,
      description,
      thumbnails: {},
      channelTitle: store.state.channels.find((channel) => channel.id === channelId)?.title ?? '',
      localized: { title, description },
    },
    status: { privacyStatus: privacy },
    contentDetails: { itemCount: items.length },
  };
}
