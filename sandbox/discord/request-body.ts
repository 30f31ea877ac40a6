import type { EmulatorRequest } from '../http.ts';
import type { IndexedFile } from './message-body.ts';
import { refuse } from './refusal.ts';

/** JSON, or multipart with `payload_json` and `files[n]`; throws a Refusal when it is neither. */
export async function readBody(
  request: EmulatorRequest,
): Promise<{ readonly body: unknown; readonly files: readonly IndexedFile[] }> {
  if (request.body.length === 0) return { body: undefined, files: [] };
  const type = request.header('content-type') ?? '';
  if (!type.startsWith('multipart/form-data')) {
    return { body: parseJson(request.body.toString('utf8')), files: [] };
  }
  const response = new Response(new Uint8Array(request.body), {
    headers: { 'content-type': type },
  });
  const form = await response.formData().catch(() => {
    throw refuse('badJson');
  });
  const files: IndexedFile[] = [];
  const loose: [string, string][] = [];
  for (const [key, value] of form) {
    if (typeof value === 'string') {
      loose.push([key, value]);
      continue;
    }
    const index = /^files\[(\d+)\]$/.exec(key)?.[1] ?? String(files.length);
    const data = Buffer.from(await value.arrayBuffer());
    files.push({ index: Number(index), name: value.name, contentType: value.type, data });
  }
  const payload = loose.find(([key]) => key === 'payload_json');
  return { body: payload ? parseJson(payload[1]) : Object.fromEntries(loose), files };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refuse('badJson');
  }
}
