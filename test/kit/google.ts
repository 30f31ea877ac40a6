import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { auth, youtube, type youtube_v3 } from '@googleapis/youtube';
import { z } from 'zod';

import { createManualClock } from '../../sandbox/clock.ts';
import { consent } from '../../sandbox/google/consent.ts';
import {
  startGoogle,
  type GoogleEmulator,
  type GoogleOptions,
} from '../../sandbox/google/google.ts';

const prefix = 'https://www.googleapis.com/auth/';
const redirectUri = 'http://localhost:8787/callbacks/google';
const verifier = 'v'.repeat(64);

/** Names of scopes, as a person is asked for them. */
const allScopes = ['youtube.upload', 'youtube.readonly', 'youtube.force-ssl'] as const;

export type LocalGoogle = {
  readonly clock: ReturnType<typeof createManualClock>;
  readonly google: GoogleEmulator;
  readonly folder: string;
  close(): Promise<void>;
};

/** The local YouTube on a clock that stands still, in a folder of its own. */
export async function openLocalGoogle(more: Partial<GoogleOptions> = {}): Promise<LocalGoogle> {
  const clock = createManualClock(new Date('2026-11-22T20:00:00Z'));
  const folder = mkdtempSync(join(tmpdir(), 'local-google-'));
  const google = await startGoogle({
    clock,
    clientId: 'client',
    clientSecret: 'secret',
    uploadFolder: folder,
    processingMs: 5000,
    ...more,
  });
  return {
    clock,
    google,
    folder,
    async close() {
      await google.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A person allows these scopes; the answer is an access token. */
export async function signIn(
  { google }: Pick<LocalGoogle, 'google'>,
  scopes: readonly string[] = allScopes,
  channel = 'Jilo Demo Channel',
): Promise<string> {
  const query = new URLSearchParams({
    client_id: 'client',
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: scopes.map((name) => prefix + name).join(' '),
    state: 'state',
    access_type: 'offline',
    prompt: 'consent',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  const back = await consent(`${google.url}/o/oauth2/v2/auth?${query.toString()}`, { channel });
  const answer = await fetch(`${google.url}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      client_id: 'client',
      client_secret: 'secret',
      grant_type: 'authorization_code',
      code: new URL(back).searchParams.get('code') ?? '',
      redirect_uri: redirectUri,
      code_verifier: verifier,
    }),
  });
  return z.looseObject({ access_token: z.string() }).parse(await answer.json()).access_token;
}

/** Google's own client, and the place that has to go with each of its calls. */
export function clientOf({ google }: Pick<LocalGoogle, 'google'>, token: string) {
  const credentials = new auth.OAuth2();
  credentials.setCredentials({ access_token: token });
  const api: youtube_v3.Youtube = youtube({ version: 'v3', auth: credentials });
  return { api, place: { rootUrl: `${google.url}/`, retry: false } };
}

const problemSchema = z.object({
  status: z.number(),
  response: z.object({
    data: z.object({
      error: z.object({ errors: z.array(z.object({ reason: z.string() })).min(1) }),
    }),
  }),
});

/** How Google's client fails, as `status reason`; the name of the result where it does not. */
export async function outcome(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    const problem = problemSchema.safeParse(error);
    if (!problem.success) throw error;
    const { status, response } = problem.data;
    return `${status} ${response.data.error.errors[0]?.reason ?? ''}`;
  }
  return 'fine';
}

/** Random bytes that begin like an MP4 file. */
export function mp4(size: number): Buffer {
  const bytes = randomBytes(size);
  bytes.write('ftypisom', 4, 'latin1');
  return bytes;
}

/** Opens a resumable session and answers its address. */
export async function openSession(
  { google }: Pick<LocalGoogle, 'google'>,
  token: string,
  { status = {}, bytes }: { readonly status?: object; readonly bytes?: number } = {},
): Promise<string> {
  const answer = await fetch(
    `${google.url}/upload/youtube/v3/videos?uploadType=resumable&part=snippet,status`,
    {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json; charset=UTF-8',
        ...(bytes === undefined ? {} : { 'x-upload-content-length': String(bytes) }),
      },
      body: JSON.stringify({
        snippet: { title: 'A title', description: 'Words', tags: ['a', 'b'], categoryId: '28' },
        status: { privacyStatus: 'private', ...status },
      }),
    },
  );
  const location = answer.headers.get('location');
  if (location === null) throw new Error(`no session: ${answer.status} ${await answer.text()}`);
  return location;
}

/** Uploads a small film and answers the id of its video. */
export async function uploadFilm(
  local: Pick<LocalGoogle, 'google'>,
  token: string,
  status: object = {},
): Promise<string> {
  const session = await openSession(local, token, { status });
  const answer = await fetch(session, {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}` },
    body: new Uint8Array(mp4(1000)),
  });
  return z.looseObject({ id: z.string() }).parse(await answer.json()).id;
}
