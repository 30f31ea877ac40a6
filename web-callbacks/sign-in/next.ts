import type { Services } from '../../core/context.ts';
import { authPath } from '../../core/token/resource.ts';

export const home = '/dashboard';
const maxLength = 4000;

/**
 * Where to go on after signing in: a path of our own, whatever was asked for. Backslashes, control
 * characters and a second slash would make a browser leave.
 */
export function safeNext(services: Pick<Services, 'publicUrl'>, asked: unknown): string {
  const base = services.publicUrl() ?? 'http://127.0.0.1';
  if (typeof asked !== 'string' || asked.length > maxLength) return home;
  if (!/^\/(?![/\\])[!-[\]-~]*$/.test(asked) || !URL.canParse(asked, base)) return home;
  const address = new URL(asked, base);
  const path = `${address.pathname}${address.search}`;
  // Dots that are resolved, as in `/.//host`, can leave a second slash at the beginning.
  return address.origin === new URL(base).origin && !path.startsWith('//') ? path : home;
}

/** What the authorisation server adds to a question when it sends somebody to sign in. */
const added = new Set(['sig', 'exp', 'ba_iat', 'ba_pl', 'ba_param']);

/**
 * The question of a program that somebody signs in for, to be asked again afterwards; null where the
 * address holds none. The program's wish for a fresh sign-in is met by then.
 */
export function questionIn(query: URLSearchParams): string | null {
  if (!query.has('sig') || !query.has('client_id')) return null;
  const asked = new URLSearchParams([...query].filter(([name]) => !added.has(name)));
  const prompts = (asked.get('prompt') ?? '').split(' ');
  const left = prompts.filter((prompt) => prompt !== 'login' && prompt !== 'create' && prompt);
  if (left.length > 0) asked.set('prompt', left.join(' '));
  else asked.delete('prompt');
  asked.delete('max_age');
  return `${authPath}/oauth2/authorize?${asked.toString()}`;
}
