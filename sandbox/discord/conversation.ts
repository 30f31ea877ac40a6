import { GatewayOpcodes } from 'discord-api-types/v10';
import type { RawData, WebSocket } from 'ws';
import { z } from 'zod';

import { guildCreateObject, memberObject } from './objects.ts';
import { announceSessions, openSession, send, serves, type Hub, type Session } from './sessions.ts';
import type { World } from './world.ts';

const sendsPerMinute = 120;
const allIntents = (1 << 26) - 1;
/** GUILD_MEMBERS, GUILD_PRESENCES, MESSAGE_CONTENT. */
const privilegedIntents = (1 << 1) | (1 << 8) | (1 << 15);

const frame = z.looseObject({ op: z.enum(GatewayOpcodes), d: z.unknown() });
const identify = z.looseObject({
  token: z.string(),
  intents: z.number().int(),
  shard: z.tuple([z.number().int(), z.number().int()]).default([0, 1]),
});
const resume = z.looseObject({ token: z.string(), session_id: z.string(), seq: z.number() });
const askMembers = z.looseObject({
  guild_id: z.string(),
  user_ids: z.union([z.string(), z.array(z.string())]).optional(),
  nonce: z.string().optional(),
});

/** Speaks with one socket from HELLO to its end; what is not understood closes it with Discord's code. */
export function converse(hub: Hub, socket: WebSocket): void {
  const state: { session: Session | null } = { session: null };
  const sends: number[] = [];
  const hello = { heartbeat_interval: hub.world.settings.heartbeatMs };
  socket.send(JSON.stringify({ op: GatewayOpcodes.Hello, d: hello }));
  socket.on('error', () => socket.terminate());
  socket.on('close', () => {
    if (state.session?.socket !== socket) return;
    state.session.socket = null;
    announceSessions(hub);
  });
  socket.on('message', (raw) => {
    if (isTooFast(sends)) {
      socket.close(4008);
      return;
    }
    const code = answer(hub, socket, state, parseFrame(raw));
    if (code !== null) socket.close(code);
  });
}

/** Gives the code to close with, or null. */
function answer(
  hub: Hub,
  socket: WebSocket,
  state: { session: Session | null },
  message: z.infer<typeof frame> | null,
): number | null {
  if (!message) return 4002;
  const { op, d } = message;
  if (op === GatewayOpcodes.Heartbeat) {
    socket.send(JSON.stringify({ op: GatewayOpcodes.HeartbeatAck }));
    return null;
  }
  if (op === GatewayOpcodes.Identify || op === GatewayOpcodes.Resume) {
    if (state.session) return 4005;
    const taken = op === GatewayOpcodes.Identify ? begin(hub, socket, d) : takeUp(hub, socket, d);
    if (typeof taken === 'number') return taken;
    state.session = taken;
    return null;
  }
  if (!state.session) return 4003;
  const asked = askMembers.safeParse(d);
  if (op === GatewayOpcodes.RequestGuildMembers && asked.success) {
    sendMembers(hub.world, state.session, asked.data);
  }
  return null;
}

function begin(hub: Hub, socket: WebSocket, d: unknown): Session | number {
  const { world } = hub;
  const asked = identify.safeParse(d);
  if (!asked.success) return 4002;
  const { intents, shard } = asked.data;
  const code = refusalOf(world, asked.data);
  if (code !== null) return code;
  const session = openSession(hub, { socket, shard, intents });
  const guilds = [...world.guilds.values()].filter(
    ({ id, botIsMember }) => botIsMember && serves(session, id),
  );
  send(session, 'READY', {
    v: 10,
    user: { ...world.botUser, verified: true, mfa_enabled: true, email: null },
    guilds: guilds.map(({ id }) => ({ id, unavailable: true })),
    session_id: session.id,
    resume_gateway_url: hub.address,
    shard,
    application: { id: world.applicationId, flags: 0 },
    user_settings: {},
    relationships: [],
    private_channels: [],
    presences: [],
    session_type: 'normal',
    geo_ordered_rtc_regions: [],
    guild_join_requests: [],
  });
  for (const guild of guilds) send(session, 'GUILD_CREATE', guildCreateObject(world, guild));
  announceSessions(hub);
  return session;
}

function takeUp(hub: Hub, socket: WebSocket, d: unknown): Session | number | null {
  const asked = resume.safeParse(d);
  if (!asked.success) return 4002;
  const { token, session_id: id, seq } = asked.data;
  if (token !== hub.world.settings.token) return 4004;
  const session = hub.sessions.find((one) => one.id === id);
  const oldest = session?.sent[0]?.s ?? 1;
  if (!session?.resumable || seq + 1 < oldest || seq > session.sequence) {
    socket.send(JSON.stringify({ op: GatewayOpcodes.InvalidSession, d: false }));
    return null;
  }
  session.socket?.terminate();
  session.socket = socket;
  session.resumes += 1;
  for (const { s, text } of session.sent) if (s > seq) socket.send(text);
  send(session, 'RESUMED', {});
  announceSessions(hub);
  return session;
}

function sendMembers(world: World, session: Session, asked: z.infer<typeof askMembers>): void {
  const guild = world.guilds.get(asked.guild_id);
  if (!guild) return;
  const ids = asked.user_ids === undefined ? null : [asked.user_ids].flat();
  const users = [world.botUser, ...[...world.people.values()].map(({ user }) => user)];
  const members = users
    .filter(({ id }) => id === world.botUser.id || guild.members.has(id))
    .filter(({ id }) => ids === null || ids.includes(id))
    .map((user) => memberObject(world, guild, user));
  send(session, 'GUILD_MEMBERS_CHUNK', {
    guild_id: guild.id,
    members,
    chunk_index: 0,
    chunk_count: 1,
    ...(asked.nonce === undefined ? {} : { nonce: asked.nonce }),
  });
}

function refusalOf(
  { settings }: World,
  { token, intents, shard: [index, count] }: z.infer<typeof identify>,
): number | null {
  if (token !== settings.token) return 4004;
  if (index < 0 || index >= count) return 4010;
  if (intents < 0 || (intents & ~allIntents) !== 0) return 4013;
  return (intents & privilegedIntents & ~settings.privilegedIntents) === 0 ? null : 4014;
}

function isTooFast(sends: number[]): boolean {
  const now = Date.now();
  sends.push(now);
  while ((sends[0] ?? now) <= now - 60_000) sends.splice(0, 1);
  return sends.length > sendsPerMinute;
}

function parseFrame(raw: RawData): z.infer<typeof frame> | null {
  try {
    return frame.parse(JSON.parse(textOf(raw)));
  } catch {
    return null;
  }
}

function textOf(raw: RawData): string {
  if (Array.isArray(raw)) return Buffer.concat(raw).toString();
  return Buffer.isBuffer(raw) ? raw.toString() : Buffer.from(new Uint8Array(raw)).toString();
}
