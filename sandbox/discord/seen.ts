import {
  ButtonStyle,
  ComponentType,
  MessageFlags,
  type APIMessage,
  type APISelectMenuComponent,
} from 'discord-api-types/v10';

import { isSelect, placedComponents } from './components.ts';
import type { Seen, SeenButton, SeenSelect } from './types.ts';
import type { MessageRecord, World } from './world.ts';

/**
 * All texts of a message in reading order: content, embeds, text displays.
 * @internal
 */
export function textOf(message: APIMessage): string {
  const embeds = message.embeds.flatMap((embed) => [
    embed.author?.name,
    embed.title,
    embed.description,
    ...(embed.fields ?? []).map(({ name, value }) => `${name}: ${value}`),
    embed.footer?.text,
  ]);
  const displays = placedComponents(message.components ?? []).map(({ component }) =>
    component.type === ComponentType.TextDisplay ? component.content : undefined,
  );
  return [message.content, ...embeds, ...displays].filter(Boolean).join('\n');
}

/** A snapshot of a message for whoever may see it. */
export function seeMessage(world: World, record: MessageRecord): Seen {
  const { message } = record;
  const all = placedComponents(message.components ?? []).map(({ component }) => component);
  const person = world.people.get(message.author.id);
  return {
    id: message.id,
    channelId: message.channel_id,
    text: textOf(message),
    message,
    buttons: all.flatMap((component) =>
      component.type === ComponentType.Button ? [seeButton(component)] : [],
    ),
    selects: all.filter(isSelect).map(seeSelect),
    ephemeral: record.visibleTo !== null,
    visibleTo: record.visibleTo,
    attachments: message.attachments.map((file) => ({
      name: file.filename,
      url: file.url,
      contentType: file.content_type ?? '',
      size: file.size,
    })),
    author: {
      id: message.author.id,
      name: person?.name ?? message.author.username,
      isBot: message.author.bot ?? false,
    },
    edits: record.edits,
    thinking: ((message.flags ?? 0) & MessageFlags.Loading) !== 0,
  };
}

type AnyButton = Extract<
  ReturnType<typeof placedComponents>[number]['component'],
  { type: ComponentType.Button }
>;

function seeButton(button: AnyButton): SeenButton {
  const hasLabel = button.style !== ButtonStyle.Premium;
  const emoji = hasLabel ? button.emoji?.name : undefined;
  return {
    label: hasLabel ? (button.label ?? emoji ?? '') : 'Premium',
    customId: 'custom_id' in button ? button.custom_id : null,
    disabled: button.disabled ?? false,
    ...(button.style === ButtonStyle.Link ? { url: button.url } : {}),
    style: button.style,
  };
}

const selectKinds: Readonly<Record<APISelectMenuComponent['type'], SeenSelect['kind']>> = {
  [ComponentType.StringSelect]: 'string',
  [ComponentType.UserSelect]: 'user',
  [ComponentType.RoleSelect]: 'role',
  [ComponentType.MentionableSelect]: 'mentionable',
  [ComponentType.ChannelSelect]: 'channel',
};

function seeSelect(select: APISelectMenuComponent): SeenSelect {
  const options = select.type === ComponentType.StringSelect ? select.options : [];
  return {
    customId: select.custom_id,
    placeholder: select.placeholder ?? '',
    disabled: select.disabled ?? false,
    kind: selectKinds[select.type],
    minValues: select.min_values ?? 1,
    maxValues: select.max_values ?? 1,
    options: options.map(({ label, value, description, default: isDefault }) => ({
      label,
      value,
      ...(description ? { description } : {}),
      isDefault: isDefault ?? false,
    })),
  };
}
