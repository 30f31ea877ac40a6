import { h, linkTo } from './dom.js';
import { parseMarkdown, placeInDiscord } from './markdown.js';
import { fullTime, timestampText } from './words.js';

/** Draws a text of Discord Markdown; `look` knows the names behind ids. */
export function drawMarkdown(text, look) {
  return h('div', { class: 'markdown' }, drawNodes(parseMarkdown(text ?? ''), look));
}

function drawNodes(nodes, look) {
  return nodes.map((node) => drawers[node.type](node, look));
}

const inside = (tag, attributes) => (node, look) =>
  h(tag, attributes, drawNodes(node.children, look));
const mention = (text, attributes = {}) => h('span', { class: 'mention', ...attributes }, text);

const drawers = {
  text: (node) => node.text,
  strong: inside('strong'),
  emphasis: inside('em'),
  underline: inside('u'),
  strike: inside('s'),
  subtext: inside('small', { class: 'subtext' }),
  quote: (node, look) =>
    h('div', { class: 'quote' }, h('blockquote', {}, drawNodes(node.children, look))),
  heading: (node, look) => h(`h${node.level + 2}`, {}, drawNodes(node.children, look)),
  code: (node) => h('code', {}, node.text),
  codeBlock: (node) => h('pre', {}, h('code', {}, node.text)),
  list: (node, look) =>
    h(
      node.ordered ? 'ol' : 'ul',
      { start: node.ordered && node.start !== 1 ? node.start : undefined },
      node.items.map((item) => h('li', {}, drawNodes(item, look))),
    ),
  link: drawLink,
  spoiler: (node, look) =>
    h(
      'span',
      {
        class: 'spoiler',
        role: 'button',
        tabindex: 0,
        'data-do': 'spoiler',
        'aria-label': look.words.spoiler,
      },
      h('span', {}, drawNodes(node.children, look)),
    ),
  user: (node, look) => mention(`@${look.userName(node.id) ?? node.id}`),
  role: (node) => mention(`@${node.id}`),
  everyone: (node) => mention(node.text),
  channel: (node, look) => {
    const name = look.channelName(node.id);
    if (name === undefined) return mention(`#${node.id}`);
    return h(
      'button',
      { class: 'mention', type: 'button', 'data-do': 'open-channel', 'data-id': node.id },
      `#${name}`,
    );
  },
  command: (node) =>
    h(
      'button',
      { class: 'mention', type: 'button', 'data-do': 'command', 'data-command': `/${node.name}` },
      `/${node.name}`,
    ),
  time: (node, look) => {
    const date = new Date(node.seconds * 1000);
    const known = !Number.isNaN(date.getTime());
    return h(
      'time',
      {
        class: 'timestamp',
        datetime: known ? date.toISOString() : undefined,
        title: known ? fullTime(date, look.locale) : undefined,
      },
      timestampText(node.seconds, node.style, look.locale),
    );
  },
};

function drawLink(node, look) {
  const place = placeInDiscord(node.url);
  const [first] = node.children;
  const isBare = node.children.length === 1 && first.text === node.url;
  const name = place && look.channelTitle(place.channel);
  if (!place || !isBare || !name)
    return h('a', { ...linkTo(node.url), title: node.url }, drawNodes(node.children, look));
  // Discord shows the address itself as the names of what it leads to.
  const shown = place.message ? `${name} › ${look.words.message}` : name;
  return h('a', { ...linkTo(node.url), class: 'mention' }, shown);
}
