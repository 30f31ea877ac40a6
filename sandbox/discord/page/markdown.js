/**
 * Discord's flavour of Markdown as a tree of plain objects. Nothing here touches the page, so
 * whatever a message contains stays data until markdown-view.js writes it out as text nodes.
 */

const maxDepth = 8;
const fence = /```(?:([\w+#.-]{1,30})\n)?\n*([\s\S]+?)\n*```\n?/g;

/** Reads a whole message: blocks first, then what stands inside them. */
export function parseMarkdown(text) {
  const nodes = [];
  let from = 0;
  for (const match of text.matchAll(fence)) {
    nodes.push(...parseLines(text.slice(from, match.index), 0));
    nodes.push({ type: 'codeBlock', language: match[1] ?? '', text: match[2] });
    from = match.index + match[0].length;
  }
  nodes.push(...parseLines(text.slice(from), 0));
  return nodes;
}

/** The same text with every mark taken off, for labels and one-line previews. */
export function plainText(text) {
  return flatten(parseMarkdown(text)).replaceAll(/\s+/g, ' ').trim();
}

function flatten(nodes) {
  return nodes
    .map((node) => {
      if (node.type === 'list') return node.items.map((item) => flatten(item)).join(' ');
      if (node.type === 'command') return `/${node.name}`;
      if (node.children) return flatten(node.children) + (node.block ? ' ' : '');
      return node.text ?? '';
    })
    .join('');
}

