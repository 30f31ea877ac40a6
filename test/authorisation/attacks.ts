import { approvalLink } from '../../core/consent/link.ts';
import { mediaLink } from '../../core/media-link.ts';
import { progressLink } from '../../core/progress/link.ts';
import { receiptLink } from '../../core/quota/receipt-link.ts';
import { chartLink } from '../../core/stats/chart-link.ts';
import { attemptLink } from '../../core/video/attempt-link.ts';
import { goToGoogle, type WayBack } from '../../sandbox/google/browser.ts';
import { garbage, sigOf, type Attack } from './attack-parts.ts';
import { billingPage, payments } from './attacks-billing.ts';
import type { Furniture } from './furnish.ts';
import type { Party, Scene } from './scene.ts';

const kinds = ['media', 'charts', 'progress', 'receipts', 'approvals'] as const;
type Kind = (typeof kinds)[number];

/** A signed address of each kind, for the things of one party. */
export type Links = Readonly<Record<Kind, string>>;

export function linksOf(
  { world }: Scene,
  { context, has }: Party & { readonly has: Furniture },
): Links {
  const [file = ''] = has.files;
  const running = { id: has.ids.video.at(-1) ?? '', status: 'queued' };
  const { accountId } = context.actor;
  const chart = { accountId, publication: null, days: 30, locale: 'en', timeZone: 'UTC' } as const;
  return {
    media: mediaLink(world.app, file) ?? '',
    charts: chartLink(world.app, chart) ?? '',
    progress: progressLink(world.app, running) ?? '',
    receipts: receiptLink(world.app, { accountId, format: 'json', month: null }),
    approvals: approvalLink(world.app, has.approval) ?? '',
  };
}

/** Both parties before they come back from Google. */
export async function goTo({ owner, neighbour, world }: Scene) {
  const [first, second] = world.emulators.google.channels;
  return {
    owner: await goToGoogle(owner.has.connect, { channel: first?.id ?? '' }),
    neighbour: await goToGoogle(neighbour.has.connect, { channel: second?.id ?? '' }),
  };
}
export type WaysBack = { readonly owner: WayBack; readonly neighbour: WayBack };

export type Setting = {
  readonly scene: Scene;
  readonly links: { readonly owner: Links; readonly neighbour: Links };
  readonly ways: WaysBack;
  /** Of a client of the owner. */
  readonly session: string;
};

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

const garbageForm = new URLSearchParams(garbage);

/** A page of ours with nothing, with garbage, and with what was signed for another thing. */
function signed(kind: Kind, { links }: Setting): Attack[] {
  const { pathname, search } = new URL(links.owner[kind]);
  const later = new URLSearchParams(search);
  later.set('exp', '99999999999');
  const moved = kinds.flatMap((from) => [
    { of: `the neighbour's signature for ${from}`, query: new URL(links.neighbour[from]).search },
    ...(from === kind
      ? []
      : [{ of: `the owner's signature for ${from}`, query: new URL(links.owner[from]).search }]),
  ]);
  return [
    { what: 'nothing', path: pathname },
    { what: 'garbage', path: `${pathname}?${garbage}` },
    { what: 'garbage of another shape', path: `/${kind}/..%2f%2e%2e%00?${garbage}` },
    // An approval ends by itself, whatever its link says.
    ...(kind === 'approvals'
      ? []
      : [{ what: 'a time that was put off', path: `${pathname}?${later.toString()}` }]),
    ...moved.map(({ of, query }) => ({ what: of, path: `${pathname}${withTime(query)}` })),
  ];
}

/** With an end that has not come: those of approvals name none. */
const withTime = (search: string): string =>
  search.includes('exp=') ? search : `${search}&exp=99999999999`;

const form = (fields: Readonly<Record<string, string>>) => ({
  method: 'POST',
  body: new URLSearchParams(fields),
});
const elsewhere = { origin: 'https://evil.example' };

function approvalForms({ links, scene }: Setting): Attack[] {
  const path = `/approvals/${scene.owner.has.approval}`;
  const decision = 'approve';
  const moved = [
    links.neighbour.approvals,
    links.neighbour.media,
    links.owner.media,
    links.owner.progress,
  ];
  return [
    { what: 'nothing', path, method: 'POST' },
    { what: 'garbage', path, method: 'POST', body: garbageForm },
    ...moved.map((link, index) => ({
      what: `signature ${index} that is of another thing`,
      path,
      ...form({ decision, sig: sigOf(link) }),
    })),
    {
      what: 'the right signature from the page of another site',
      path,
      headers: elsewhere,
      ...form({ decision, sig: sigOf(links.owner.approvals) }),
    },
  ];
}

function googleForms({ scene }: Setting): Attack[] {
  const path = '/oauth/google/start';
  const state = new URL(scene.owner.has.connect).searchParams.get('state') ?? '';
  return [
    { what: 'nothing', path, method: 'POST' },
    { what: 'garbage', path, method: 'POST', body: garbageForm },
    { what: 'the state from another site', path, headers: elsewhere, ...form({ state }) },
  ];
}

