import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { expect, vi } from 'vitest';
import { z } from 'zod';

import { parseActionId } from '../../bot/discord/action-id.ts';
import { openMember } from '../../bot/discord/person.ts';
import { claimWelcome } from '../../core/account/welcome.ts';
import { localeOf, type Locale } from '../../core/messages/catalogue.ts';
import type {
  Guild,
  ModalSeen,
  OptionValue,
  Person,
  Place,
  Seen,
  Turn,
} from '../../sandbox/discord/types.ts';
import type { Chat } from './chat.ts';
import { readable } from './story-text.ts';
import { settled } from './trips.ts';

export type Language = 'en-US' | 'zh-CN';
export const languages: readonly Language[] = ['en-US', 'zh-CN'];

type Fields = Readonly<Record<string, string | boolean | readonly string[]>>;

/** What one person does at a place; buttons, lists and forms are named by their action. */
export type Hand = {
  readonly person: Person;
  readonly place: Place;
  /** Sends a command and reads its answer. */
  ask(command: string, options?: Readonly<Record<string, OptionValue>>): Promise<Seen>;
  /** Sends a command and reads the form that it opens. */
  open(command: string, options?: Readonly<Record<string, OptionValue>>): Promise<ModalSeen>;
  /** Presses the button of an action, the `nth` of several, on the message as it is now. */
  click(message: Seen, action: string, nth?: number): Promise<Turn>;
  press(message: Seen, action: string, nth?: number): Promise<Seen>;
  pressForForm(message: Seen, action: string): Promise<ModalSeen>;
  pick(message: Seen, action: string, values: readonly string[]): Promise<Seen>;
  fill(form: ModalSeen, fields: Fields): Promise<Seen>;
  /** The newest message on which the action is offered. */
  finds(action: string): Promise<Seen>;
  /** The message as soon as it is so. */
  until(message: Seen, isSo: RegExp | ((now: Seen) => boolean)): Promise<Seen>;
  at(place: Place): Hand;
};

/** One journey in a server of its own, told at its end as a file. */
export type Story = {
  readonly chat: Chat;
  readonly locale: Locale;
  readonly language: Language;
  readonly guild: Guild;
  readonly owner: Hand;
  /** The same person alone with the bot. */
  readonly direct: Hand;
  newcomer(name: string, options?: { isManager?: boolean }): Promise<Hand>;
  /** The words of the journey's language. */
  in<Words>(words: Readonly<Record<Locale, Words>>): Words;
  /** Keeps what a message looks like before it changes. */
  moment(title: string, message: Seen): void;
  /** Keeps a form with its fields. */
  form(title: string, form: ModalSeen): void;
  /** Compares with the file, and with what must hold after every journey. */
  end(options?: StoryEnd): Promise<void>;
};

export type StoryEnd = {
  /** Further places of the owner or others that belong to it. */
  readonly places?: readonly Place[];
  /** Warnings that belong to what went wrong. */
  readonly warnings?: RegExp;
  /** Whether somebody's direct messages are closed, which only a refusal tells. */
  readonly isClosed?: boolean;
};

const offers = (message: Seen, action: string): boolean =>
  message.buttons.some(
    ({ customId, disabled }) => !disabled && parseActionId(customId ?? '')?.name === action,
  );

const idOf = (
  controls: readonly { readonly customId: string | null }[],
  action: string,
  nth = 0,
): string => {
  const found = controls.filter(({ customId }) => parseActionId(customId ?? '')?.name === action);
  const id = found[nth]?.customId;
  if (!id) throw new Error(`nothing here does ${action}`);
  return id;
};

export function handOf(person: Person, place: Place): Hand {
  const now = (message: Seen): Seen => place.sees().find(({ id }) => id === message.id) ?? message;
  const hand: Hand = {
    person,
    place,
    ask: async (command, options) => (await place.slash(command, options)).reply(),
    open: async (command, options) => (await place.slash(command, options)).modal(),
    click: (message, action, nth) =>
      place.click(now(message), idOf(now(message).buttons, action, nth)),
    press: async (message, action, nth) => (await hand.click(message, action, nth)).reply(),
    pressForForm: async (message, action) => (await hand.click(message, action)).modal(),
    pick: async (message, action, values) =>
      (await place.select(now(message), idOf(now(message).selects, action), values)).reply(),
    fill: async (form, fields) => (await place.submit(form, fields)).reply(),
    finds: (action) => place.waitFor((message) => offers(message, action), { timeoutMs: 10_000 }),
    until: (message, isSo) =>
      place.waitFor(
        (seen) =>
          seen.id === message.id &&
          (typeof isSo === 'function' ? isSo(seen) : isSo.test(seen.text)),
        { timeoutMs: 10_000 },
      ),
    at: (other) => handOf(person, other),
  };
  return hand;
}

