import { WebSocketServer } from 'ws';

import type { UpgradeHandler } from '../http.ts';
import { converse } from './conversation.ts';
import { guildCreateObject } from './objects.ts';
import { dispatchTo, isComplete, live, sessionLog, type Hub } from './sessions.ts';
import type { SessionLog } from './types.ts';
import { pick, type Dispatch, type World } from './world.ts';

export type Gateway = {
  readonly upgrade: UpgradeHandler;
  readonly dispatch: (event: Dispatch) => void;
  readonly drop: () => void;
  readonly askReconnect: () => void;
  readonly forgetSessions: () => void;
  readonly closeWith: (code: number) => void;
  readonly connected: () => Promise<void>;
  readonly sessions: () => readonly SessionLog[];
  readonly guildJoined: (guildId: string) => void;
  readonly guildLeft: (guildId: string) => void;
  /** `ws:` address, known once the server listens. */
  readonly setAddress: (url: string) => void;
  readonly address: () => string;
  readonly startsLeft: () => number;
  readonly close: () => void;
};

const guildsIntent = 1;
const largestFrame = 4096;

/** The WebSocket side: sessions, numbered dispatches, resuming, closing. */
export function createGateway(world: World): Gateway {
  const server = new WebSocketServer({ noServer: true, maxPayload: largestFrame });
  const hub: Hub = { world, sessions: [], waiting: new Set(), address: '', startsLeft: 1000 };
  const { sessions } = hub;
  return {
    upgrade: (incoming, socket, head) => {
      server.handleUpgrade(incoming, socket, head, (opened) => converse(hub, opened));
    },
    dispatch: (event) => dispatchTo(hub, event),
    drop: () => {
      for (const { socket } of live(hub)) socket?.terminate();
    },
    askReconnect: () => {
      for (const { socket } of live(hub)) socket?.send('{"op":7,"d":null}');
    },
    forgetSessions: () => {
      for (const session of sessions) session.resumable = false;
    },
    closeWith: (code) => {
      for (const session of live(hub)) {
        // After these the client must not come back with the same session.
        if (code !== 4000 && code !== 4008) session.resumable = code < 4003;
        session.socket?.close(code);
      }
    },
    connected: () =>
      isComplete(hub) ? Promise.resolve() : new Promise((resolve) => void hub.waiting.add(resolve)),
    sessions: () => sessions.map(sessionLog),
    guildJoined: (guildId) => {
      const guild = pick(world.guilds, guildId);
      const data = () => guildCreateObject(world, guild);
      dispatchTo(hub, { type: 'GUILD_CREATE', guildId, intents: guildsIntent, data });
    },
    guildLeft: (guildId) => {
      const data = () => ({ id: guildId });
      dispatchTo(hub, { type: 'GUILD_DELETE', guildId, intents: guildsIntent, data });
    },
    setAddress: (url) => {
      hub.address = url;
    },
    address: () => hub.address,
    startsLeft: () => hub.startsLeft,
    close: () => {
      for (const client of server.clients) client.terminate();
      server.close();
    },
  };
}
