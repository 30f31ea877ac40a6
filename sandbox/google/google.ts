import { serveRoutes, type Emulator, type Route } from '../http.ts';
import { captionRoutes, captionsOf, type SandboxCaption } from './captions.ts';
import { createTroublemaker, type GoogleMisbehaviour } from './misbehaviour.ts';
import { oauthRoutes } from './oauth.ts';
import { createSigner, openidRoutes } from './openid.ts';
import { nextPerson, type NewPerson, type SandboxPerson } from './people.ts';
import { playlistItemRoutes } from './playlist-items.ts';
import { playlistRoutes } from './playlists.ts';
import type { GoogleOptions, Project } from './project.ts';
import {
  openState,
  type SandboxChannel,
  type StoredPlaylist,
  type StoredVideo,
  type UploadSession,
} from './state.ts';
import { statisticsOf } from './statistics.ts';
import { historyOf, statusOf, type VideoStatus } from './status.ts';
import { thumbnailRoutes } from './thumbnails.ts';
import { updateRoutes } from './update.ts';
import { uploadRoutes } from './upload.ts';
import { videoRoutes } from './videos.ts';
import { watchRoutes } from './watch.ts';

export type { GoogleOptions } from './project.ts';
export type { GoogleMisbehaviour } from './misbehaviour.ts';

/** An uploaded video with what the clock has made of it. */
export type SandboxVideo = StoredVideo &
  Pick<VideoStatus, 'uploadStatus'> & { readonly statistics: object };

export type SandboxPlaylist = StoredPlaylist & { readonly videoIds: readonly string[] };

/** A resumable session; a finished one names its video. */
export type SandboxSession = Pick<
  UploadSession,
  'channelId' | 'totalBytes' | 'videoId' | 'received'
>;

export type GoogleCall = { readonly method: string; readonly path: string };

export type GoogleEmulator = Emulator & {
  /** Every finished upload, oldest first. */
  readonly videos: readonly SandboxVideo[];
  readonly channels: readonly SandboxChannel[];
  /** Who has a Google account. */
  readonly people: readonly SandboxPerson[];
  /** Opens a Google account; its address may be one that nobody has confirmed. */
  addPerson(person: NewPerson): SandboxPerson;
  /** Oldest first. */
  readonly playlists: readonly SandboxPlaylist[];
  /** The caption tracks of a video. */
  captions(videoId: string): readonly SandboxCaption[];
  /** Every resumable session that has not been cancelled or lost, oldest first, with the bytes that came for it. */
  readonly sessions: readonly SandboxSession[];
  /** How many refresh tokens are alive. */
  readonly grants: number;
  /** How many resumable sessions were opened, ever. */
  readonly sessionsStarted: number;
  /** The last thousand calls, oldest first. */
  readonly calls: readonly GoogleCall[];
  /** Makes the next calls at one place fail. */
  misbehave(misbehaviour: GoogleMisbehaviour): void;
  /** Nothing goes wrong any more. */
  behave(): void;
  /** What a person does at myaccount.google.com: every refresh and access token dies. */
  removeAccess(): void;
  /** Whether the phone number of a channel is confirmed, without which it has no own thumbnails. */
  verify(channelId: string, isVerified: boolean): void;
  /** Whether the owner of a video shows its counts. */
  hideCounts(videoId: string, areHidden: boolean): void;
  /** What an owner does in Studio: nobody finds the video any more. */
  deleteVideo(videoId: string): void;
  /** Lets every access token run out; refresh tokens stay. */
  expireAccess(): void;
};

/**
 * Plays accounts.google.com, oauth2.googleapis.com, openidconnect.googleapis.com and
 * youtube.googleapis.com on one loopback address: consent, sign-in, tokens, channels, uploads, updates, thumbnails, playlists, captions and a watch page.
 */
