import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import nock from 'nock';
import { afterAll, beforeAll } from 'vitest';

import { Fault } from '../../core/fault.ts';
import {
  scopesOf,
  type ChannelAccess,
  type HostTokens,
  type UploadMetadata,
  type VideoHost,
} from '../../core/ports/video-host.ts';
import { createYouTube, type YouTubeSettings } from '../../core/providers/youtube.ts';
import { createManualClock } from '../../sandbox/clock.ts';
import { consent, type ConsentChoice } from '../../sandbox/google/consent.ts';
import {
  startGoogle,
  type GoogleEmulator,
  type GoogleOptions,
} from '../../sandbox/google/google.ts';
import { serveRoutes, type Route } from '../../sandbox/http.ts';

export const redirectUri = 'http://127.0.0.1:8787/callbacks/google';
export const codeVerifier = 'v'.repeat(43);

/** The size that chunks are multiples of. */
export const unit = 262_144;
/** A film of two units and a rest. */
export const film = randomBytes(2 * unit + 777);
film.write('ftypisom', 4, 'latin1');

export const metadata: UploadMetadata = {
  title: '一分钟做拿铁',
  description: '慢镜头里的咖啡',
  tags: ['coffee', 'latte art'],
  categoryId: '28',
  madeForKids: false,
  notifySubscribers: false,
};

/** For the whole test file: a call that would leave this computer fails. */
export function stayOnLoopback(): void {
  beforeAll(() => {
    nock.disableNetConnect();
    nock.enableNetConnect('127.0.0.1');
  });
  afterAll(() => {
    nock.enableNetConnect();
    nock.restore();
  });
}

/** The Fault that a call ends in; anything else that is thrown passes on. */
export async function caught(call: Promise<unknown>): Promise<Fault> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

export type YouTubeSandbox = {
  readonly clock: ReturnType<typeof createManualClock>;
  readonly google: GoogleEmulator;
  readonly settings: YouTubeSettings;
  readonly host: VideoHost;
  close(): Promise<void>;
};

/** The emulator of YouTube, and our provider that speaks to it, on a clock that stands still. */
export async function openYouTube(more: Partial<GoogleOptions> = {}): Promise<YouTubeSandbox> {
  const clock = createManualClock(new Date('2026-11-22T20:00:00Z'));
  const folder = mkdtempSync(join(tmpdir(), 'youtube-'));
  const google = await startGoogle({
    clock,
    clientId: 'client',
    clientSecret: 'secret',
    uploadFolder: folder,
    processingMs: 5000,
    ...more,
  });
  const settings: YouTubeSettings = {
    clientId: 'client',
    clientSecret: 'secret',
    oauthUrl: google.url,
    apiUrl: google.url,
  };
  const host = createYouTube(settings, () => clock.now());
  return {
    clock,
    google,
    settings,
    host,
    async close() {
      await google.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A person allows this access on the consent page. */
export async function connect(
  { host }: Pick<YouTubeSandbox, 'host'>,
  access: ChannelAccess = 'manage',
  choice: ConsentChoice = {},
): Promise<HostTokens> {
  const scopes = scopesOf(access);
  const url = host.authorizationUrl({ state: 's', codeVerifier, redirectUri, scopes });
  const code = new URL(await consent(url, choice)).searchParams.get('code') ?? '';
  return host.exchangeCode({ code, codeVerifier, redirectUri });
}

/** Uploads the film in one chunk and answers the id of the video. */
export async function upload(
  { host }: Pick<YouTubeSandbox, 'host'>,
  token: string,
  more: Partial<UploadMetadata> = {},
): Promise<string> {
  const session = await host.startUpload(token, { ...metadata, ...more }, film.length);
  const state = await host.sendChunk(token, session, film, 0, film.length);
  if (state.kind !== 'done') throw new Error('the upload is not finished');
  return state.videoId;
}

/** Our provider against answers that the emulator does not give; a route answers every path of its method. */
export async function against<T>(
  { settings, clock }: Pick<YouTubeSandbox, 'settings' | 'clock'>,
  routes: readonly Pick<Route, 'method' | 'handle'>[],
  ask: (host: VideoHost) => Promise<T>,
): Promise<T> {
  const odd = await serveRoutes(
    routes.map((route) => ({ ...route, path: /\/.*/u })),
    { status: 404 },
  );
  try {
    return await ask(createYouTube({ ...settings, apiUrl: odd.url }, () => clock.now()));
  } finally {
    await odd.close();
  }
}

export const answer = (status: number, body: object) => () => ({ status, body });

/** An answer in the shape of the YouTube Data API's errors. */
export const problem = (status: number, reason: string) =>
  answer(status, { error: { errors: [{ reason }] } });

/** What a call that is refused for this reason throws. */
export const refused = (reason: string) => ({ code: 'publication_refused', params: { reason } });
