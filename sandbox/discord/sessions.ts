import type { WebSocket } from 'ws';

import type { SessionLog } from './types.ts';
import type { Dispatch, World } from './world.ts';

/** One gateway session: it outlives its socket until it is forgotten. */
export type Session = {
  readonly id: string;
  readonly shard: readonly [number, number];
  readonly intents: number;
  sequence: number;
  resumes: number;
  /** Last dispatches, for RESUME. */
  readonly sent: { readonly s: number; readonly text: string }[];
  socket: WebSocket | null;
  resumable: boolean;
};

/** All sessions of the bot and who waits for them. */
export type Hub = {
  readonly world: World;
  readonly sessions: Session[];
  readonly waiting: Set<() => void>;
  address: string;
  startsLeft: number;
};

const replayLimit = 1000;
const sessionLimit = 100;

export function openSession(
  hub: Hub,
  { socket, shard, intents }: Pick<Session, 'socket' | 'shard' | 'intents'>,
): Session {
  const { world, sessions } = hub;
  const session: Session = {
    id: world.ids.secret('session', world.ids.next()).slice(0, 32),
    shard,
    intents,
    sequence: 0,
    resumes: 0,
    sent: [],
    socket,
    resumable: true,
  };
  sessions.push(session);
  if (sessions.length > sessionLimit) sessions.splice(0, 1);
  hub.startsLeft -= 1;
  return session;
}

export const live = ({ sessions }: Hub): Session[] =>
  sessions.filter(({ socket }) => socket !== null);

/** Sends a numbered dispatch, or keeps it for the session's return. */
export function send(session: Session, t: string, d: object): void {
  session.sequence += 1;
  const s = session.sequence;
  const text = JSON.stringify({ op: 0, s, t, d });
  session.sent.push({ s, text });
  if (session.sent.length > replayLimit) session.sent.splice(0, 1);
  session.socket?.send(text);
}

/** Events of a guild go to its shard, everything else to the first. */
export function serves({ shard: [index, count] }: Session, guildId: string | null): boolean {
  return guildId === null
    ? index === 0
    : Number((BigInt(guildId) >> 22n) % BigInt(count)) === index;
}

export function dispatchTo(hub: Hub, { type, data, guildId, intents }: Dispatch): void {
  for (const session of hub.sessions) {
    const wants = intents === 0 || (session.intents & intents) !== 0;
    const lives = session.socket !== null || session.resumable;
    if (wants && lives && serves(session, guildId)) send(session, type, data(session));
  }
}

/** Tells the page and those who wait for the bot. */
export function announceSessions(hub: Hub): void {
  hub.world.emit({ type: 'bot', online: live(hub).length > 0 });
  if (!isComplete(hub)) return;
  for (const resolve of hub.waiting) resolve();
  hub.waiting.clear();
}

/** All shards of one bot are there. */
export function isComplete(hub: Hub): boolean {
  const sessions = live(hub);
  const [first] = sessions;
  if (!first) return false;
  const [, count] = first.shard;
  return new Set(sessions.map(({ shard: [index] }) => index)).size >= count;
}

export const sessionLog = ({
  id,
  shard,
  intents,
  resumes,
  socket,
  sequence,
}: Session): SessionLog => ({
  id,
  shard,
  intents,
  resumes,
  connected: socket !== null,
  sequence,
});
