import type { World } from './world.ts';

/** A page as a visitor got it. */
export type Seen = {
  readonly status: number;
  readonly url: string;
  readonly text: string;
  readonly headers: Headers;
};

/** A browser without scripts: it keeps cookies, follows redirects and refreshes, and presses buttons. */
export type Visitor = {
  open(path: string): Promise<Seen>;
  /** Sends a form of the page with what it holds already and what is filled in. */
  press(page: Seen, action: string, filled?: Readonly<Record<string, string>>): Promise<Seen>;
  /** Sends any form, with the headers that a browser sends with one of our own pages. */
  post(
    path: string,
    fields: Readonly<Record<string, string>>,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Seen>;
  readonly cookies: Map<string, string>;
};

type VisitorOptions = {
  readonly language?: string;
  readonly follow?: boolean;
  /** The address that a proxy says the visitor has, where one is trusted. */
  readonly network?: string;
};

/** Somebody with an empty browser before the web app of `origin`. */
export function createVisitor(
  origin: string,
  { language = 'en', follow = true, network }: VisitorOptions = {},
): Visitor {
  const cookies = new Map<string, string>();
  const ask = async (address: string, init: RequestInit): Promise<Seen> => {
    const response = await fetch(address, {
      ...init,
      redirect: 'manual',
      headers: {
        ...Object.fromEntries(new Headers(init.headers)),
        'accept-language': language,
        accept: 'text/html',
        ...(network === undefined ? {} : { 'x-forwarded-for': network }),
        ...(address.startsWith(origin) ? { cookie: written(cookies) } : {}),
      },
    });
    if (address.startsWith(origin)) keep(cookies, response.headers.getSetCookie());
    const text = await response.text();
    const seen = { status: response.status, url: address, text, headers: response.headers };
    const on = follow ? onwardOf(seen) : null;
    if (on === null) return seen;
    const next = new URL(on, address);
    // The emulators are there; whatever else there is, is where a program would be called.
    if (next.hostname !== '127.0.0.1') return { ...seen, url: next.href };
    return ask(next.href, {});
  };
  const post: Visitor['post'] = (path, fields, headers = {}) =>
    ask(new URL(path, origin).href, {
      method: 'POST',
      body: new URLSearchParams(fields),
      headers: { origin, 'sec-fetch-site': 'same-origin', ...headers },
    });
  return {
    cookies,
    open: (path) => ask(new URL(path, origin).href, {}),
    post,
    press: (page, action, filled = {}) =>
      post(action, { ...formFields(page.text, action), ...filled }),
  };
}

const written = (cookies: ReadonlyMap<string, string>): string =>
  [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');

function keep(cookies: Map<string, string>, set: readonly string[]): void {
  for (const one of set) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(one) ?? [];
    if (value === '' || /max-age=0/i.test(one)) cookies.delete(name);
    else cookies.set(name, value);
  }
}

/** Where a redirect or the refresh of a page leads. */
function onwardOf({ status, text, headers }: Seen): string | null {
  if (status >= 300 && status < 400) return headers.get('location');
  const [, address] = /<meta http-equiv="refresh" content="0;url=([^"]*)"/.exec(text) ?? [];
  return address === undefined ? null : unescape(address);
}

const entities: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&#96;': '`',
};
const unescape = (text: string): string =>
  text.replaceAll(/&(?:amp|lt|gt|quot|#39|#96);/g, (entity) => entities[entity] ?? entity);

/** What the form of a page with this action holds. @throws Error when the page has no such form. */
export function formFields(page: string, action: string): Record<string, string> {
  const form = page.split('<form').find((part) => part.includes(`action="${action}"`));
  if (form === undefined) throw new Error(`the page has no form for ${action}`);
  const [inside = ''] = form.split('</form>');
  const inputs = inside.matchAll(/<input\b[^>]*>/g);
  return Object.fromEntries(
    [...inputs].flatMap(([input]) => {
      const name = /\bname="([^"]*)"/.exec(input)?.[1];
      const value = /\bvalue="([^"]*)"/.exec(input)?.[1] ?? '';
      return name === undefined ? [] : [[name, unescape(value)]];
    }),
  );
}

/** The link of the newest mail to an address. @throws Error when there is none. */
export function linkInMail(world: World, to: string): string {
  const [mail] = world.emulators.mail.mails(to);
  const link = /https?:\/\/\S+/.exec(mail?.text ?? '')?.[0];
  if (!link) throw new Error(`no mail to ${to} has a link`);
  return link;
}

export const goodPassword = 'correct horse 7';

/** Signs up with an address, takes the link of the mail, and is signed in. */
export async function signUp(world: World, visitor: Visitor, email: string): Promise<Seen> {
  const form = await visitor.open('/sign-up');
  await visitor.press(form, '/sign-up', { email, password: goodPassword, repeat: goodPassword });
  await world.drain();
  const page = await visitor.open(linkInMail(world, email));
  return visitor.press(page, '/verify');
}
