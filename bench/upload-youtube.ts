import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { fromGoogle, type GoogleReport, type ToGoogle } from './upload-messages.ts';

/** YouTube as it is played in a process of its own. */
export type YouTubeProcess = {
  /** The settings that lead Google's clients there. */
  readonly settings: Readonly<Record<string, string>>;
  tell(message: ToGoogle): void;
  report(): Promise<GoogleReport>;
  close(): Promise<void>;
};

const clientId = 'bench.apps.googleusercontent.com';
const clientSecret = 'bench-google-secret';

/** Starts it; what is uploaded is kept in the folder. */
export async function startYouTube(folder: string): Promise<YouTubeProcess> {
  const script = join(import.meta.dirname, 'upload-google.ts');
  const child = fork(script, [clientId, clientSecret, folder]);
  const died = once(child, 'exit').then(([code]) => {
    throw new Error(`YouTube ended with ${code}`);
  });
  died.catch(() => undefined);
  const next = async () => {
    const said = await Promise.race([once(child, 'message'), died]);
    return fromGoogle.parse(said[0]);
  };
  const ready = await next();
  if (ready.kind !== 'ready') throw new Error('YouTube did not start');
  return {
    settings: {
      GOOGLE_CLIENT_ID: clientId,
      GOOGLE_CLIENT_SECRET: clientSecret,
      GOOGLE_OAUTH_URL: ready.url,
      YOUTUBE_API_URL: ready.url,
    },
    tell: (message) => void child.send(message),
    async report() {
      child.send({ kind: 'report' } satisfies ToGoogle);
      const answer = await next();
      if (answer.kind !== 'report') throw new Error('YouTube did not report');
      return answer;
    },
    async close() {
      child.disconnect();
      child.kill();
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
  };
}
