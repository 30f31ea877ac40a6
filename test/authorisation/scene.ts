import { createCanvas } from '@napi-rs/canvas';
import { z } from 'zod';

import type { Context } from '../../core/context.ts';
import { tokenCreate } from '../../core/token/create.ts';
import { scopes, type Scope } from '../../core/token/scopes.ts';
import { serveRoutes } from '../../sandbox/http.ts';
import { createWorld, type World } from '../kit/world.ts';
import { readAll } from './alone.ts';
import { furnish, startMore, type Coin, type Furniture } from './furnish.ts';
import { idsOf } from './rows.ts';
import type { Secrets } from './secrets.ts';
import { enterStranger, type Stranger } from './stranger.ts';

/** One of the three who call. */
export type Party = {
  readonly name: 'owner' | 'neighbour' | 'newcomer';
  readonly context: Context;
  /** What they have; the newcomer has nothing. */
  readonly has: Furniture | null;
  /** What no other may read of them. */
  readonly secrets: Secrets;
  /** Every id in their rows. */
  readonly ids: readonly string[];
  /** A token of each scope alone. */
  readonly tokens: Readonly<Record<Scope, string>>;
};

export type Scene = {
  readonly world: World;
  /** Whose things the others try to reach. */
  readonly owner: Party & { readonly has: Furniture };
  readonly neighbour: Party & { readonly has: Furniture };
  readonly newcomer: Party;
  readonly stranger: Stranger;
  /** Where a picture lies that was uploaded in a chat. */
  readonly pictureUrl: string;
  /** What the newcomer read while there was nobody else. */
  readonly readAlone: ReadonlyMap<string, string>;
  /** How many requests the outside services have had. */
  outside(): Readonly<Record<string, number>>;
  close(): Promise<void>;
};

/** A world of three accounts: one with everything, one with things of its own, one that is new. */
export async function openScene(): Promise<Scene> {
  const png = createCanvas(160, 90).toBuffer('image/png');
  const handle = () => ({ status: 200, body: png });
  const files = await serveRoutes([{ method: 'GET', path: /\/.*\.png/u, handle }], { status: 404 });
  const world = await createWorld({ settings: { DISCORD_API_URL: `${files.url}/api` } });
  const pictureUrl = `${files.url}/boat.png`;
  const newcomer = await enter(world, 'newcomer');
  const readAlone = await readAll(newcomer.context, pictureUrl);
  const owner = await enter(world, 'owner');
  const neighbour = await enter(world, 'neighbour');
  const stranger = await enterStranger(world);
  const parties = await Promise.all(
    [owner, neighbour, newcomer].map((one) => complete(world, one)),
  );
  const [first, second, third] = parties;
  if (!first?.has || !second?.has || !third) throw new Error('the scene is not set');
  return {
    world,
    owner: { ...first, has: first.has },
    neighbour: { ...second, has: second.has },
    newcomer: third,
    stranger,
    pictureUrl,
    readAlone,
    outside: () => countRequests(world),
    async close() {
      await world.close();
      await files.close();
    },
  };
}

const countRequests = ({ emulators }: World) => ({
  fal: emulators.fal.submits.length,
  runway: emulators.runway.submits.length + emulators.runway.polls.length,
  apify: emulators.apify.starts,
  gemini: emulators.gemini.requests.length,
  google: emulators.google.calls.length,
  stripe: emulators.stripe.requests.length,
});

type Entered = Omit<Party, 'ids' | 'secrets'> & {
  readonly account: string;
  readonly words: Map<string, string>;
};

async function enter(world: World, name: Party['name']): Promise<Entered> {
  const words = new Map<string, string>();
  const coin: Coin = (what) => {
    const word = isNumber.test(what) ? digits(world, what) : `w${digits(world, what)}`;
    words.set(what, word);
    return word;
  };
  // The name of an account may be shown to whoever holds a link of it, and to nobody else.
  const account = `${name} ${coin('account name')}`;
  const context = await world.context('terminal', account);
  const has = name === 'newcomer' ? null : await furnish(world, context, coin, account);
  return { name, account, context, has, words, tokens: await makeTokens(world, context, words) };
}

const isNumber = /^(?:foretold views|views|likes|comments|server .+)$/u;

/** Numbers that a column of counts takes, and ids as Discord gives them. */
const digits = ({ app }: World, what: string): string =>
  String(10n ** 17n + (app.ids.random(8).readBigUInt64BE() % 10n ** 17n)).slice(
    0,
    what.startsWith('server') ? 18 : 14,
  );

async function makeTokens(world: World, context: Context, words: Map<string, string>) {
  const made = await Promise.all(
    scopes.map(async (scope) => {
      const wish = { name: `${scope} only`, scopes: scope };
      const { token } = await world.must(tokenCreate, wish, context);
      words.set(`token for ${scope}`, z.string().parse(token));
      return [scope, token] as const;
    }),
  );
  return z.record(z.enum(scopes), z.string()).parse(Object.fromEntries(made));
}

/** Starts what would be ended by the work on the things of others, and adds every id of the account's rows. */
async function complete(world: World, { words, account, ...party }: Entered): Promise<Party> {
  const has = party.has && (await startMore(world, account, party.has));
  const ids = await idsOf(world, party.context.actor.accountId);
  const entries = ids.map((id) => [`id ${id}`, id] as const);
  return { ...party, has, ids, secrets: new Map([...words, ...entries]) };
}

/** Everybody but the one. */
export const othersThan = (
  { owner, neighbour, newcomer }: Scene,
  { name }: Pick<Party, 'name'>,
): Party[] => [owner, neighbour, newcomer].filter((one) => one.name !== name);