const heading = /^(#{1,3}) +(\S.*)$/;
const subtext = /^-# +(\S.*)$/;
const quoteLine = /^> (.*)$/;
const listLine = /^( *)(?:([-*])|(\d{1,9})\.) +(\S.*)$/;

function parseLines(text, depth) {
  if (text === '') return [];
  const lines = text.split('\n');
  const nodes = [];
  let plain = [];
  const flush = () => {
    if (plain.length > 0) nodes.push(...parseInline(plain.join('\n'), depth));
    plain = [];
  };
  let index = 0;
  while (index < lines.length) {
    const block = depth < maxDepth ? readBlock(lines, index, depth) : undefined;
    if (!block) {
      plain.push(lines[index]);
      index += 1;
      continue;
    }
    flush();
    nodes.push(block.node);
    index = block.next;
  }
  flush();
  return nodes;
}

function readBlock(lines, index, depth) {
  const line = lines[index];
  const title = heading.exec(line);
  if (title) {
    const children = parseInline(title[2], depth + 1);
    return {
      node: { type: 'heading', block: true, level: title[1].length, children },
      next: index + 1,
    };
  }
  const small = subtext.exec(line);
  if (small) {
    const children = parseInline(small[1], depth + 1);
    return { node: { type: 'subtext', block: true, children }, next: index + 1 };
  }
  if (line.startsWith('>>> ')) {
    const rest = [line.slice(4), ...lines.slice(index + 1)].join('\n');
    const children = parseLines(rest, depth + 1);
    return { node: { type: 'quote', block: true, children }, next: lines.length };
  }
  if (quoteLine.test(line)) {
    const quoted = takeWhile(lines, index, quoteLine);
    const children = parseLines(quoted.map((entry) => entry.slice(2)).join('\n'), depth + 1);
    return { node: { type: 'quote', block: true, children }, next: index + quoted.length };
  }
  if (listLine.test(line)) {
    const items = sameList(takeWhile(lines, index, listLine));
    return { node: buildList(items, depth), next: index + items.length };
  }
  return undefined;
}

function takeWhile(lines, from, pattern) {
  const end = lines.findIndex((line, index) => index >= from && !pattern.test(line));
  return lines.slice(from, end === -1 ? lines.length : end);
}

/** A bullet after numbers at the same depth begins another list. */
function sameList(lines) {
  const [, indent, bullet] = listLine.exec(lines[0]);
  const end = lines.findIndex((line) => {
    const match = listLine.exec(line);
    return match[1].length <= indent.length && (match[2] === undefined) !== (bullet === undefined);
  });
  return end === -1 ? lines : lines.slice(0, end);
}

function buildList(lines, depth) {
  const first = listLine.exec(lines[0]);
  const indent = first[1].length;
  const list = {
    type: 'list',
    ordered: first[3] !== undefined,
    start: first[3] === undefined ? 1 : Number(first[3]),
    items: [],
  };
  let index = 0;
  while (index < lines.length) {
    const match = listLine.exec(lines[index]);
    const nested = [];
    if (match[1].length > indent && list.items.length > 0) {
      while (index < lines.length && listLine.exec(lines[index])[1].length > indent) {
        nested.push(lines[index]);
        index += 1;
      }
      if (depth < maxDepth) list.items.at(-1).push(buildList(nested, depth + 1));
      continue;
    }
    list.items.push(parseInline(match[4], depth + 1));
    index += 1;
  }
  return list;
}

const wrapped = (type) => (match, depth) => ({ type, children: parseInline(match[1], depth + 1) });
const url = 'https?:\\/\\/[^\\s<>"\'`，。；：、！？（）【】《》“”]+';

/** Tried in this order at every mark; the pattern must match where it stands. */
const rules = [
  [/\\([^0-9A-Za-z\s])/y, (match) => ({ type: 'text', text: match[1] })],
  [/(`+)([\s\S]*?[^`])\1(?!`)/y, (match) => ({ type: 'code', text: match[2].trim() })],
  [new RegExp(`<(${url})>`, 'y'), (match) => link(match[1])],
  [/<@!?(\d{1,20})>/y, (match) => ({ type: 'user', id: match[1] })],
  [/<@&(\d{1,20})>/y, (match) => ({ type: 'role', id: match[1] })],
  [/<#(\d{1,20})>/y, (match) => ({ type: 'channel', id: match[1] })],
  [
    /<\/([^:<>\n]{1,100}):(\d{1,20})>/y,
    (match) => ({ type: 'command', name: match[1], id: match[2] }),
  ],
  [
    /<t:(-?\d{1,13})(?::([tTdDfFsSR]))?>/y,
    (match) => ({ type: 'time', seconds: Number(match[1]), style: match[2] ?? 'f' }),
  ],
  [/<a?:(\w{2,32}):(\d{1,20})>/y, (match) => ({ type: 'text', text: `:${match[1]}:` })],
  [/@(?:everyone|here)\b/y, (match) => ({ type: 'everyone', text: match[0] })],
  [
    new RegExp(
      `\\[((?:\\[[^[\\]\\n]*\\]|[^[\\]\\n])+)\\]\\(<?(https?:\\/\\/[^\\s<>()]+(?:\\([^\\s<>()]*\\)[^\\s<>()]*)*)>?\\)`,
      'y',
    ),
    (match, depth) => ({ type: 'link', url: match[2], children: parseInline(match[1], depth + 1) }),
  ],
  [new RegExp(url, 'y'), (match) => bareLink(match[0])],
  [/\*\*([\s\S]+?)\*\*(?!\*)/y, wrapped('strong')],
  [/__([\s\S]+?)__(?!_)/y, wrapped('underline')],
  [/~~([\s\S]+?)~~/y, wrapped('strike')],
  [/\|\|([\s\S]+?)\|\|/y, wrapped('spoiler')],
  [/\*(?![\s*])([^*]*[^\s*])\*(?!\*)/y, wrapped('emphasis')],
  [/_(?!_)([^_]+)_(?![A-Za-z0-9_])/y, wrapped('emphasis')],
];

const mark = /[\\`<@[*_~|]|https?:\/\//g;

function parseInline(text, depth) {
  if (depth > maxDepth) return [{ type: 'text', text }];
  const nodes = [];
  let plain = '';
  let at = 0;
  while (at < text.length) {
    mark.lastIndex = at;
    const found = mark.exec(text)?.index ?? text.length;
    plain += text.slice(at, found);
    at = found;
    if (at >= text.length) break;
    const hit = matchRule(text, at, depth);
    if (!hit) {
      plain += text[at];
      at += 1;
      continue;
    }
    if (hit.node.type === 'text') plain += hit.node.text;
    else {
      if (plain !== '') nodes.push({ type: 'text', text: plain });
      plain = '';
      nodes.push(hit.node);
    }
    at += hit.length;
  }
  if (plain !== '') nodes.push({ type: 'text', text: plain });
  return nodes;
}

function matchRule(text, at, depth) {
  const insideWord = at > 0 && /[A-Za-z0-9]/.test(text[at - 1]);
  if (text[at] === '_' && insideWord) return undefined;
  for (const [pattern, build] of rules) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (!match) continue;
    const node = build(match, depth);
    return { node, length: node.length ?? match[0].length };
  }
  return undefined;
}

/** Where Discord's own address of a message, or of a channel, leads; undefined for any other address. */
export function placeInDiscord(address) {
  const match =
    /^https:\/\/(?:(?:ptb|canary)\.)?discord(?:app)?\.com\/channels\/(?:\d{1,20}|@me)\/(\d{1,20})(?:\/(\d{1,20}))?\/?$/.exec(
      address,
    );
  return match ? { channel: match[1], message: match[2] } : undefined;
}

function link(address) {
  return { type: 'link', url: address, children: [{ type: 'text', text: address }] };
}

/** Full stops and unmatched brackets after an address belong to the sentence around it. */
function bareLink(found) {
  let address = found.replace(/[.,:;!?*_~|]+$/, '');
  if (address.endsWith(')') && !address.includes('(')) address = address.slice(0, -1);
  return { ...link(address), length: address.length };
}
