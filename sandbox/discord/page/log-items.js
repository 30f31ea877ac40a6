import { h, icon, logo } from './dom.js';
import { drawDay, drawMessage, isSameDay } from './message-view.js';

const old = new WeakMap();

function growsOld(message) {
  if (!old.has(message)) old.set(message, JSON.stringify(message).includes(':R>'));
  return old.get(message);
}

/** What the log of a channel consists of, oldest first. */
export function logItems({ messages, lines, problems, look, channel, minute }) {
  const entries = [
    ...messages.map((message) => ({ at: message.timestamp, message })),
    ...lines.map((line) => ({ at: line.at, line })),
  ].toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at));
  const items = [
    {
      key: 'welcome',
      stamp: [look.stamp, channel.id, messages.length === 0],
      draw: () => drawWelcome(channel, look, messages.length === 0),
    },
  ];
  let previous;
  let lastAt;
  for (const { at, message, line } of entries) {
    const before = previous;
    if (lastAt === undefined || !isSameDay(at, lastAt)) {
      items.push({ key: `day-${at}`, stamp: [look.stamp], draw: () => drawDay(at, look.locale) });
      previous = undefined;
    }
    lastAt = at;
    if (line) {
      items.push({ key: line.key, stamp: [look.stamp], draw: () => drawLine(line, look) });
      previous = undefined;
      continue;
    }
    const context = { look, previous: previous && before, problem: problems.get(message.id) };
    // Relative times in a message grow old, so the minute counts where there are any.
    const ages = growsOld(message) ? minute : 0;
    items.push({
      key: message.id,
      stamp: [look.stamp, message, context.previous?.id, context.problem, ages],
      draw: () => drawMessage(message, context),
    });
    previous = message;
  }
  return items;
}

function drawWelcome(channel, look, isEmpty) {
  const { words } = look;
  const bot = look.nameOf(look.bot);
  const isDirect = channel.guildId === null;
  const title =
    { direct: words.welcomeDirect(bot), thread: words.welcomeThread(channel.name) }[
      isDirect ? 'direct' : channel.parentId ? 'thread' : ''
    ] ?? words.welcomeChannel(channel.name);
  const tries = words.tries(bot, isDirect).map((example) =>
    h(
      'button',
      {
        type: 'button',
        class: 'try',
        'data-do': 'try',
        'data-text': example.text,
        'data-command': example.command,
      },
      h('span', {}, example.text ?? look.commandName(example.command)),
    ),
  );
  return h(
    'section',
    { class: `welcome${isEmpty ? ' empty' : ''}`, 'aria-label': title },
    h(
      'span',
      { class: `welcome-mark${isDirect ? ' jilo' : ''}` },
      isDirect ? logo() : icon(channel.parentId ? 'thread' : 'hash'),
    ),
    h('h2', {}, title),
    h('p', {}, words.welcomeText(bot)),
    h('p', { class: 'welcome-place' }, icon('lock'), words.place),
    isEmpty ? h('div', { class: 'tries' }, tries) : undefined,
  );
}

function drawLine(line, look) {
  if (line.kind === 'refusal') return drawRefusal(line.violation, look);
  const isPending = line.kind === 'pending';
  return h(
    'div',
    { class: `line ${line.kind}`, role: isPending ? 'status' : 'alert' },
    isPending
      ? h('span', { class: 'dots', 'aria-hidden': 'true' }, h('i'), h('i'), h('i'))
      : undefined,
    line.title && h('strong', {}, line.title),
    h('span', {}, line.text ?? look.words[line.word]),
  );
}

/** One refused request, in Discord's own words. */
export function drawRefusal(violation, look) {
  const { method, route, status, code, message, errors } = violation;
  const reasons = flatten(errors ?? {}, '');
  const title = status === 0 ? look.words.notResponding : look.words.refusalTitle;
  return h(
    'div',
    { class: 'line refusal', role: 'alert' },
    h('strong', {}, `${title}: `),
    h('code', {}, `${method} ${route}`),
    h('span', { class: 'numbers' }, status === 0 ? '' : `${status} ${code}`),
    h('span', {}, message),
    reasons.length > 0 &&
      h(
        'ul',
        {},
        reasons.map((reason) =>
          h(
            'li',
            {},
            h('code', {}, reason.path),
            ' ',
            h('b', {}, reason.code),
            ' ',
            reason.message,
          ),
        ),
      ),
  );
}

/** Discord nests its reasons by field; here they stand in a row with their paths. */
function flatten(tree, path) {
  return Object.entries(tree).flatMap(([key, value]) => {
    if (key === '_errors') return value.map(({ code, message }) => ({ path, code, message }));
    return flatten(value, path === '' ? key : `${path}.${key}`);
  });
}
