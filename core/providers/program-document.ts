import { z } from 'zod';

import { Fault } from '../fault.ts';
import type { DownloadHosts } from './download-addresses.ts';
import { createDownload } from './download.ts';
import { programName } from './program-name.ts';

const byteLimit = 64 * 1024;
const timeLimitMs = 5000;

/** Loose, as RFC 7591 lets programs say more; secrets have no place in a public document. */
const documentSchema = z.looseObject({
  client_id: z.string(),
  client_name: z.string().optional(),
  client_uri: z
    .url({ protocol: /^https?$/ })
    .max(2000)
    .optional(),
  redirect_uris: z.array(z.string().max(2000)).min(1).max(20),
  token_endpoint_auth_method: z.literal('none').optional(),
  grant_types: z.array(z.string()).optional(),
  response_types: z.array(z.string()).optional(),
  client_secret: z.undefined().optional(),
});

/** What a program says of itself in the document that its id is the address of. */
export type ProgramDocument = {
  readonly client_id: string;
  readonly client_name?: string;
  readonly client_uri?: string;
  readonly redirect_uris: string[];
  readonly token_endpoint_auth_method: 'none';
  readonly grant_types: ('authorization_code' | 'refresh_token')[];
  readonly response_types: 'code'[];
};

export type ReadProgramDocument = (id: string) => Promise<ProgramDocument>;

const json = {
  provider: 'The program',
  accept: 'application/json',
  beginsRight: (head: Buffer) => head.toString('utf8').trimStart().startsWith('{'),
};

/**
 * Whether an id is the address of a document: https with a path, without credentials, a fragment, or dots
 * that lead elsewhere (draft-ietf-oauth-client-id-metadata-document, section 3).
 */
export function isDocumentAddress(id: string, hosts: DownloadHosts): boolean {
  if (!URL.canParse(id)) return false;
  const { protocol, username, password, hash, pathname, href } = new URL(id);
  if (protocol !== (hosts === 'loopback' ? 'http:' : 'https:')) return false;
  return username === '' && password === '' && hash === '' && pathname !== '/' && href === id;
}

/**
 * Reads documents of programs under the download guard: no redirects, 64 KiB, 5 s.
 * @throws Fault `provider_failed` or `provider_busy` for one that cannot be read or is not its own.
 */
export function createProgramDocuments(
  hosts: DownloadHosts,
  options: Pick<NonNullable<Parameters<typeof createDownload>[1]>, 'resolve'> = {},
): ReadProgramDocument {
  const download = createDownload(hosts, {
    ...options,
    kind: json,
    byteLimit,
    timeLimitMs,
    redirects: 0,
  });
  return async (id) => {
    // The limit of time is the download's own, which tells it as a failure of the program.
    const body = await download(id, new AbortController().signal);
    const read = documentSchema.safeParse(parse(await new Response(body).text()));
    if (!read.success || read.data.client_id !== id)
      throw new Fault('provider_failed', { provider: json.provider });
    const { client_name: said, client_uri, redirect_uris } = read.data;
    const name = said === undefined ? null : programName(said);
    return {
      client_id: id,
      ...(name === null ? {} : { client_name: name }),
      ...(client_uri === undefined ? {} : { client_uri }),
      redirect_uris,
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
    };
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
