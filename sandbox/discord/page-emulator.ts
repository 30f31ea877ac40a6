import type { DiscordEmulator } from './types.ts';

/** What the page needs of the emulator. */
export type PageEmulator = Pick<
  DiscordEmulator,
  'bot' | 'commandsFor' | 'guilds' | 'people' | 'person' | 'sessions' | 'subscribe' | 'violations'
>;

/** Whose direct messages these are; null for the channel of a server. */
export function ownerOf(emulator: PageEmulator, channelId: string): string | null {
  return emulator.people().find((person) => person.dm().channelId === channelId)?.id ?? null;
}
