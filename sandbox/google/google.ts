import { serveRoutes, type Emulator, type Route } from '../http.ts';
import { createTroublemaker, type GoogleMisbehaviour } from './misbehaviour.ts';
import { oauthRoutes } from './oauth.ts';
import type { GoogleOptions, Project } from './project.ts';
import { openState, type SandboxChannel, type StoredVideo } from './state.ts';
import { statisticsOf } from './statistics.ts';
import { thumbnailRoutes } from './thumbnails.ts';
import { uploadRoutes } from './upload.ts';
import { statusOf, videoRoutes, type VideoStatus } from './videos.ts';

export type { GoogleOptions } from './project.ts';
export type { GoogleMisbehaviour } from './misbehaviour.ts';

/** An uploaded video with what the clock has made of it. */
export type SandboxVideo = StoredVideo &
  Pick<VideoStatus, 'uploadStatus'> & { readonly statistics: object };

export type GoogleCall = { readonly method: string; readonly path: string };

export type GoogleEmulator = Emulator & {
  /** Every finished upload, oldest first. */
  readonly videos: readonly SandboxVideo[];
  readonly channels: readonly SandboxChannel[];
  /** How many resumable sessions were opened, ever. */
  readonly sessionsStarted: number;
  /** The last thousand calls, oldest first. */
  readonly calls: readonly GoogleCall[];
  /** Makes the next calls at one place fail. */
  misbehave(misbehaviour: GoogleMisbehaviour): void;
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
 * Plays accounts.google.com, oauth2.googleapis.com and youtube.googleapis.com on one loopback
 * address: consent, tokens, channels.list, videos.list, resumable videos.insert, thumbnails.set and a watch page.
 */
export async function startGoogle(options: GoogleOptions): Promise<GoogleEmulator> {
  const store = openState(options.stateFile);
  const project: Project = { options, store };
  const trouble = createTroublemaker();
  const calls: GoogleCall[] = [];
  const routes = [
    ...oauthRoutes(project, trouble),
    ...videoRoutes(project, trouble),
    ...uploadRoutes(project, trouble),
    ...thumbnailRoutes(project, trouble),
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
      return store.state.videos.map((video) => {
        const status = statusOf(video, project);
        const statistics = statisticsOf(video, status, options.clock.now());
        return { ...video, ...status, statistics };
      });
    },
    get channels() {
      return store.state.channels;
    },
    get sessionsStarted() {
      return store.state.sessionsStarted;
    },
    calls,
    misbehave: (misbehaviour) => trouble.add(misbehaviour),
    removeAccess() {
      store.state.grants = [];
      store.state.access = [];
      store.save();
    },
    verify(channelId, isVerified) {
      const { unverified } = store.state;
      const others = unverified.filter((id) => id !== channelId);
      store.state.unverified = isVerified ? others : [...others, channelId];
      store.save();
    },
    hideCounts(videoId, areHidden) {
      const { state } = store;
      state.videos = state.videos.map((video) =>
        video.id === videoId ? { ...video, countsHidden: areHidden } : video,
      );
      store.save();
    },
    deleteVideo(videoId) {
      store.state.videos = store.state.videos.filter(({ id }) => id !== videoId);
      store.save();
    },
    expireAccess() {
      store.state.access = [];
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
