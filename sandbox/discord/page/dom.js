import { placeInDiscord } from './markdown.js';

/** Elements are made here and nowhere from strings of HTML, so no message can become markup. */

/** Makes an element; an absent or false attribute is left out. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name === 'on') {
      for (const [event, listener] of Object.entries(value))
        element.addEventListener(event, listener);
    } else if (name === 'css') {
      for (const [property, text] of Object.entries(value))
        element.style.setProperty(property, text);
    } else element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(
    ...children
      .flat(Infinity)
      .filter((child) => child !== undefined && child !== null && child !== false),
  );
  return element;
}

const svgSpace = 'http://www.w3.org/2000/svg';

export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS(svgSpace, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

const paths = {
  hash: 'M10 3 8 21M16 3l-2 18M4 8.5h17M3 15.5h17',
  at: 'M16 8v5a3 3 0 0 0 6 0v-1a10 10 0 1 0-4 8M16 12a4 4 0 1 1-8 0 4 4 0 0 1 8 0Z',
  thread: 'M5 4h14v10H9l-4 4ZM12 18h4l3 3',
  reply: 'M9 7 4 12l5 5M4 12h10a6 6 0 0 1 6 6v1',
  plus: 'M12 5v14M5 12h14',
  close: 'M6 6l12 12M18 6 6 18',
  down: 'M12 5v13M6 12.5l6 6 6-6',
  chevron: 'M6 9l6 6 6-6',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  menu: 'M4 6h16M4 12h16M4 18h16',
  shield: 'M12 3l8 3v6c0 5-3.5 8-8 9-4.5-1-8-4-8-9V6ZM12 8v5M12 16.2v.1',
  slash: 'M7 3h10a4 4 0 0 1 4 4v10a4 4 0 0 1-4 4H7a4 4 0 0 1-4-4V7a4 4 0 0 1 4-4ZM14.5 7.5l-5 9',
  send: 'M4 12 3 4l18 8-18 8 1-8Zm0 0h9',
  file: 'M6 3h8l5 5v13H6ZM14 3v5h5',
  external: 'M13 5h6v6M19 5l-9 9M17 14v5H5V7h5',
  eye: 'M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12ZM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6',
  upload: 'M12 16V5M7 9.5 12 4.5l5 5M4 19.5h16',
  lock: 'M6 11h12v9H6ZM8.5 11V8a3.5 3.5 0 0 1 7 0v3',
};

/** A line drawing of 24 by 24 units in the colour of the text around it. */
export function icon(name) {
  return svg(
    'svg',
    { viewBox: '0 0 24 24', class: 'icon', 'aria-hidden': 'true' },
    svg('path', { d: paths[name] }),
  );
}

/** Jilo's mark: a play button with a spark. */
export function logo() {
  return svg(
    'svg',
    { viewBox: '0 0 40 40', class: 'logo', 'aria-hidden': 'true' },
    svg('rect', { width: 40, height: 40, fill: 'url(#jilo-sky)' }),
    svg('path', {
      d: 'M14.2 12.4c0-1.5 1.6-2.4 2.9-1.7l11 6.4c1.3.8 1.3 2.6 0 3.4l-11 6.4c-1.3.7-2.9-.2-2.9-1.7Z',
      transform: 'translate(-1.4 2.2)',
      fill: '#fff',
    }),
    svg('path', {
      d: 'M31 4.5c.5 3 1.5 4 4.5 4.5-3 .5-4 1.5-4.5 4.5-.5-3-1.5-4-4.5-4.5 3-.5 4-1.5 4.5-4.5Z',
      fill: '#ffe9a8',
    }),
  );
}

/** A round picture: the logo for the bot, initials on a colour of their own for everyone else. */
export function avatar(user, isJilo) {
  if (isJilo) return h('span', { class: 'avatar jilo' }, logo());
  const name = user?.global_name ?? user?.username ?? user?.name ?? '?';
  const hue = hueOf(String(user?.id ?? name));
  return h(
    'span',
    { class: 'avatar', css: { '--hue': hue }, 'aria-hidden': 'true' },
    initials(name),
  );
}

function hueOf(text) {
  let sum = 7;
  for (const letter of text) sum = (sum * 31 + letter.codePointAt(0)) % 360;
  return sum;
}

const firstLetter = (word) => String.fromCodePoint(word.codePointAt(0) ?? 63);

function initials(name) {
  const words = name.trim().split(/\s+/).slice(0, 2);
  return words.map(firstLetter).join('').toUpperCase();
}

/** Only addresses of the web may be opened or loaded; anything else is dropped. */
export function safeAddress(address) {
  if (typeof address !== 'string' || !URL.canParse(address, location.href)) return undefined;
  const { protocol, href } = new URL(address, location.href);
  return protocol === 'https:' || protocol === 'http:' ? href : undefined;
}

/** The attributes of a link: to a message or channel of Discord on this page, to all else in a new tab. */
export function linkTo(address) {
  const place = placeInDiscord(address);
  const href = safeAddress(address);
  if (!place) return { href, target: '_blank', rel: 'noopener noreferrer' };
  return { href, 'data-do': 'go-to', 'data-channel': place.channel, 'data-id': place.message };
}

/**
 * Makes `from` look like `to` in place, so that an edited message neither flickers nor restarts its
 * video. Attributes that begin with `data-local` belong to the page and stay.
 */
export function morph(from, to) {
  if (from.nodeName !== to.nodeName || keyOf(from) !== keyOf(to)) {
    from.replaceWith(to);
    return;
  }
  if (from.nodeType !== Node.ELEMENT_NODE) {
    if (from.data !== to.data) from.data = to.data;
    return;
  }
  morphAttributes(from, to);
  const old = [...from.childNodes];
  const fresh = [...to.childNodes];
  fresh.forEach((child, index) => {
    if (old[index]) morph(old[index], child);
    else from.append(child);
  });
  for (const extra of old.slice(fresh.length)) extra.remove();
}

/** Gives `host` these children, keeping those that look the same. */
export function fill(host, ...children) {
  const to = host.cloneNode(false);
  to.append(...children.flat(Infinity).filter(Boolean));
  morph(host, to);
}

function morphAttributes(from, to) {
  for (const name of from.getAttributeNames()) {
    const own = name.startsWith('data-local') || name === 'style';
    if (!own && !to.hasAttribute(name)) from.removeAttribute(name);
  }
  for (const { name, value } of to.attributes) {
    if (name !== 'style' && from.getAttribute(name) !== value) from.setAttribute(name, value);
  }
  if (from.style && from.style.cssText !== to.style.cssText) from.style.cssText = to.style.cssText;
}

function keyOf(node) {
  return node.nodeType === Node.ELEMENT_NODE ? (node.dataset?.key ?? '') : '';
}