export async function startGoogle(options: GoogleOptions): Promise<GoogleEmulator> {
  const store = openState(options.stateFile);
  const project: Project = { options, store };
  const trouble = createTroublemaker();
  const signer = createSigner();
  const calls: GoogleCall[] = [];
  const routes = [
    ...oauthRoutes(project, trouble, signer),
    ...openidRoutes(project, trouble, signer),
    ...videoRoutes(project, trouble),
    ...updateRoutes(project, trouble),
    ...uploadRoutes(project, trouble),
    ...thumbnailRoutes(project, trouble),
    ...playlistRoutes(project, trouble),
    ...playlistItemRoutes(project, trouble),
    ...captionRoutes(project, trouble),
    ...watchRoutes(project),
  ].map((route) => recorded(route, calls));
  const missing = {
    status: 404,
    body: { error: { code: 404, message: 'Not Found', status: 'NOT_FOUND', errors: [] } },
  };
  const emulator = await serveAgain(project, (port) => serveRoutes(routes, missing, port));
  store.state.port = Number(new URL(emulator.url).port);
  store.save();
  return {
    ...emulator,
    get videos() {
      const now = options.clock.now();
      return store.state.videos.map((video) => ({
        ...video,
        ...statusOf(video, project),
        history: [...historyOf(video, now)],
        statistics: statisticsOf(video, now),
      }));
    },
    get playlists() {
      return store.state.playlists.map((playlist) => ({
        ...playlist,
        videoIds: playlist.items.map(({ videoId }) => videoId),
      }));
    },
    captions: (videoId) => captionsOf(project, videoId),
    get sessions() {
      return store.state.sessions.map(({ channelId, totalBytes, videoId, received }) => ({
        channelId,
        totalBytes,
        videoId,
        received,
      }));
    },
    get grants() {
      return store.state.grants.length;
    },
    get channels() {
      return store.state.channels;
    },
    get people() {
      return store.state.people;
    },
    get sessionsStarted() {
      return store.state.sessionsStarted;
    },
    calls,
    misbehave: (misbehaviour) => trouble.add(misbehaviour),
    behave: () => trouble.clear(),
    ...actionsOf(project),
  };
}

/** What happens to accounts, channels and videos outside the API. */
function actionsOf({
  store,
}: Project): Pick<
  GoogleEmulator,
  'addPerson' | 'removeAccess' | 'verify' | 'hideCounts' | 'deleteVideo' | 'expireAccess'
> {
  const { state } = store;
  return {
    addPerson(added) {
      const person = nextPerson(state.people, added);
      state.people.push(person);
      store.save();
      return person;
    },
    removeAccess() {
      state.grants = [];
      state.access = [];
      store.save();
    },
    verify(channelId, isVerified) {
      const others = state.unverified.filter((id) => id !== channelId);
      state.unverified = isVerified ? others : [...others, channelId];
      store.save();
    },
    hideCounts(videoId, areHidden) {
      state.videos = state.videos.map((video) =>
        video.id === videoId ? { ...video, countsHidden: areHidden } : video,
      );
      store.save();
    },
    deleteVideo(videoId) {
      state.videos = state.videos.filter(({ id }) => id !== videoId);
      state.captions = state.captions.filter((caption) => caption.videoId !== videoId);
      store.save();
    },
    expireAccess() {
      state.access = [];
      store.save();
    },
  };
}

/** Listens where the last run did unless told otherwise; takes a free port when that one is taken. */
async function serveAgain(
  { options, store }: Project,
  serve: (port: number | undefined) => Promise<Emulator>,
): Promise<Emulator> {
  const last = store.state.port;
  if (options.port !== undefined || last === null) return serve(options.port);
  try {
    return await serve(last);
  } catch {
    return serve(0);
  }
}

const recorded = (route: Route, calls: GoogleCall[]): Route => ({
  ...route,
  handle: (request) => {
    if (calls.length >= 1000) calls.shift();
    calls.push({ method: request.method, path: request.url.pathname });
    return route.handle(request);
  },
});
