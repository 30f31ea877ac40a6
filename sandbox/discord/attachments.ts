import type { APIAttachment } from 'discord-api-types/v10';

import type { EmulatorAnswer, EmulatorRequest } from '../http.ts';

export type UploadedFile = {
  readonly name: string;
  readonly contentType: string;
  readonly data: Buffer;
};

/** Uploaded files and the addresses they are served from. */
export type Attachments = {
  store(
    channelId: string,
    id: string,
    file: UploadedFile & { description?: string },
  ): APIAttachment;
  serve(request: EmulatorRequest): EmulatorAnswer;
  /** Known once the server listens. */
  setBase(url: string): void;
};

const maxStoredBytes = 512 * 1024 * 1024;

export function createAttachments(): Attachments {
  const files = new Map<string, UploadedFile>();
  let stored = 0;
  let base = '';
  return {
    setBase(url) {
      base = url;
    },
    store(channelId, id, file) {
      const name = cleanName(file.name);
      files.set(`${channelId}/${id}`, file);
      stored += file.data.length;
      for (const [key, old] of files) {
        if (stored <= maxStoredBytes) break;
        files.delete(key);
        stored -= old.data.length;
      }
      const url = `${base}/attachments/${channelId}/${id}/${encodeURIComponent(name)}`;
      return {
        id,
        filename: name,
        size: file.data.length,
        url,
        proxy_url: url,
        content_type: file.contentType,
        ...(file.description === undefined ? {} : { description: file.description }),
        ...pictureSize(file),
      };
    },
    serve({ params, header }) {
      const file = files.get(`${params['channel']}/${params['id']}`);
      if (!file) return { status: 404, body: 'This content is no longer available.' };
      return ranged(file, header('range'));
    },
  };
}

/** One range as browsers ask for it when they play a video. */
function ranged({ data, contentType }: UploadedFile, asked: string | undefined): EmulatorAnswer {
  const headers = {
    'content-type': contentType,
    'accept-ranges': 'bytes',
    'cache-control': 'private, max-age=3600',
    'x-content-type-options': 'nosniff',
    'content-security-policy': 'sandbox',
  };
  const match = /^bytes=(\d*)-(\d*)$/.exec(asked ?? '');
  if (!match || (match[1] === '' && match[2] === '')) {
    return { status: 200, headers: { ...headers, 'content-length': `${data.length}` }, body: data };
  }
  const last = data.length - 1;
  const from = match[1] === '' ? Math.max(0, data.length - Number(match[2])) : Number(match[1]);
  const to = match[1] === '' || match[2] === '' ? last : Math.min(last, Number(match[2]));
  if (from > to) {
    return { status: 416, headers: { ...headers, 'content-range': `bytes */${data.length}` } };
  }
  const body = data.subarray(from, to + 1);
  return {
    status: 206,
    headers: {
      ...headers,
      'content-length': `${body.length}`,
      'content-range': `bytes ${from}-${to}/${data.length}`,
    },
    body,
  };
}

/** What Discord makes of a file name. */
function cleanName(name: string): string {
  const clean = name.normalize('NFC').replaceAll(/[^\p{L}\p{N}._-]+/gu, '_');
  return clean === '' ? 'unknown' : clean.slice(0, 200);
}

/** Width and height of a PNG; other kinds come without, which the schema allows. */
function pictureSize({ data }: UploadedFile): { width?: number; height?: number } {
  const isPng = data.length > 24 && data.subarray(0, 8).toString('latin1') === '\x89PNG\r\n\x1a\n';
  return isPng ? { width: data.readUInt32BE(16), height: data.readUInt32BE(20) } : {};
}

const kinds: Readonly<Record<string, string>> = {
  mp4: 'video/mp4',
  webm: 'video/webm',
  mov: 'video/quicktime',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  mp3: 'audio/mpeg',
  txt: 'text/plain; charset=utf-8',
  json: 'application/json; charset=utf-8',
  srt: 'text/plain; charset=utf-8',
};

/** Discord goes by the name's ending when the upload says nothing useful. */
export function contentTypeOf(name: string, said: string | undefined): string {
  if (said && said !== 'application/octet-stream') return said;
  return kinds[name.split('.').at(-1)?.toLowerCase() ?? ''] ?? 'application/octet-stream';
}
