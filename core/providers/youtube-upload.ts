import { z } from 'zod';
import { Fault } from '../fault.ts';
import type { ChunkSource, UploadMetadata, UploadState } from '../ports/video-host.ts';
import type { YouTubeAccess } from './youtube-api.ts';
import { callGoogle } from './youtube-errors.ts';

/** The largest chunks, on a line of 300 kbit/s. */
const chunkTimeoutMs = 15 * 60_000;
/** The session is gone: unknown, expired or cancelled. */
const goneStatuses = [404, 410, 499];

/**
 * The video resource of an insert: private whatever it becomes later, and declared as synthetic.
 * @internal
 */
export function buildVideoResource(metadata: UploadMetadata): object {
  const { title, description, tags, categoryId, madeForKids } = metadata;
  return {
    snippet: { title, description, tags, categoryId },
    status: {
      privacyStatus: 'private',
      selfDeclaredMadeForKids: madeForKids,
      containsSyntheticMedia: true,
    },
  };
}

/**
 * The hosts a session of this API may live on. A session carries our access token, so an answer
 * that points anywhere else is refused.
 * @internal
 */
export function isOwnSession(sessionUri: string, apiUrl: string): boolean {
  const session = URL.parse(sessionUri);
  if (!session || session.username !== '' || session.password !== '') return false;
  const { origin } = new URL(apiUrl);
  const google = ['https://youtube.googleapis.com', 'https://www.googleapis.com'];
  return (google.includes(origin) ? google : [origin]).includes(session.origin);
}

function requireOwnSession(sessionUri: string, apiUrl: string): void {
  if (isOwnSession(sessionUri, apiUrl)) return;
  const cause = new Error('the upload session is not on the host of the API');
  throw new Fault('provider_failed', { provider: 'YouTube' }, { cause });
}

/** Opens a session and answers its address; see the port. */
export function startUpload(
  { clientFor, apiUrl, now }: YouTubeAccess,
  accessToken: string,
  metadata: UploadMetadata,
  totalBytes: number,
): Promise<string> {
  return callGoogle(now, async () => {
    const client = await clientFor(accessToken);
    const url = new URL('/upload/youtube/v3/videos', apiUrl);
    url.searchParams.set('uploadType', 'resumable');
    url.searchParams.set('part', 'snippet,status');
    url.searchParams.set('notifySubscribers', String(metadata.notifySubscribers));
    const response = await client.request<unknown>({
      method: 'POST',
      url: url.href,
      redirect: 'manual',
      headers: {
        'content-type': 'application/json; charset=UTF-8',
        'x-upload-content-length': String(totalBytes),
        'x-upload-content-type': 'video/mp4',
      },
      data: JSON.stringify(buildVideoResource(metadata)),
    });
    const sessionUri = response.headers.get('location') ?? '';
    requireOwnSession(sessionUri, apiUrl);
    return sessionUri;
  });
}

export type UploadPut = {
  readonly accessToken: string;
  readonly sessionUri: string;
  readonly totalBytes: number;
  /** null asks how far the session is. */
  readonly chunk: { readonly bytes: Buffer | ChunkSource; readonly firstByte: number } | null;
};

/** One PUT to a session: a chunk, or the question how far it is. */
export function putToSession(
  { clientFor, apiUrl, now }: YouTubeAccess,
  { accessToken, sessionUri, totalBytes, chunk }: UploadPut,
): Promise<UploadState> {
  return callGoogle(now, async () => {
    requireOwnSession(sessionUri, apiUrl);
    const client = await clientFor(accessToken);
    const span = chunk ? `${chunk.firstByte}-${chunk.firstByte + chunk.bytes.length - 1}` : '*';
    using body = openBody(chunk?.bytes ?? null);
    const response = await client.request<unknown>({
      method: 'PUT',
      url: sessionUri,
      redirect: 'manual',
      timeout: chunkTimeoutMs,
      headers: { 'content-range': `bytes ${span}/${totalBytes}`, ...body.headers },
      ...body.request,
      validateStatus: (status) => [200, 201, 308, ...goneStatuses].includes(status),
    });
    return readUploadState(response.status, response.data, response.headers, totalBytes);
  });
}

/** The body of a PUT with what has to be said of it; none for a question. */
function openBody(bytes: Buffer | ChunkSource | null) {
  const nothing = { headers: {}, request: {}, [Symbol.dispose]: () => undefined };
  if (bytes === null) return nothing;
  // A stream of a length that is not told would go out in another form, which a session refuses.
  const headers = { 'content-type': 'video/mp4', 'content-length': String(bytes.length) };
  if (Buffer.isBuffer(bytes)) return { ...nothing, headers, request: { data: bytes } };
  const data = bytes.open();
  // The request fails with it; here it must only not go unheard before there is one.
  data.on('error', () => undefined);
  return { headers, request: { data }, [Symbol.dispose]: () => void data.destroy() };
}

function readUploadState(
  status: number,
  data: unknown,
  headers: Headers,
  totalBytes: number,
): UploadState {
  if (goneStatuses.includes(status)) return { kind: 'gone' };
  if (status === 308) {
    const range = headers.get('range');
    if (range === null) return { kind: 'partial', nextByte: 0 };
    const last = /^bytes=0-(?<last>\d+)$/u.exec(range)?.groups?.['last'];
    const nextByte = Number(last) + 1;
    if (nextByte <= totalBytes) return { kind: 'partial', nextByte };
    throw unclear('a Range that does not fit');
  }
  const video = z.object({ id: z.string().min(1) }).safeParse(data);
  if (video.success) return { kind: 'done', videoId: video.data.id };
  throw unclear('a finished upload without an id');
}

/** The bytes may be there: asking the session again is safe, sending again is not. */
const unclear = (what: string): Fault =>
  new Fault(
    'provider_busy',
    { provider: 'YouTube' },
    { cause: new Error(`YouTube answered ${what}`) },
  );
