import { InteractionType } from 'discord-api-types/v10';

import { commandData, fillOptions, storeFile } from './command-input.ts';
import { findLeaf, pathOf, type Leaf } from './command-menu.ts';
import { click, present, select, type Here } from './controls.ts';
import { startInteraction } from './interactions.ts';
import { findMentions } from './mentions.ts';
import { createMessage } from './messages.ts';
import { modalData } from './modal-input.ts';
import { addThread } from './places.ts';
import { seeMessage } from './seen.ts';
import { recentTranscript, recordAction } from './transcript.ts';
import { createTurn, suggestionsOf, waitUntil } from './turns.ts';
import type { FormValues, ModalSeen, OptionValue, Place, Seen, Turn } from './types.ts';
import {
  type ChannelState,
  type InteractionState,
  type MessageRecord,
  type PersonState,
  type World,
} from './world.ts';

type Values = Readonly<Record<string, OptionValue>>;

/** What a person can do at a place; the channel is looked up at every act. */
export function createPlace(
  world: World,
  person: PersonState,
  channelOf: () => ChannelState,
): Place {
  const here = (): Here => ({ world, person, channel: channelOf() });
  return {
    get channelId() {
      return channelOf().id;
    },
    get guildId() {
      return channelOf().guildId;
    },
    slash: async (command, options = {}) => slash(here(), command, options),
    suggest: async (command, field, typed, options = {}) =>
      suggestionsOf(world, type(here(), { command, field, typed, options })),
    click: async (message, button) => click(here(), message, button),
    select: async (message, name, values) => select(here(), message, name, values),
    submit: async (modal, fields) => submit(here(), modal, fields),
    say: async (text, options = {}) => say(here(), text, options),
    thread: (name, from) => startThread(here(), name, from),
    sees: () => visible(here()).map((record) => seeMessage(world, record)),
    waitFor: async (what, { timeoutMs = 5000 } = {}) => {
      const fits = (message: Seen) =>
        typeof what === 'function' ? what(message) : message.text.search(what) !== -1;
      return waitUntil(
        world,
        () =>
          visible(here())
            .map((record) => seeMessage(world, record))
            .findLast(fits) ?? null,
        () =>
          `${person.name} waited ${timeoutMs} ms for ${String(what)}, but sees:\n${recentTranscript(world, channelOf())}`,
        timeoutMs,
      );
    },
  };
}

function visible({ person, channel }: Here): MessageRecord[] {
  return [...channel.records.values()].filter(
    ({ visibleTo }) => visibleTo === null || visibleTo === person.user.id,
  );
}

function slash({ world, person, channel }: Here, said: string, values: Values): Turn {
  const leaf = findLeaf(world, person, channel, said);
  const filled = fillOptions({ world, person, channel, leaf }, values, false);
  const shown = Object.entries(values).map(([key, value]) => `${key}: ${shownValue(value)}`);
  const action = pathOf(leaf);
  recordAction(world, channel.id, `${person.name}: ${[action, ...shown].join(' ')}`);
  const interaction = startInteraction(world, {
    type: InteractionType.ApplicationCommand,
    person,
    channel,
    action,
    data: commandData({ leaf }, filled),
    ...installation(leaf),
  });
  return createTurn(world, interaction);
}

const shownValue = (value: OptionValue): string =>
  typeof value === 'object' ? `[file ${value.name}]` : String(value);

function installation({ command }: Leaf) {
  return command.guild_id === undefined && command.integration_types
    ? { integrationTypes: command.integration_types }
    : { integrationTypes: [0] };
}

type Typing = {
  readonly command: string;
  readonly field: string;
  readonly typed: string;
  readonly options: Values;
};

