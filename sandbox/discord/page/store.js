/** What the page knows: the last state it read, and every event since. */

const typingMs = 9000;
const shownLimit = 500;

export function createStore() {
  return {
    you: undefined,
    people: [],
    bot: undefined,
    botOnline: false,
    guilds: [],
    channels: [],
    commands: {},
    violations: [],
    open: undefined,
    messages: new Map(),
    /** Local lines of a channel: failures, refusals, commands on their way. */
    lines: new Map(),
    /** What went wrong with the last press on a message. */
    problems: new Map(),
    unread: new Map(),
    typing: new Map(),
    dismissed: new Set(JSON.parse(sessionStorage.getItem('dismissed') ?? '[]')),
  };
}

/** Takes in the state as a whole; lines, unread marks and the open channel stay. */
export function readState(store, state) {
  const { you, people, bot, botOnline, guilds, channels, commands, violations, messages } = state;
  const isSame = store.you?.id === you.id;
  const before = store.channels.find(({ id }) => id === store.open);
  Object.assign(store, { you, people, bot, botOnline, guilds, channels, commands, violations });
  store.messages = new Map(Object.entries(messages));
  if (!isSame) {
    for (const map of [store.lines, store.problems, store.unread, store.typing]) map.clear();
  }
  if (channels.some(({ id }) => id === store.open)) return;
  const namesake = channels.find(({ name }) => name === before?.name);
  store.open = (namesake ?? channels[0])?.id;
}

export function addLine(store, channelId, line) {
  const lines = store.lines.get(channelId) ?? [];
  store.lines.set(channelId, [...lines, { at: new Date().toISOString(), ...line }].slice(-50));
}

export function removeLine(store, channelId, key) {
  store.lines.set(
    channelId,
    (store.lines.get(channelId) ?? []).filter((line) => line.key !== key),
  );
}

export function dismiss(store, id) {
  store.dismissed.add(id);
  sessionStorage.setItem('dismissed', JSON.stringify([...store.dismissed]));
}

/** The newest messages of a channel that the person has not dismissed. */
export function shownMessages(store, channelId) {
  const kept = (store.messages.get(channelId) ?? []).filter(({ id }) => !store.dismissed.has(id));
  return kept.slice(-shownLimit);
}

/** Takes in one event; false when only the whole state can tell what has changed. */
export function readEvent(store, event) {
  switch (event.type) {
    case 'message':
      return readMessage(store, event);
    case 'typing': {
      const typing = store.typing.get(event.channelId) ?? new Map();
      store.typing.set(event.channelId, typing.set(event.userId, Date.now() + typingMs));
      return true;
    }
    case 'violation': {
      const { violation } = event;
      const isKnown = store.violations.some(
        ({ at, route, code }) =>
          at === violation.at && route === violation.route && code === violation.code,
      );
      if (isKnown) return true;
      store.violations = [...store.violations, violation].slice(-200);
      const named = store.channels.find(({ id }) => violation.route.includes(id))?.id;
      addLine(store, named ?? store.open, {
        kind: 'refusal',
        key: `refusal-${violation.at}-${store.violations.length}-${violation.code}`,
        violation,
      });
      return true;
    }
    case 'bot':
      store.botOnline = event.online;
      return true;
    default:
      return false;
  }
}

function readMessage(store, { change, message }) {
  const { channel_id: channelId, id } = message;
  if (!store.channels.some((channel) => channel.id === channelId)) return false;
  const messages = store.messages.get(channelId) ?? [];
  if (change === 'deleted') {
    store.messages.set(
      channelId,
      messages.filter((other) => other.id !== id),
    );
    return true;
  }
  const known = messages.some((other) => other.id === id);
  store.messages.set(
    channelId,
    known ? messages.map((other) => (other.id === id ? message : other)) : [...messages, message],
  );
  store.problems.delete(id);
  store.typing.get(channelId)?.delete(message.author.id);
  if (!known && channelId !== store.open && message.author.id !== store.you.id) {
    store.unread.set(channelId, (store.unread.get(channelId) ?? 0) + 1);
  }
  return true;
}

export function typists(store, channelId) {
  const now = Date.now();
  return [...(store.typing.get(channelId) ?? [])]
    .filter(([id, until]) => until > now && id !== store.you.id)
    .map(([id]) => id);
}

/** The names behind ids and the words of the language, as the drawing code asks for them. */
export function createLook(store, words) {
  const users = () => [
    { ...store.bot, bot: true },
    ...store.people.map(({ id, name }) => ({ id, username: name, global_name: name })),
  ];
  const nameOf = (user) => {
    if (user.id === store.bot.id) return user.global_name ?? user.username;
    return store.people.find(({ id }) => id === user.id)?.name ?? user.global_name ?? user.username;
  };
  const open = store.channels.find(({ id }) => id === store.open);
  return {
    words,
    locale: store.you.locale,
    you: store.you,
    bot: store.bot,
    /** Changes when everything must be drawn anew. */
    stamp: [store.you.id, store.you.locale, store.people.length, store.channels.length].join(' '),
    canThread: Boolean(open?.guildId && !open.parentId),
    users,
    nameOf,
    channels: () => store.channels.filter(({ guildId }) => guildId !== null),
    isJilo: (user) => user?.id === store.bot.id,
    threadOf: (message) =>
      message.thread ?? store.channels.find(({ id, parentId }) => parentId && id === message.id),
    userName: (id) => users().find((user) => user.id === id)?.username,
    channelTitle(id) {
      const channel = store.channels.find((one) => one.id === id);
      return channel && (channel.guildId === null ? `@${channel.name}` : `#${channel.name}`);
    },
    channelName: (id) => store.channels.find((channel) => channel.id === id)?.name,
    commandName: (path) => {
      const known = Object.values(store.commands).flat();
      return known.find((command) => command.path === path)?.localizedPath ?? path;
    },
  };
}
