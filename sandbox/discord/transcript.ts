import {
  ButtonStyle,
  ComponentType,
  type APIEmbed,
  type APIMediaGalleryItem,
  type APISelectMenuComponent,
} from 'discord-api-types/v10';

import type { MessageComponent } from './components.ts';
import { isThinking } from './messages.ts';
import { addEntry, pick, type ChannelState, type MessageRecord, type World } from './world.ts';

/** Everything that was said and done in a channel, in order, without ids and times. */
export function transcriptOf(world: World, channel: ChannelState): string {
  const lines = channel.entries.map((entry) =>
    entry.kind === 'action' ? `> ${entry.text}` : messageText(world, channel, entry.record),
  );
  return [`# ${channel.name}`, ...lines].join('\n');
}

/** The end of a transcript, for error messages. */
export function recentTranscript(world: World, channel: ChannelState): string {
  const lines = transcriptOf(world, channel).split('\n');
  return lines
    .slice(-60)
    .map((line) => (line.length > 300 ? `${line.slice(0, 300)}...` : line))
    .join('\n');
}

function messageText(world: World, channel: ChannelState, record: MessageRecord): string {
  const { message, visibleTo } = record;
  const name = nameOf(world, message.author.id) ?? message.author.username;
  const marks = [
    ...(visibleTo === null ? [] : [`only ${nameOf(world, visibleTo) ?? 'one person'} sees this`]),
    ...(record.edits > 0 ? ['edited'] : []),
    ...pings(world, record),
  ];
  const reply = message.message_reference?.message_id;
  const replied = reply === undefined ? undefined : channel.records.get(reply);
  const isPersonsReply = replied && !message.interaction_metadata;
  const head = [
    name,
    isPersonsReply ? ` -> ${nameOf(world, replied.message.author.id) ?? ''}` : '',
    marks.length > 0 ? ` (${marks.join('; ')})` : '',
    ':',
  ].join('');
  const body = isThinking(message) ? ['is thinking...'] : bodyLines(world, record);
  const [first = '', ...rest] = body;
  if (rest.length === 0 && !first.includes('\n')) return `${head} ${first}`.trimEnd();
  return [
    head,
    ...body.flatMap((line) => line.split('\n')).map((line) => `  ${line}`.trimEnd()),
  ].join('\n');
}

function pings(world: World, { message }: MessageRecord): string[] {
  const names = message.mentions
    .filter(({ id }) => id !== world.botUser.id)
    .map(({ id }) => `@${nameOf(world, id) ?? id}`);
  const everyone = message.mention_everyone ? ['@everyone'] : [];
  const all = [...everyone, ...names, ...message.mention_roles.map(() => '@role')];
  return all.length > 0 ? [`pings ${all.join(', ')}`] : [];
}

function bodyLines(world: World, { message }: MessageRecord): string[] {
  const components = message.components ?? [];
  const shown = new Set(JSON.stringify(components).match(/"attachment_id":"(\d+)"/g));
  const files = message.attachments
    .filter(({ id }) => !shown.has(`"attachment_id":"${id}"`))
    .map(({ filename }) => `[file ${filename}]`);
  return [
    ...(message.content ? [readable(world, message.content)] : []),
    ...message.embeds.flatMap((embed) => embedLines(world, embed)),
    ...components.flatMap((component) => componentLines(world, component)),
    ...files,
  ];
}

function embedLines(world: World, embed: APIEmbed): string[] {
  const texts = [
    embed.author?.name,
    embed.title && `**${embed.title}**`,
    embed.description,
    ...(embed.fields ?? []).map(({ name, value }) => `${name}: ${value}`),
    embed.image && '[image]',
    embed.thumbnail && '[thumbnail]',
    embed.footer?.text,
  ];
  const lines = texts.flatMap((text) => (text ? readable(world, text).split('\n') : []));
  return lines.map((line) => `| ${line}`.trimEnd());
}

function componentLines(world: World, component: MessageComponent): string[] {
  switch (component.type) {
    case ComponentType.Container:
      return innerLines(world, component.components).map((line) => `| ${line}`.trimEnd());
    case ComponentType.ActionRow:
      return [innerLines(world, component.components).join(' ')];
    case ComponentType.Section:
      return innerLines(world, [...component.components, component.accessory]);
    case ComponentType.TextDisplay:
      return readable(world, component.content).split('\n');
    case ComponentType.Separator:
      return component.divider === false ? [] : ['---'];
    case ComponentType.MediaGallery:
      return component.items.map(mediaText);
    case ComponentType.Thumbnail:
      return [['[thumbnail', component.description].filter(Boolean).join(': ') + ']'];
    case ComponentType.File:
      return [`[file ${fileName(component.file.url)}]`];
    case ComponentType.Button:
    case ComponentType.StringSelect:
    case ComponentType.UserSelect:
    case ComponentType.RoleSelect:
    case ComponentType.MentionableSelect:
    case ComponentType.ChannelSelect:
      break;
  }
  return [controlText(component)];
}

const innerLines = (world: World, components: readonly MessageComponent[]): string[] =>
  components.flatMap((one) => componentLines(world, one));

type Control = Extract<
  MessageComponent,
  { type: ComponentType.Button } | { type: APISelectMenuComponent['type'] }
>;

function controlText(control: Control): string {
  const off = control.disabled ? ' (disabled)' : '';
  if (control.type === ComponentType.Button) {
    if (control.style === ButtonStyle.Premium) return `[Premium]${off}`;
    const label = [control.emoji?.name, control.label].filter(Boolean).join(' ');
    const target = control.style === ButtonStyle.Link ? ' ->' : '';
    return `[${label}${target}]${off}`;
  }
  const options = control.type === ComponentType.StringSelect ? control.options : [];
  const labels = options.map(({ label, default: isDefault }) => (isDefault ? `*${label}` : label));
  const list = labels.length > 0 ? `: ${labels.join(' | ')}` : '';
  return `<${control.placeholder ?? control.custom_id}${list}>${off}`;
}

function mediaText({ media, description }: APIMediaGalleryItem): string {
  const kind = media.content_type?.startsWith('video/') ? 'video' : 'image';
  const label = description ?? (media.content_type ? fileName(media.url) : '');
  return label === '' ? `[${kind}]` : `[${kind} ${label}]`;
}

const fileName = (url: string): string => decodeURIComponent(url.split('/').at(-1) ?? '');

/** Mentions by name. */
function readable(world: World, text: string): string {
  return text
    .replaceAll(/<@!?(\d+)>/g, (all, id: string) => {
      const name = nameOf(world, id);
      return name === undefined ? all : `@${name}`;
    })
    .replaceAll(/<#(\d+)>/g, (all, id: string) => {
      const channel = world.channels.get(id);
      return channel ? `#${channel.name}` : all;
    });
}

function nameOf(world: World, id: string): string | undefined {
  return id === world.botUser.id ? world.botUser.username : world.people.get(id)?.name;
}

export function recordAction(world: World, channelId: string, text: string): void {
  addEntry(pick(world.channels, channelId), { kind: 'action', text });
}
