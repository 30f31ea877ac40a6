import { z } from 'zod';

import type { Context } from '../../core/context.ts';
import { announce, channelConnected } from '../../core/conversation/events.ts';
import { openConversation } from '../../core/conversation/open.ts';
import { Fault } from '../../core/fault.ts';
import { publicationCreate } from '../../core/publication/create.ts';
import type { Sighting, TrendSource } from '../../core/ports/trend-source.ts';
import { postTransfer } from '../../core/quota/ledger.ts';
import { videoQuote } from '../../core/video/quote.ts';
import {
  availableOf,
  connectChannel,
  makeReadyVideo,
  quickWish,
  startVideo,
} from '../kit/trips.ts';
import type { World } from '../kit/world.ts';
import type { Conversation, Given } from './conversation.ts';

/** A person before their first word. */
export type Scene = {
  readonly account: string;
  readonly conversationId: string;
  /** A request of the person by the surface `agent`, at the hour that the conversation has reached. */
  readonly context: Context;
  /** Words of a conversation with ids in the place of `{my video}` and the like. */
  fill(text: string): string;
  /** Gives an id a name for `fill`. */
  note(what: string, id: string): void;
  /** Moves the clock of this person alone. */
  pass(hours: number): void;
  connect(): Promise<void>;
};

const last = new WeakMap<World, Promise<unknown>>();

/** Work on the queue is drained by one conversation at a time, so that each finds its own done. */
export function oneAtATime<T>(world: World, work: () => Promise<T>): Promise<T> {
  const done = (last.get(world) ?? Promise.resolve()).then(work);
  last.set(
    world,
    done.catch(() => undefined),
  );
  return done;
}

const zones = { zh: 'Asia/Shanghai', en: 'Europe/Berlin' } as const;

export async function setScene(world: World, conversation: Conversation): Promise<Scene> {
  const { name, language, given = {} } = conversation;
  let passedMs = 0;
  const plain = await world.context('agent', name, language);
  const context: Context = {
    ...plain,
    clock: { now: () => new Date(world.now().getTime() + passedMs) },
    ports: { ...plain.ports, ...searchAs(plain, given, name) },
    timeZone: conversation.timeZone ?? zones[language],
  };
  const ids = await oneAtATime(world, () => prepare(world, name, given));
  const { accountId } = context.actor;
  const place = { accountId, surface: 'test', place: name, serverId: null };
  const { id: conversationId } = await openConversation(world.app, place);
  return {
    account: name,
    conversationId,
    context,
    fill: (text) =>
      text.replaceAll(/\{(?<what>(?:my|their|found|listed) [a-z \d]+)\}/gu, (_, what: string) => {
        const id = ids.get(what);
        if (id === undefined) throw new Error(`${name}: nothing is known as ${what}`);
        return id;
      }),
    note: (what, id) => void ids.set(what, id),
    pass(hours) {
      passedMs += hours * 3_600_000;
    },
    async connect() {
      const channel = await connectChannel(world, name);
      const text = channelConnected(channel);
      await announce(context, { conversationId, key: `channel:${channel}`, text });
    },
  };
}

async function prepare(world: World, account: string, given: Given): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  const hosts = world.emulators.google.channels.slice(0, given.channels ?? 0);
  for (const { title } of hosts)
    ids.set('my channel', await connectChannel(world, account, { channel: title }));
  for (let made = 0; made < (given.videos ?? 0); made += 1)
    ids.set(made === 0 ? 'my video' : 'my newest video', await makeReadyVideo(world, account));
  if (given.theirs) await prepareOthers(world, `${account}: somebody else`, ids);
  for (let made = 0; made < (given.running ?? 0); made += 1)
    ids.set('my running video', await startVideo(world, account));
  if (given.quota !== undefined) await leaveQuota(world, account, given.quota);
  return ids;
}

async function prepareOthers(world: World, account: string, ids: Map<string, string>) {
  const context = await world.context('terminal', account);
  const channel = await connectChannel(world, account);
  const video = await makeReadyVideo(world, account);
  const { quote } = await world.must(videoQuote, quickWish, context);
  const { publication } = await world.must(publicationCreate, { video, title: 'Theirs' }, context);
  await world.drain();
  const found = { video, channel, quote, publication };
  for (const [what, id] of Object.entries(found)) ids.set(`their ${what}`, z.string().parse(id));
}

async function leaveQuota(world: World, account: string, left: number): Promise<void> {
  const { actor } = await world.context('terminal', account);
  const amount = (await availableOf(world, account)) - left;
  await postTransfer(world.app.database.db, {
    verb: 'expire',
    walletId: actor.accountId,
    amount,
    reference: 'eval',
    key: `eval:${account}`,
    at: world.now(),
  });
}

/** The search of this world: busy, or with the words of strangers in what it finds. */
function searchAs(
  { ports }: Context,
  { strangers, searchIsBusy = false }: Given,
  name: string,
): { readonly trendSource?: TrendSource } {
  const { trendSource } = ports;
  if (!trendSource) throw new Error('this world finds no trends');
  if (searchIsBusy) return { trendSource: { ...trendSource, start: busy } };
  return strangers ? { trendSource: writtenBy(strangers, trendSource, name) } : {};
}

const busy: TrendSource['start'] = async () => {
  throw new Fault('provider_busy', { provider: 'Apify' });
};

function writtenBy(
  strangers: NonNullable<Given['strangers']>,
  trendSource: TrendSource,
  name: string,
): TrendSource {
  const { titles = [], descriptions = [], channels = [] } = strangers;
  const write = (sighting: Sighting, index: number): Sighting => ({
    ...sighting,
    // Trends are kept for everybody: the words of one conversation stay out of the others.
    externalId: `${name} ${sighting.externalId}`,
    title: titles[index % titles.length] ?? sighting.title,
    description: descriptions[index % descriptions.length] ?? sighting.description,
    channel: channels[index % channels.length] ?? sighting.channel,
  });
  const collect: TrendSource['collect'] = async (runId, errand, signal) => {
    const harvest = await trendSource.collect(runId, errand, signal);
    const readings = harvest.readings.map((reading, index) =>
      'sighting' in reading ? { sighting: write(reading.sighting, index) } : reading,
    );
    return { ...harvest, readings };
  };
  return { ...trendSource, collect };
}