function comingBack({ ways: { owner, neighbour } }: Setting): Attack[] {
  const { pathname, search } = new URL(owner.address);
  const [name = ''] = owner.cookie.split('=');
  const value = neighbour.cookie.slice(neighbour.cookie.indexOf('=') + 1);
  const path = `${pathname}${search}`;
  return [
    { what: 'nothing', path: pathname },
    { what: 'garbage', path: `${pathname}?${garbage}` },
    { what: 'no', path: `${pathname}?error=access_denied`, statuses: [200] },
    { what: 'the way back of the owner in another browser', path },
    { what: 'and with its own cookie', path, headers: { cookie: neighbour.cookie } },
    { what: 'and with its secret', path, headers: { cookie: `${name}=${value}` } },
  ];
}

function callbacks({ scene: { world, owner, neighbour } }: Setting): Attack[] {
  const attemptOf = ({ ids }: Party) => ids.find((id) => id.startsWith('att_')) ?? '';
  const linkTo = (party: Party) =>
    new URL(attemptLink(world.app, world.publicUrl, attemptOf(party)));
  const right = linkTo(owner);
  const moved = linkTo(owner);
  moved.searchParams.set('sig', linkTo(neighbour).searchParams.get('sig') ?? '');
  const body = JSON.stringify({ request_id: 'x', status: 'OK', payload: {} });
  const headers = {
    'x-fal-webhook-request-id': 'x',
    'x-fal-webhook-user-id': 'user',
    'x-fal-webhook-timestamp': String(Math.floor(world.now().getTime() / 1000)),
    'x-fal-webhook-signature': '00'.repeat(64),
  };
  const post = { method: 'POST', body };
  return [
    { what: 'nothing', path: '/webhooks/fal', method: 'POST' },
    { what: 'garbage', path: `/webhooks/fal?attempt=garbage&${garbage}`, ...post },
    { what: "the neighbour's signature", path: `${moved.pathname}${moved.search}`, ...post },
    { what: 'no signature of fal', path: `${right.pathname}${right.search}`, ...post },
    { what: 'a forged one', path: `${right.pathname}${right.search}`, headers, ...post },
  ];
}

function mcp({ scene: { neighbour }, session }: Setting): Attack[] {
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

const open = (path: string): Attack[] => [
  { what: 'nothing', path, statuses: [200] },
  { what: 'garbage', path: `${path}?${garbage}`, statuses: [200] },
];

/** The world's web app is on this machine, so whoever comes by a proxy is from elsewhere. */
function metricsPage({ scene: { owner } }: Setting): Attack[] {
  const path = '/metrics';
  const via = (headers: Readonly<Record<string, string>>) => ({ path, headers, statuses: [404] });
  return [
    { what: 'nothing, from elsewhere', ...via({ 'x-forwarded-for': '203.0.113.9' }) },
    { what: 'somebody who says to be from here', ...via({ 'x-forwarded-for': '127.0.0.1' }) },
    { what: 'garbage', ...via({ authorization: 'Bearer x' }) },
    { what: 'no token', ...via({ authorization: 'Bearer undefined' }) },
    { what: "a person's token", ...via({ authorization: `Bearer ${owner.tokens.read}` }) },
  ];
}

/** By route, as `scripts/authorisation/routes.ts` names it. */
export const attacksOn: Readonly<Record<string, (setting: Setting) => Attack[]>> = {
  'GET /healthz': () => open('/healthz'),
  'GET /readyz': () => open('/readyz'),
  'GET /metrics': metricsPage,
  'POST /webhooks/fal': callbacks,
  'POST /webhooks/stripe': payments,
  'GET /oauth/google/start': () => [
    { what: 'nothing', path: '/oauth/google/start' },
    { what: 'garbage', path: `/oauth/google/start?${garbage}` },
  ],
  'POST /oauth/google/start': googleForms,
  'HEAD /oauth/google/callback': ({ ways }) => [
    { what: 'a look ahead', path: '/oauth/google/callback', method: 'HEAD', statuses: [405] },
    {
      what: 'a look ahead at the way back of the owner',
      path: `/oauth/google/callback${new URL(ways.owner.address).search}`,
      method: 'HEAD',
      statuses: [405],
    },
  ],
  'GET /oauth/google/callback': comingBack,
  'GET /media/*key': (setting) => signed('media', setting),
  'GET /charts/:content.png': (setting) => signed('charts', setting),
  'GET /receipts/:account.:format': (setting) => signed('receipts', setting),
  'GET /progress/:subject': (setting) => signed('progress', setting),
  'GET /billing/done': billingPage,
  'GET /billing/cancelled': () => open('/billing/cancelled'),
  'GET /billing/back': () => open('/billing/back'),
  'GET /approvals/:id': (setting) => signed('approvals', setting),
  'POST /approvals/:id': approvalForms,
  'GET /.well-known/oauth-protected-resource': () => open('/.well-known/oauth-protected-resource'),
  'GET /.well-known/oauth-protected-resource/mcp': () =>
    open('/.well-known/oauth-protected-resource/mcp'),
  'GET /.well-known/mcp/server-card.json': () => open('/.well-known/mcp/server-card.json'),
  'ALL /mcp': mcp,
};