/** Half-typed values go to the bot as they are. */
function type({ world, person, channel }: Here, typing: Typing): InteractionState {
  const leaf = findLeaf(world, person, channel, typing.command);
  const option = leaf.options.find(({ name }) => name === typing.field);
  if (!option || !('autocomplete' in option) || !option.autocomplete) {
    throw new Error(`${pathOf(leaf)} suggests nothing for "${typing.field}"`);
  }
  const { [typing.field]: _typed, ...others } = typing.options;
  const filled = fillOptions({ world, person, channel, leaf }, others, true);
  const focused = { type: option.type, name: option.name, value: typing.typed, focused: true };
  const data = commandData({ leaf }, { ...filled, options: [...filled.options, focused] });
  return startInteraction(world, {
    type: InteractionType.ApplicationCommandAutocomplete,
    person,
    channel,
    action: `${pathOf(leaf)} ${option.name}: ${typing.typed}...`,
    data,
    ...installation(leaf),
  });
}

function submit({ world, person, channel }: Here, seen: ModalSeen, fields: FormValues): Turn {
  const opener = [...world.interactions.values()].findLast(({ id }) => id === seen.interactionId);
  if (opener?.form !== 'open') throw new Error(`The form "${seen.title}" is closed`);
  if (opener.personId !== person.user.id) {
    throw new Error(`The form "${seen.title}" is open for somebody else`);
  }
  const data = modalData(world, opener, fields);
  opener.form = 'sent';
  const shown = Object.entries(fields).map(([key, value]) => `${key}: ${shownField(value)}`);
  recordAction(
    world,
    channel.id,
    `${person.name} submits "${seen.title}" ${shown.join(', ')}`.trimEnd(),
  );
  const source =
    opener.sourceMessageId === null ? null : (channel.records.get(opener.sourceMessageId) ?? null);
  const interaction = startInteraction(world, {
    type: InteractionType.ModalSubmit,
    person,
    channel,
    action: `"${seen.title}"`,
    data,
    source,
    trigger: opener,
  });
  return createTurn(world, interaction);
}

function shownField(value: FormValues[string]): string {
  if (typeof value === 'string' || typeof value === 'boolean') return String(value);
  return value.map((one) => (typeof one === 'string' ? one : `[file ${one.name}]`)).join(' + ');
}

type SayOptions = NonNullable<Parameters<Place['say']>[1]>;

function say(here: Here, text: string, { replyTo, attachments = [] }: SayOptions): Seen {
  const { world, person, channel } = here;
  if (text.length > 2000)
    throw new Error(`A message has at most 2000 characters, not ${text.length}`);
  if (text.trim() === '' && attachments.length === 0) throw new Error('There is nothing to send');
  if (channel.archived) channel.archived = false;
  const content = withMentions(world, text);
  const record = createMessage(world, {
    channel,
    author: person.user,
    parts: {
      content,
      embeds: [],
      components: [],
      attachments: attachments.map((file) => storeFile(world, channel, file)),
      flags: 0,
      ...findMentions(world, { content, components: [] }, null),
    },
    reference: replyTo ? present(here, replyTo) : null,
    pingsReplied: true,
  });
  return seeMessage(world, record);
}

/** `@Name` as the client's own completion would turn it into a mention, longest names first. */
function withMentions(world: World, text: string): string {
  const named = [
    { id: world.botUser.id, name: world.botUser.username },
    ...[...world.people.values()].map(({ user, name }) => ({ id: user.id, name })),
  ].toSorted((a, b) => b.name.length - a.name.length);
  return named.reduce((said, { id, name }) => said.replaceAll(`@${name}`, `<@${id}>`), text);
}

function startThread(here: Here, name: string, from?: Seen): Place {
  const { world, person, channel } = here;
  if (channel.kind !== 'text') throw new Error('Threads start in channels of a server');
  const fromMessageId = from ? present(here, from).message.id : null;
  if (fromMessageId !== null && world.channels.has(fromMessageId)) {
    throw new Error('This message has a thread already');
  }
  const ownerId = person.user.id;
  const thread = addThread(world, { parent: channel, name, ownerId, fromMessageId });
  return createPlace(world, person, () => thread);
}
