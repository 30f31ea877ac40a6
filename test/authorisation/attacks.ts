import { exportLink } from '../../core/account/export-link.ts';
import { approvalLink } from '../../core/consent/link.ts';
import { mediaLink } from '../../core/media-link.ts';
import { progressLink } from '../../core/progress/link.ts';
import { receiptLink } from '../../core/quota/receipt-link.ts';
import { chartLink } from '../../core/stats/chart-link.ts';
import { attemptLink } from '../../core/video/attempt-link.ts';
import { goToGoogle, type WayBack } from '../../sandbox/google/browser.ts';
import { garbage, sigOf, type Attack } from './attack-parts.ts';
import { billingPage, payments } from './attacks-billing.ts';
import { mcp } from './attacks-mcp.ts';
import { metricsPage } from './attacks-metrics.ts';
import { attacksOnOAuth } from './attacks-oauth.ts';
import { attacksOnOwnPages } from './attacks-own-pages.ts';
import { attacksOnSignIn } from './attacks-sign-in.ts';
import { videoRoutes } from './attacks-videos.ts';
import type { Furniture } from './furnish.ts';
import type { Party, Scene } from './scene.ts';

const kinds = ['media', 'charts', 'progress', 'receipts', 'exports', 'approvals'] as const;
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
    exports: exportLink(world.app, accountId).link,
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

const open = (path: string): Attack[] => [
  { what: 'nothing', path, statuses: [200] },
  { what: 'garbage', path: `${path}?${garbage}`, statuses: [200] },
];

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
  ...videoRoutes,
  'GET /charts/:content.png': (setting) => signed('charts', setting),
  'GET /receipts/:account.:format': (setting) => signed('receipts', setting),
  'GET /exports/:account.json': (setting) => signed('exports', setting),
  'GET /progress/:subject': (setting) => signed('progress', setting),
  'GET /billing/done': billingPage,
  'GET /billing/cancelled': () => open('/billing/cancelled'),
  'GET /icon.svg': () => open('/icon.svg'),
  'GET /billing/back': () => open('/billing/back'),
  ...attacksOnOwnPages,
  ...attacksOnSignIn,
  ...attacksOnOAuth,
  'GET /approvals/:id': (setting) => signed('approvals', setting),
  'POST /approvals/:id': approvalForms,
  'GET /.well-known/oauth-protected-resource': () => open('/.well-known/oauth-protected-resource'),
  'GET /.well-known/oauth-protected-resource/mcp': () =>
    open('/.well-known/oauth-protected-resource/mcp'),
  'GET /.well-known/mcp/server-card.json': () => open('/.well-known/mcp/server-card.json'),
  'ALL /mcp': mcp,
};
