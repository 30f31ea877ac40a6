import { drawAttachments, drawComponents, drawEmbed } from './components-view.js';
import { avatar, h, icon } from './dom.js';
import { plainText } from './markdown.js';
import { drawMarkdown } from './markdown-view.js';
import { clockTime, dayTitle, fullTime, messageTime } from './words.js';

const flag = { suppressEmbeds: 1 << 2, ephemeral: 1 << 6, loading: 1 << 7, componentsV2: 1 << 15 };
const has = (message, bit) => ((message.flags ?? 0) & bit) !== 0;
const groupMs = 7 * 60_000;

/** A message of the same person soon after the last one stands under the same name. */
export function isContinued(message, previous) {
  return (
    previous !== undefined &&
    previous.author.id === message.author.id &&
    has(previous, flag.ephemeral) === has(message, flag.ephemeral) &&
    !isReply(message) &&
    !commandOf(message) &&
    Date.parse(message.timestamp) - Date.parse(previous.timestamp) < groupMs
  );
}

export function drawDay(iso, locale) {
  return h(
    'div',
    { class: 'day', role: 'separator', 'data-key': `day-${iso.slice(0, 10)}` },
    h('span', {}, dayTitle(iso, locale)),
  );
}

export function isSameDay(one, other) {
  return new Date(one).toDateString() === new Date(other).toDateString();
}

/** One message as an article; `problem` is what went wrong with the last press on it. */
export function drawMessage(message, { look, previous, problem }) {
  const continued = isContinued(message, previous);
  const name = look.nameOf(message.author);
  const ephemeral = has(message, flag.ephemeral);
  const thread = look.threadOf(message);
  const mentioned = (message.mentions ?? []).some(({ id }) => id === look.you.id);
  return h(
    'article',
    {
      class: [
        'message',
        continued && 'continued',
        ephemeral && 'ephemeral',
        mentioned && 'mentioned',
      ]
        .filter(Boolean)
        .join(' '),
      role: 'article',
      'aria-label': `${name}, ${messageTime(message.timestamp, look.locale)}`,
      'data-message': message.id,
      'data-key': message.id,
    },
    drawOrigin(message, look),
    continued
      ? h(
          'time',
          { class: 'gutter', datetime: message.timestamp, 'aria-hidden': 'true' },
          clockTime(message.timestamp, look.locale),
        )
      : avatar(message.author, look.isJilo(message.author)),
    h(
      'div',
      { class: 'body' },
      continued ? undefined : drawHeader(message, name, look),
      drawContent(message, look),
      thread && drawThread(thread, look),
      problem && h('p', { class: 'problem', role: 'alert' }, problem),
      ephemeral && drawEphemeral(message, look),
    ),
    has(message, flag.loading) ? undefined : drawTools(message, look, thread),
  );
}

function drawHeader(message, name, look) {
  return h(
    'header',
    {},
    h('span', { class: `author${look.isJilo(message.author) ? ' jilo' : ''}` }, name),
    message.author.bot && h('span', { class: 'tag' }, icon('check'), look.words.app),
    h(
      'time',
      { datetime: message.timestamp, title: fullTime(new Date(message.timestamp), look.locale) },
      messageTime(message.timestamp, look.locale),
    ),
  );
}

function drawContent(message, look) {
  if (has(message, flag.loading)) {
    return h(
      'p',
      { class: 'thinking', role: 'status' },
      h('span', { class: 'dots', 'aria-hidden': 'true' }, h('i'), h('i'), h('i')),
      `${look.nameOf(message.author)} ${look.words.thinking}`,
    );
  }
  if (has(message, flag.componentsV2))
    return drawComponents(message, look, drawEdited(message, look));
  return [
    message.content
      ? h(
          'div',
          { class: 'content' },
          drawMarkdown(message.content, look),
          drawEdited(message, look),
        )
      : undefined,
    drawAttachments(message, look),
    has(message, flag.suppressEmbeds)
      ? undefined
      : (message.embeds ?? []).map((embed) => drawEmbed(embed, look)),
    drawComponents(message, look),
  ];
}

function drawEdited(message, look) {
  if (!message.edited_timestamp) return undefined;
  const title = fullTime(new Date(message.edited_timestamp), look.locale);
  return h('span', { class: 'edited', title }, look.words.edited);
}

function isReply(message) {
  return message.type === 19 && message.message_reference !== undefined;
}

/** The command that a message answers, and who gave it. */
function commandOf(message) {
  const user = message.interaction_metadata?.user;
  return message.command && user ? { name: message.command, user } : undefined;
}

/** The small line above a message: what it replies to, or which command called for it. */
function drawOrigin(message, look) {
  const command = commandOf(message);
  if (command) {
    return h(
      'div',
      { class: 'origin' },
      avatar(command.user, look.isJilo(command.user)),
      h('strong', {}, look.nameOf(command.user)),
      ` ${look.words.used} `,
      h(
        'button',
        { class: 'mention', type: 'button', 'data-do': 'command', 'data-command': command.name },
        look.commandName(command.name),
      ),
    );
  }
  if (!isReply(message)) return undefined;
  const original = message.referenced_message;
  if (!original) return h('div', { class: 'origin' }, h('em', {}, look.words.deletedMessage));
  const preview = plainText(firstText(original)).slice(0, 160) || look.words.attachmentOnly;
  return h(
    'button',
    { class: 'origin', type: 'button', 'data-do': 'jump', 'data-id': original.id },
    avatar(original.author, look.isJilo(original.author)),
    h('strong', {}, `@${look.nameOf(original.author)}`),
    h('span', { class: 'preview' }, preview),
  );
}

/** The first words of a message of either kind. */
function firstText(message) {
  if (message.content) return message.content;
  const queue = [...(message.components ?? [])];
  while (queue.length > 0) {
    const component = queue.shift();
    if (component.type === 10) return component.content;
    queue.unshift(...(component.components ?? []));
  }
  return message.embeds?.[0]?.title ?? message.embeds?.[0]?.description ?? '';
}

function drawThread(thread, look) {
  return h(
    'button',
    { class: 'thread', type: 'button', 'data-do': 'open-channel', 'data-id': thread.id },
    icon('thread'),
    h('strong', {}, thread.name),
    h('span', {}, `${look.words.openThread} ›`),
  );
}

function drawEphemeral(message, look) {
  return h(
    'p',
    { class: 'only-you' },
    icon('eye'),
    look.words.onlyYou,
    ' · ',
    h(
      'button',
      { type: 'button', class: 'plain', 'data-do': 'dismiss', 'data-message': message.id },
      look.words.dismiss,
    ),
  );
}

function drawTools(message, look, thread) {
  if (has(message, flag.ephemeral)) return undefined;
  const tool = (name, label, action) =>
    h(
      'button',
      {
        type: 'button',
        'aria-label': label,
        title: label,
        'data-do': action,
        'data-message': message.id,
      },
      icon(name),
    );
  return h(
    'div',
    { class: 'tools' },
    tool('reply', look.words.reply, 'reply'),
    look.canThread && !thread ? tool('thread', look.words.createThread, 'thread') : undefined,
  );
}