/** Waits for what is still being told; when it never reads as kept, the comparison shows how. */
async function becomes(read: () => string, kept: string): Promise<void> {
  const text = await readFile(kept, 'utf8').catch(() => null);
  if (text === null) return;
  await vi.waitUntil(() => read() === text, { timeout: 10_000, interval: 50 }).catch(() => null);
}

let people = 0;

export type StoryOptions = {
  /** Whether the owner has not been welcomed yet. */
  readonly isNew?: boolean;
};

/** Opens a server where only this journey happens, and an owner with an account of their own. */
export async function createStory(
  chat: Chat,
  name: string,
  language: Language,
  { isNew = false }: StoryOptions = {},
): Promise<Story> {
  const { discord, world } = chat;
  chat.ids.begin(name);
  const locale = localeOf(language);
  const guild = discord.guild(name);
  const general = guild.channel('general');
  const startedAt = world.now();
  const logsBefore = world.logs.length;
  const moments: string[] = [];
  const join = (who: string, options: { isManager?: boolean } = {}): Hand => {
    people += 1;
    const id = String(100_000_000_000_000_000n + BigInt(people));
    const person = discord.person(who, { locale: language, id, ...options });
    return handOf(person, person.in(general));
  };
  const owner = join('owner');
  const direct = owner.at(owner.person.dm());
  if (!isNew) await greet(chat, owner.person);
  return {
    chat,
    locale,
    language,
    guild,
    owner,
    direct,
    async newcomer(who, how) {
      const hand = join(who, how);
      await greet(chat, hand.person);
      return hand;
    },
    in: (words) => words[locale],
    moment: (title, message) => moments.push(`## ${title}`, '', '```', message.text, '```', ''),
    form: (title, form) => moments.push(`## ${title}`, '', '```', formText(form), '```', ''),
    async end({ places = [], ...expected } = {}) {
      const read = () => {
        const told = [owner.place, direct.place, ...places].map((at) => discord.transcript(at));
        const parts = [...told.filter(isSaid).map(asSection), ...moments];
        return `${readable([`# ${name}`, '', ...parts].join('\n'), startedAt).trimEnd()}\n`;
      };
      const kept = fileURLToPath(
        new URL(`../journeys/transcripts/${name}.${locale}.md`, import.meta.url),
      );
      await becomes(read, kept);
      await expect(read()).toMatchFileSnapshot(kept);
      await expectHealthy(chat, { ...expected, logsBefore });
    },
  };
}

/** Somebody who has been here before, in the right place of the world for their language. */
export async function greet(
  chat: Chat,
  { id: userId, name, locale: language }: Person,
): Promise<string> {
  const member = { userId, name, language, serverId: null, isManager: false, roles: [] };
  const { id } = await openMember(chat.world.app, member);
  await claimWelcome(chat.world.app, id);
  return id;
}

const isSaid = (transcript: string): boolean => transcript.includes('\n');

function asSection(transcript: string): string {
  const [title = '', ...lines] = transcript.split('\n');
  return [`#${title}`, '', '```', ...lines, '```', ''].join('\n');
}

function formText({ title, texts, fields }: ModalSeen): string {
  const lines = fields.map(({ label, description, value, options, min, max, kind }) => {
    const chosen = typeof value === 'string' ? JSON.stringify(value) : String(value);
    const list = options.map((option) => option.label).join(' | ');
    const bounds = kind === 'text' ? ` (${min} to ${max})` : '';
    return [`${label}${bounds}: ${chosen}`, description, list].filter(Boolean).join('\n    ');
  });
  return [title, ...texts, ...lines].join('\n');
}

const logLine = z.looseObject({
  level: z.union([z.string(), z.number()]),
  msg: z.string().optional(),
});
const isLoud = (level: string | number): boolean =>
  typeof level === 'number' ? level >= 40 : ['warn', 'error', 'fatal'].includes(level);

/** Log lines that somebody would have to look into. */
function troubles(lines: readonly string[], expected?: RegExp): string[] {
  return lines.filter(
    (line) => isLoud(logLine.parse(JSON.parse(line)).level) && !expected?.test(line),
  );
}

const closedDirectMessages = 50_007;

/** Nothing that Discord refuses, nothing wrong with the emulator, quiet logs, and every unit accounted for. */
export async function expectHealthy(
  { discord, fatal, world }: Chat,
  {
    logsBefore = 0,
    warnings,
    isClosed = false,
  }: Omit<StoryEnd, 'places'> & { logsBefore?: number } = {},
): Promise<void> {
  const refused = discord.violations.filter(
    ({ code }) => !isClosed || code !== closedDirectMessages,
  );
  expect(refused).toEqual([]);
  expect(discord.selfFaults).toEqual([]);
  expect(fatal).toEqual([]);
  expect(troubles(world.logs.slice(logsBefore), warnings)).toEqual([]);
  await settled(world);
}
