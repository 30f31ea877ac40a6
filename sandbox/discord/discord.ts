import { serveRoutes, type RawHandler, type Route } from '../http.ts';
import { createAttachments } from './attachments.ts';
import { leavesFor, offered } from './command-menu.ts';
import { createFaults } from './faults.ts';
import { createGateway } from './gateway.ts';
import { createIds } from './ids.ts';
import { createOAuth } from './oauth.ts';
import { userObject } from './objects.ts';
import { createDiscordPage } from './page.ts';
import { newcomer } from './page-state.ts';
import { createPeople } from './people.ts';
import { createRest } from './rest.ts';
import { restRoutes } from './routes.ts';
import { transcriptOf } from './transcript.ts';
import type { DiscordOptions } from './options.ts';
import type { DiscordEmulator, TextChannel } from './types.ts';
import { pick, type World } from './world.ts';

export type { DiscordOptions } from './options.ts';
/** @internal */
export type { PersonOptions } from './options.ts';
/** @internal */
export { textOf } from './seen.ts';
export type { DiscordEmulator } from './types.ts';
export type {
  /** @internal */
  Guild,
  /** @internal */
  Person,
  /** @internal */
  Place,
  /** @internal */
  Seen,
  /** @internal */
  Suggestion,
  /** @internal */
  Turn,
} from './types.ts';

/**
 * Starts a stand-in for Discord on loopback: REST and OAuth 2 under `/api`, the gateway under `/gateway`, files under
 * `/cdn`.
 * The real discord.js client logs in with `rest.api` set to `apiUrl`; people act through `person()`.
 */
export async function startDiscord(options: DiscordOptions): Promise<DiscordEmulator> {
  const world = createWorld(options);
  const gateway = createGateway(world);
  world.dispatch = gateway.dispatch;
  const faults = createFaults();
  const rest = createRest(world, restRoutes(world, gateway), faults, options.rateLimits);
  const people = createPeople(world, gateway);
  const oauth = createOAuth(world, faults, (language) => void newcomer(people, language));
  const late: { page: RawHandler | null } = { page: null };
  const server = await serveRoutes(
    [
      ...oauth.routes,
      ...apiRoutes(async (request) => (await oauth.me(request)) ?? rest.handle(request)),
      {
        method: 'GET',
        path: /^\/cdn\/attachments\/(?<channel>\d+)\/(?<id>\d+)\/[^/]+$/,
        handle: (request) => world.attachments.serve(request),
      },
    ],
    { status: 404, body: { message: '404: Not Found', code: 0 } },
    options.port,
    {
      raw: (incoming, outgoing) => {
        const isOurs = /^\/(?:api|cdn)\//.test(incoming.url ?? '');
        return !isOurs && (late.page?.(incoming, outgoing) ?? false);
      },
      upgrade: gateway.upgrade,
    },
  );
  gateway.setAddress(`${server.url.replace('http:', 'ws:')}/gateway`);
  world.attachments.setBase(`${server.url}/cdn`);
  const emulator: DiscordEmulator = {
    url: server.url,
    apiUrl: `${server.url}/api`,
    cdnUrl: `${server.url}/cdn`,
    applicationId: world.applicationId,
    clientSecret: world.settings.clientSecret,
    token: options.token,
    bot: { id: world.botUser.id, username: world.botUser.username },
    ...people,
    commandsFor: (person, place) =>
      leavesFor(world, pick(world.people, person.id), pick(world.channels, place.channelId)).map(
        (leaf) => offered(leaf, person.locale),
      ),
    violations: world.violations,
    requests: rest.requests,
    get invalidRequests() {
      return rest.invalid();
    },
    selfFaults: world.selfFaults,
    transcript: (where) => transcriptOf(world, pick(world.channels, channelIdOf(where))),
    subscribe(listener) {
      world.listeners.add(listener);
      return () => void world.listeners.delete(listener);
    },
    drop: gateway.drop,
    askReconnect: gateway.askReconnect,
    forgetSessions: gateway.forgetSessions,
    closeWith: gateway.closeWith,
    fault: faults.add,
    connected: gateway.connected,
    sessions: gateway.sessions,
    async close() {
      gateway.close();
      await server.close();
    },
  };
  if (options.page) late.page = createDiscordPage(emulator);
  return emulator;
}

/** Every request below `/api`. */
const apiRoutes = (handle: Route['handle']): Route[] =>
  ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].map((method) => ({
    method,
    path: /^\/api\/.*$/,
    handle,
  }));

function channelIdOf(where: TextChannel | { readonly channelId: string } | string): string {
  if (typeof where === 'string') return where;
  return 'channelId' in where ? where.channelId : where.id;
}

function createWorld(options: DiscordOptions): World {
  const { clock } = options;
  const ids = createIds(clock, options.idSeed ?? 1);
  const applicationId = options.applicationId ?? ids.elder();
  const listeners: World['listeners'] = new Set();
  return {
    clock,
    ids,
    attachments: createAttachments(),
    applicationId,
    botUser: userObject(applicationId, options.botName ?? 'Jilo', true),
    startedAt: clock.now().getTime(),
    settings: {
      token: options.token,
      clientSecret: options.clientSecret ?? ids.secret('application', applicationId),
      ackMs: options.ackMs ?? 3000,
      tokenMs: options.tokenMs ?? 15 * 60_000,
      heartbeatMs: options.heartbeatMs ?? 41_250,
      uploadLimit: options.uploadLimit ?? 10 * 1024 * 1024,
      privilegedIntents: options.privilegedIntents ?? 0,
      shards: options.shards ?? 1,
    },
    guilds: new Map(),
    channels: new Map(),
    people: new Map(),
    commands: new Map(),
    interactions: new Map(),
    creates: { day: '', count: 0 },
    violations: [],
    selfFaults: [],
    dispatch: () => undefined,
    emit: (event) => {
      for (const listener of listeners) listener(event);
    },
    listeners,
  };
}
