import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createGoogleOAuth } from '../core/providers/google-oauth.ts';
import { callYouTube } from '../core/providers/youtube-api.ts';
import { requirePort } from '../core/context.ts';
import { uploadPublication } from '../core/publication/upload.ts';
import { openJilo, type BenchJilo } from './upload-jilo.ts';
import { startYouTube, type YouTubeProcess } from './upload-youtube.ts';

/** How long each way took in every round, in milliseconds. */
export type SpeedRound = {
  readonly ours: number;
  /** The whole file in one PUT to a session, streamed from the disk. */
  readonly plain: number;
  /** videos.insert of Google's own client, in one multipart request. */
  readonly multipart: number;
};

const metadata = {
  title: 'Bench',
  description: '',
  tags: [],
  categoryId: '28',
  madeForKids: false,
  notifySubscribers: false,
};

/** Uploads a file of so many MiB each way, in turns; the same bytes are stored and hashed at the other end. */
export async function compareSpeed(mebibytes: number, rounds: number): Promise<SpeedRound[]> {
  const folder = await mkdtemp(join(tmpdir(), 'jilo-upload-'));
  await using opened = new AsyncDisposableStack();
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  const youtube = await startYouTube(join(folder, 'youtube'));
  opened.defer(() => youtube.close());
  const jilo = await openJilo(join(folder, 'jilo'), youtube.settings, mebibytes);
  opened.defer(() => jilo.app.close());
  const ways = waysOf(jilo);
  const took: SpeedRound[] = [];
  // The first round is for the modules of all and the pages of the file.
  for (let round = 0; round <= rounds; round += 1) {
    const times = { ours: 0, plain: 0, multipart: 0 };
    for (const turn of [0, 1, 2]) {
      const way = names[(round + turn) % names.length] ?? 'ours';
      times[way] = await ways[way]();
      await checkArrival(youtube, jilo);
    }
    if (round > 0) took.push(times);
  }
  return took;
}

const names = ['ours', 'plain', 'multipart'] as const;

function waysOf(jilo: BenchJilo): Record<(typeof names)[number], () => Promise<number>> {
  const { app, tokens, file } = jilo;
  const host = requirePort(app.ports, 'videoHost');
  const { GOOGLE_CLIENT_ID: clientId = '', GOOGLE_CLIENT_SECRET: clientSecret = '' } = app.config;
  const now = () => app.clock.now();
  const oauthUrl = app.config.GOOGLE_OAUTH_URL ?? null;
  const { clientFor } = createGoogleOAuth({ clientId, clientSecret, oauthUrl }, now);
  const access = { clientFor, apiUrl: app.config.YOUTUBE_API_URL, now };
  return {
    async ours() {
      const publicationId = await jilo.publish('Bench');
      const { signal } = new AbortController();
      return timeOf(() => uploadPublication.run({ publicationId }, { ...app, signal }));
    },
    plain: () =>
      timeOf(async () => {
        const session = await host.startUpload(tokens.accessToken, metadata, file.bytes);
        await putWhole(session, tokens.accessToken, file);
      }),
    multipart: () =>
      timeOf(() =>
        callYouTube(access, tokens.accessToken, ({ api, place }) => {
          const media = { mimeType: 'video/mp4', body: createReadStream(file.path) };
          const { title, description, categoryId } = metadata;
          const snippet = { title, description, categoryId };
          const requestBody = { snippet, status: { privacyStatus: 'private' } };
          return api.videos.insert({ part: ['snippet', 'status'], requestBody, media }, place);
        }),
      ),
  };
}

function putWhole(session: string, accessToken: string, file: BenchJilo['file']): Promise<void> {
  return new Promise((resolve, reject) => {
    const put = request(session, {
      method: 'PUT',
      headers: {
        authorization: `Bearer ${accessToken}`,
        'content-type': 'video/mp4',
        'content-length': file.bytes,
      },
    });
    put.once('error', reject);
    put.once('response', (answer) => {
      answer.resume();
      if (answer.statusCode === 200) answer.once('end', resolve);
      else reject(new Error(`YouTube answered ${answer.statusCode}`));
    });
    createReadStream(file.path).once('error', reject).pipe(put);
  });
}

/** The newest video is whole; its file makes room for the next. */
async function checkArrival(youtube: YouTubeProcess, { file }: BenchJilo): Promise<void> {
  const video = (await youtube.report()).videos.at(-1);
  if (video?.sha256 !== file.sha256) throw new Error('another file arrived');
  await rm(video.file);
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
