/** Elements are made here and nowhere from strings of HTML, so no stranger's title can become markup. */

/** Makes an element; an absent or false attribute is left out, and texts become text. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === 'on')
      for (const [event, listener] of Object.entries(value))
        element.addEventListener(event, listener);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.flat(Infinity).filter((child) => child || child === 0));
  return element;
}

export const byId = (id) => document.getElementById(id);

/** Puts a text into an element and hides it while there is none. */
export function show(element, text) {
  element.textContent = text ?? '';
  element.hidden = !text;
}

/** An address of the web that may be opened; null for every other text. */
export function openable(address) {
  if (typeof address !== 'string' || !URL.canParse(address)) return null;
  const { protocol, href } = new URL(address);
  return protocol === 'https:' || protocol === 'http:' ? href : null;
}

/** Whether pictures and films of this address are let in by what the server has declared. */
export function mayShow(address) {
  const href = openable(address);
  if (href === null) return false;
  const { protocol, host: name } = new URL(href);
  const declared = (document.documentElement.dataset.sources ?? '').split(' ');
  return declared.some((source) => {
    const [scheme, place = ''] = source.split('//');
    if (scheme !== protocol) return false;
    return place.startsWith('*.') ? name.endsWith(place.slice(1)) : name === place;
  });
}

/** What a stranger wrote, without the mark that tells models so. */
export const unmarked = (text) =>
  String(text ?? '').replace(/^<untrusted kind="[^"]*">([\s\S]*)<\/untrusted>$/u, '$1');
