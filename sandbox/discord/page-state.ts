import type { PageEmulator } from './page-emulator.ts';
import type { Feed } from './page-feed.ts';
import type { Person, Place, TextChannel } from './types.ts';

type Wanted = {
  /** Id of the person; without one, or with one that is gone, the newcomer of the language is shown. */
  readonly wanted: string | undefined;
  /** The Accept-Language header, for the language of a newcomer. */
  readonly language: string | undefined;
  readonly feed: Feed;
};

/** Everything that one person's page shows, read at once; makes the newcomer of a language on first sight. */
export function pageState(emulator: PageEmulator, { wanted, language, feed }: Wanted): object {
  const before = emulator.people().length;
  const you = chosenPerson(emulator, wanted, language);
  if (emulator.people().length > before) feed.announce();
  const places = placesOf(emulator, you, feed);
  return {
    // Id of the last event that the state already contains.
    cursor: feed.cursor(),
    you: personView(you),
    people: emulator.people().map(personView),
    bot: { id: emulator.bot.id, username: emulator.bot.username, bot: true },
    botOnline: emulator.sessions().some(({ connected }) => connected),
    guilds: emulator.guilds().map(({ id, name }) => ({ id, name })),
    channels: places.map(({ place: _place, ...channel }) => channel),
    messages: Object.fromEntries(
      places.map(({ id, place }) => [id, place.sees().map(({ message }) => feed.view(message))]),
    ),
    commands: Object.fromEntries(
      places.map(({ id, place }) => [id, emulator.commandsFor(you, place)]),
    ),
    violations: emulator.violations.slice(-50),
  };
}

function chosenPerson(
  emulator: PageEmulator,
  wanted: string | undefined,
  language: string | undefined,
): Person {
  const chosen = emulator.people().find(({ id }) => id === wanted);
  return chosen ?? newcomer(emulator, language);
}

/** Whoever comes first, by the language of their browser. */
export function newcomer(
  emulator: Pick<PageEmulator, 'person'>,
  language: string | undefined,
): Person {
  // Browsers name the languages in the order of preference.
  const [preferred] = /\b(?:zh|en)\b/i.exec(language ?? '') ?? [];
  const isChinese = preferred?.toLowerCase() === 'zh';
  const locale = isChinese ? 'zh-CN' : 'en-US';
  return emulator.person(isChinese ? '你' : 'You', { locale, isManager: true });
}

function personView({ id, name, locale }: Person): object {
  return { id, name, locale };
}

type ShownPlace = TextChannel & { readonly parentId?: string; readonly place: Place };

function placesOf(emulator: PageEmulator, you: Person, feed: Feed): readonly ShownPlace[] {
  const direct = you.dm();
  const channels = [...emulator.guilds().flatMap((guild) => guild.channels()), ...feed.threads()];
  return [
    ...channels.map((channel) => ({ ...channel, place: you.in(channel) })),
    { id: direct.channelId, name: emulator.bot.username, guildId: null, place: direct },
  ];
}
