import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import { z } from 'zod';

// The page's scripts are plain JavaScript for the browser and have no declarations.
const functionIn = <T>() => z.custom<T>((value) => typeof value === 'function');

type Message = {
  readonly id: string;
  readonly channel_id: string;
  readonly author: { id: string };
};
type State = {
  readonly cursor: string;
  readonly you: { readonly id: string };
  readonly channels: readonly { readonly id: string; readonly name: string }[];
  readonly messages: Readonly<Record<string, readonly Message[]>>;
};
type Store = { readonly you: { readonly id: string }; readonly messages: Map<string, Message[]> };
type Listening = {
  readonly person: string;
  onEvent(event: object): void;
  onReset(): void;
  onOffline(): void;
};
type Host = {
  fetchState(person?: string): Promise<State>;
  listen(wanted: Listening): () => void;
  draw(): void;
  entered(isOther: boolean): void;
  online(isOnline: boolean): void;
};
type Session = { enter(person?: string): Promise<void>; refresh(): Promise<void> };

const { Session } = z
  .object({ Session: functionIn<new (store: Store, host: Host) => Session>() })
  .parse(await import(new URL('./page/session.js', import.meta.url).href));
vi.stubGlobal('sessionStorage', { getItem: () => null });
afterAll(() => vi.unstubAllGlobals());
const { createStore } = z
  .object({ createStore: functionIn<() => Store>() })
  .parse(await import(new URL('./page/store.js', import.meta.url).href));

const say = (id: string): Message => ({ id, channel_id: 'general', author: { id: 'bot' } });

/** What the server would tell a person: the channel, with these messages in it. */
const stateOf = (id: string, ...messages: readonly string[]): State => ({
  cursor: '1',
  you: { id },
  channels: [{ id: 'general', name: 'general' }],
  messages: { general: messages.map(say) },
});
const arrives = (id: string) => ({ type: 'message', change: 'created', message: say(id) });
const somethingElse = { type: 'people' };

let store: Store;
let asked: { readonly person: string | undefined; answer(state: State): void }[];
let listening: Listening[];
let stopped: string[];
let told: (boolean | string)[];
let session: Session;

beforeEach(() => {
  store = createStore();
  asked = [];
  listening = [];
  stopped = [];
  told = [];
  session = new Session(store, {
    fetchState(person) {
      const { promise, resolve } = Promise.withResolvers<State>();
      asked.push({ person, answer: resolve });
      return promise;
    },
    listen(wanted) {
      listening.push(wanted);
      return () => void stopped.push(wanted.person);
    },
    draw: () => undefined,
    entered: (isOther) => void told.push(isOther ? `${store.you.id} enters` : 'read again'),
    online: (isOnline) => void told.push(isOnline),
  });
});

const shown = () => (store.messages.get('general') ?? []).map(({ id }) => id);

async function enter(person: string, ...messages: readonly string[]): Promise<void> {
  const entering = session.enter(person);
  asked.at(-1)?.answer(stateOf(person, ...messages));
  await entering;
}

test('an answer to the one who spoke before is dropped, also when it comes last', async () => {
  await enter('ann', 'for ann');
  const late = session.refresh();
  await enter('bob', 'for all');
  asked[1]?.answer(stateOf('ann', 'for ann', 'secret of ann'));
  await late;
  expect([store.you.id, shown(), stopped]).toEqual(['bob', ['for all'], ['ann']]);
});

test('the same holds when the first person has come back in between', async () => {
  await enter('ann', 'old');
  const late = session.refresh();
  await enter('bob');
  await enter('ann', 'old', 'new');
  asked[1]?.answer(stateOf('ann', 'old'));
  await late;
  expect(shown()).toEqual(['old', 'new']);
});

test('of two people who are asked for at once the last one speaks, in whatever order they come', async () => {
  const first = session.enter('ann');
  const second = session.enter('bob');
  asked[1]?.answer(stateOf('bob', 'for bob'));
  asked[0]?.answer(stateOf('ann', 'for ann'));
  await Promise.all([first, second]);
  expect([store.you.id, shown(), told]).toEqual(['bob', ['for bob'], ['bob enters']]);
  expect(listening.map(({ person }) => person)).toEqual(['bob']);
});

test('what an old stream still brings is not heard', async () => {
  await enter('ann');
  await enter('bob');
  listening[0]?.onEvent(arrives('secret of ann'));
  listening[0]?.onEvent(somethingElse);
  listening[0]?.onReset();
  listening[0]?.onOffline();
  listening[1]?.onEvent(arrives('for bob'));
  expect([shown(), asked.length, told]).toEqual([['for bob'], 2, ['ann enters', 'bob enters']]);
});

test('events that come while the state is read are kept, but not for another person', async () => {
  await enter('ann');
  listening[0]?.onEvent(somethingElse);
  listening[0]?.onEvent(arrives('secret of ann'));
  await enter('bob', 'for bob');
  asked[1]?.answer(stateOf('ann'));
  await vi.waitFor(() => expect(shown()).toEqual(['for bob']));

  listening[1]?.onEvent(somethingElse);
  listening[1]?.onEvent(arrives('newer'));
  expect(shown()).toEqual(['for bob']);
  asked.at(-1)?.answer(stateOf('bob', 'for bob'));
  await vi.waitFor(() => expect(shown()).toEqual(['for bob', 'newer']));
});

test('a newer reading takes over what came during an older one', async () => {
  await enter('ann');
  const older = session.refresh();
  listening[0]?.onEvent(arrives('newest'));
  const newer = session.refresh();
  asked[2]?.answer(stateOf('ann', 'second'));
  await newer;
  asked[1]?.answer(stateOf('ann', 'first'));
  await older;
  expect(shown()).toEqual(['second', 'newest']);
});

test('after a reset the same person is read again and hears on', async () => {
  await enter('ann', 'old');
  listening[0]?.onReset();
  asked[1]?.answer(stateOf('ann', 'new'));
  await vi.waitFor(() => expect(shown()).toEqual(['new']));
  listening[1]?.onEvent(arrives('newer'));
  expect([shown(), told]).toEqual([
    ['new', 'newer'],
    ['ann enters', 'read again'],
  ]);
});
