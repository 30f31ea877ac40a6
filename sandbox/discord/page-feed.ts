import type { ServerResponse } from 'node:http';

import type { APIMessage } from 'discord-api-types/v10';

import { ownerOf, type PageEmulator } from './page-emulator.ts';
import type { DiscordEvent, TextChannel } from './types.ts';

/** Events kept for pages that come back; an older page reads the whole state anew. */
const kept = 1000;

type Entry = {
  readonly number: number;
  /** The event as JSON, at the moment it happened. */
  readonly data: string;
  /** The only person who may read it, or null. */
  readonly onlyFor: string | null;
};

export type Thread = TextChannel & { readonly parentId: string };

export type Feed = {
  /** Threads, which a server does not list among its channels. */
  threads(): readonly Thread[];
  /** A message as pages get it: with the command that it answers, which Discord tells only its own clients. */
  view(message: APIMessage): object;
  /** Id of the newest event. */
  cursor(): string;
  /** Tells every page that people have changed. */
  announce(): void;
  /** Keeps the answer open and sends what comes after `after`; false when there is no such person. */
  stream(personId: string, after: string, outgoing: ServerResponse): boolean;
};

/** Numbers the emulator's events and sends each person's page what that person may see. */
export function createFeed(emulator: PageEmulator, run: string): Feed {
  const entries: Entry[] = [];
  const threads = new Map<string, Thread>();
  const streams = new Map<ServerResponse, string>();
  /** Commands by the id of their interaction. */
  const actions = new Map<string, string>();
  let last = 0;

  const view = (message: APIMessage): object => {
    const command = actions.get(message.interaction_metadata?.id ?? '');
    return command === undefined ? message : { ...message, command };
  };

  const add = (event: object, onlyFor: string | null): void => {
    last += 1;
    const entry = { number: last, data: JSON.stringify(event), onlyFor };
    entries.push(entry);
    if (entries.length > kept) entries.shift();
    for (const [outgoing, personId] of streams) write(outgoing, personId, entry);
  };
  const write = (outgoing: ServerResponse, personId: string, entry: Entry): void => {
    if (entry.onlyFor !== null && entry.onlyFor !== personId) return;
    outgoing.write(`id: ${run}-${entry.number}\ndata: ${entry.data}\n\n`);
  };
  emulator.subscribe((event) => {
    if (event.type === 'channel' && event.parentId !== null) {
      const { channelId, name, guildId, parentId } = event;
      threads.set(channelId, { id: channelId, name, guildId, parentId });
    }
    if (event.type === 'interaction' && event.action.startsWith('/')) {
      actions.set(event.interactionId, event.action);
      for (const oldest of [...actions.keys()].slice(0, -kept)) actions.delete(oldest);
    }
    const told = toldOf(emulator, event, view);
    if (told) add(told.event, told.onlyFor);
  });

  return {
    threads: () => [...threads.values()],
    view,
    cursor: () => `${run}-${last}`,
    announce: () => add({ type: 'people' }, null),
    stream(personId, after, outgoing) {
      if (!emulator.people().some(({ id }) => id === personId)) return false;
      outgoing.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
      });
      outgoing.write('retry: 1000\n\n');
      const from = resumePoint(after, run, entries[0]?.number ?? last + 1, last);
      if (from === undefined) outgoing.write(`id: ${run}-${last}\nevent: reset\ndata: {}\n\n`);
      for (const entry of entries.filter(({ number }) => number > (from ?? last))) {
        write(outgoing, personId, entry);
      }
      streams.set(outgoing, personId);
      outgoing.once('close', () => streams.delete(outgoing));
      return true;
    },
  };
}

/** The number after which events are missing, or undefined when only the whole state helps. */
function resumePoint(after: string, run: string, oldest: number, last: number): number | undefined {
  const match = /^([0-9a-z]+)-(\d{1,15})$/.exec(after);
  const number = Number(match?.[2]);
  if (match?.[1] !== run || number > last || number < oldest - 1) return undefined;
  return number;
}

type Told = { readonly event: object; readonly onlyFor: string | null };

/** What pages are told of an event, and who may read it; undefined when no page needs it. */
function toldOf(emulator: PageEmulator, event: DiscordEvent, view: Feed['view']): Told | undefined {
  switch (event.type) {
    case 'message': {
      const { change } = event;
      const { message, visibleTo, channelId } = event.message;
      const onlyFor = visibleTo ?? ownerOf(emulator, channelId);
      return { event: { type: 'message', change, message: view(message) }, onlyFor };
    }
    case 'typing':
      return { event, onlyFor: ownerOf(emulator, event.channelId) };
    case 'channel':
      // Direct messages stand in every person's state from the beginning.
      return event.guildId === null ? undefined : { event, onlyFor: null };
    case 'violation':
    case 'commands':
    case 'bot':
      return { event, onlyFor: null };
    case 'interaction':
    case 'modal':
      return undefined;
    default:
      return event satisfies never;
  }
}
