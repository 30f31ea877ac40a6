import type { Attack } from './attack-parts.ts';
import type { Scene } from './scene.ts';

type Parts = { readonly scene: Scene; readonly session: string };

const elsewhere = { origin: 'https://evil.example' };

/** The session id that a client of 2025 of the owner is given. */
export async function openSession({ world, owner }: Scene): Promise<string> {
  const clientInfo = { name: 'matrix', version: '1' };
  const params = { protocolVersion: '2025-11-25', capabilities: { elicitation: {} }, clientInfo };
  const opened = await fetch(`${world.publicUrl}/mcp`, {
    method: 'POST',
    headers: { ...mcpHeaders, authorization: `Bearer ${owner.tokens.read}` },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params }),
  });
  await opened.text();
  const session = opened.headers.get('mcp-session-id');
  if (session === null) throw new Error(`no session was opened: ${opened.status}`);
  return session;
}

const mcpHeaders = {
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
  'mcp-protocol-version': '2025-11-25',
};

/** With no token, another's, or one where it does not belong; and with the session of somebody else. */
export function mcp({ scene: { neighbour }, session }: Parts): Attack[] {
  const path = '/mcp';
  const request = { jsonrpc: '2.0', id: 1, method: 'resources/list', params: {} };
  const json = mcpHeaders;
  const post = { method: 'POST', body: JSON.stringify(request) };
  const authorization = `Bearer ${neighbour.tokens.read}`;
  const foreign = { ...json, authorization, 'mcp-session-id': session };
  const basic = `Basic ${Buffer.from(`owner:${neighbour.tokens.read}`).toString('base64')}`;
  const tampered = `Bearer ${neighbour.tokens.read.slice(0, -1)}x`;
  const only = (status: number) => ({ statuses: [status] });
  const spending = { ...request, method: 'tools/call', params: { name: 'video_quote' } };
  const batch = JSON.stringify([request, spending]);
  return [
    { what: 'nothing', path, ...only(401) },
    { what: 'a call without a token', path, headers: json, ...post, ...only(401) },
    {
      what: 'garbage',
      path,
      headers: { ...json, authorization: 'Bearer x' },
      ...post,
      ...only(401),
    },
    {
      what: 'a token as Basic',
      path,
      headers: { ...json, authorization: basic },
      ...post,
      ...only(401),
    },
    {
      what: 'a changed token',
      path,
      headers: { ...json, authorization: tampered },
      ...post,
      ...only(401),
    },
    {
      what: 'a token in the address',
      path: `/mcp?access_token=${neighbour.tokens.read}&token=${neighbour.tokens.read}`,
      headers: json,
      ...post,
      ...only(401),
    },
    { what: 'the session of the owner', path, headers: foreign, ...post, ...only(200) },
    {
      what: 'a batch that takes more than the token allows',
      path,
      headers: { ...json, authorization },
      method: 'POST',
      body: batch,
      ...only(403),
    },
    { what: 'a stream of it', path, headers: { ...foreign, accept: 'text/event-stream' } },
    { what: 'the end of it', path, method: 'DELETE', headers: foreign, statuses: [200, 204, 405] },
    { what: 'another site', path, headers: { ...foreign, ...elsewhere }, ...post, ...only(403) },
  ];
}
