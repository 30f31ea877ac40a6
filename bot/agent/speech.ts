import { agentWords } from '../../core/messages/agent.ts';
import type { Locale } from '../../core/messages/catalogue.ts';

/** What of a model's text people may see: the addresses it was given, and nothing else that is active. */
export type SpeechRules = { readonly links: ReadonlySet<string>; readonly locale: Locale };

/** Names of services may stand in a sentence without being an invitation to go there. */
const harmlessHosts = new Set([
  'youtube.com',
  'tiktok.com',
  'instagram.com',
  'google.com',
  'fal.ai',
]);

const topLevels = 'com|net|org|io|ly|me|gg|tv|cn|ru|xyz|top|app|link|info|site|online|dev|ai|co';

const address = new RegExp(
  [
    // Parts of an address may not hold what ends one in running text.
    String.raw`[a-z][a-z\d+.-]{0,32}[:：]\/{2}[^\s<>"'，。；！？、）】」]*`,
    String.raw`(?:javascript|vbscript|data|mailto|tel):[^\s<>"'，。；！？、）】」]+`,
    String.raw`(?<![a-z\d])(?:[a-z\d-]+\.)+(?:${topLevels})(?![a-z\d])(?:\/[^\s<>"'，。；！？、）】」]*)?`,
    String.raw`(?<![a-z\d])(?:[a-z\d-]+\.)+[a-z]{2,24}\/[^\s<>"'，。；！？、）】」]+`,
  ].join('|'),
  'giu',
);
/** What Discord makes of an id: a person, a role, a channel, a command. */
const mention = /<(?:@[!&]?|#|\/[^:>]{1,64}:|a?:\w{1,32}:|id:)\w{0,24}>/gu;
const masked =
  /!?\[(?<text>[^\]\n]{0,200})\]\((?<url>[^()\s]*(?:\([^()\s]*\)[^()\s]*)*)[^)\n]*\)/gu;
const invisible =
  /[\p{Co}\p{Cs}\u{2028}-\u{202e}\u{2060}-\u{206f}\u{feff}\u{200b}\u{200e}\u{200f}]/gu;
/** A text that still changes after so many rounds was made to. */
const mostRounds = 50;
const control = /(?![\n\t])\p{Cc}/gu;

/**
 * A model's text as people see it. Addresses that came from no tool are taken out, so are mentions,
 * disguised links and invisible characters.
 */
export function cleanSpeech(text: string, rules: SpeechRules): string {
  let before = text;
  // What is taken out may leave something new behind, so it is looked at until nothing changes.
  for (let round = 0; round < mostRounds; round += 1) {
    const after = clean(before, rules);
    if (after === before) return after;
    before = after;
  }
  return '';
}

function clean(text: string, rules: SpeechRules): string {
  return text
    .replaceAll('\r\n', '\n')
    .replace(control, '')
    .replace(invisible, '')
    .replace(masked, (_, label: string, url: string) =>
      label.trim() === url ? url : `${label} ${url}`.trim(),
    )
    .replace(mention, '')
    .replaceAll(/[@＠](?=everyone|here)/giu, '@\u{2060}')
    .replace(address, (found) => judge(found, rules))
    .replaceAll(/\n{3,}/gu, '\n\n')
    .trim();
}

function judge(found: string, { links, locale }: SpeechRules): string {
  // Chinese follows an address without a space, and chat programs would take it for a part of it.
  const [ascii = ''] = /^[!-~]+/u.exec(found) ?? [];
  const rest = found.slice(ascii.length);
  const end = /[.,;:!?)\]}*_`~]+$/u.exec(ascii)?.[0] ?? '';
  const bare = ascii.slice(0, ascii.length - end.length);
  if (links.has(ascii)) return rest === '' ? ascii : `${ascii} ${rest}`;
  if (links.has(bare)) return rest === '' ? ascii : `${bare}${end} ${rest}`;
  if (harmlessHosts.has(found.toLowerCase().replace(/^www\./u, ''))) return found;
  return agentWords(locale).linkRemoved() + (rest === '' ? end : '');
}

/** The same for a text that is still being written: its last word may be half an address. */
export function cleanUnfinished(text: string, rules: SpeechRules): string {
  return cleanSpeech(text.replace(/(?:\[[^\]\n]{0,200})?[!-~：＠]{1,4000}$/u, ''), rules);
}

/** Every address in what tools have answered: the ones that may be said. */
export function linksIn(values: readonly unknown[]): Set<string> {
  const links = new Set<string>();
  const visit = (value: unknown, key: string): void => {
    if (Array.isArray(value)) return value.forEach((item) => visit(item, key));
    if (typeof value === 'object' && value !== null)
      return Object.entries(value).forEach(([name, item]) => visit(item, name));
    if (typeof value === 'string' && key === 'url' && URL.canParse(value)) links.add(value);
  };
  for (const value of values) visit(value, '');
  return links;
}
