import { z } from 'zod';

/** What the person does on the consent page; everything left out is accepted as shown. */
export type ConsentChoice = {
  readonly decision?: 'allow' | 'deny';
  /** The id or the title of a channel, or `none` for an account without one. */
  readonly channel?: string;
  /** The id or the name of the person who signs in. */
  readonly account?: string;
  /** The scopes left ticked. */
  readonly scopes?: readonly string[];
};

const unescapeHtml = (text: string): string =>
  text
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&gt;', '>')
    .replaceAll('&lt;', '<')
    .replaceAll('&amp;', '&');

type Field = { type: string; name: string; value: string; checked: boolean; label: string };

const inputPattern =
  /<input type="(?<type>\w+)" name="(?<name>[^"]*)" value="(?<value>[^"]*)"(?<checked> checked)?>(?:<span>(?<label>[^<]*))?/gu;

const readFields = (page: string): Field[] =>
  Array.from(page.matchAll(inputPattern), ({ groups = {} }) => ({
    type: groups['type'] ?? '',
    name: unescapeHtml(groups['name'] ?? ''),
    value: unescapeHtml(groups['value'] ?? ''),
    checked: groups['checked'] !== undefined,
    label: unescapeHtml(groups['label'] ?? ''),
  }));

function isChosen(field: Field, choice: ConsentChoice): boolean {
  if (field.type === 'hidden') return true;
  if (field.type === 'checkbox') return choice.scopes?.includes(field.value) ?? field.checked;
  const chosen = field.name === 'account' ? choice.account : choice.channel;
  if (chosen === undefined) return field.checked;
  return field.value === chosen || field.label === chosen;
}

/**
 * Plays the person on the sandbox's consent page and answers the address Google sends the browser
 * back to, without going there. Throws with the page's text when Google refuses the request.
 */
export async function consent(
  authorizationUrl: string,
  choice: ConsentChoice = {},
): Promise<string> {
  const shown = await fetch(authorizationUrl);
  const page = await shown.text();
  if (!shown.ok) throw new Error(`the consent page refused: ${visibleText(page)}`);
  const form = new URLSearchParams();
  for (const field of readFields(page)) {
    if (isChosen(field, choice)) form.append(field.name, field.value);
  }
  form.set('decision', choice.decision ?? 'allow');
  const action = /<form method="post" action="(?<action>[^"]*)"/u.exec(page)?.groups?.['action'];
  const target = new URL(unescapeHtml(z.string().parse(action)), authorizationUrl);
  const decided = await fetch(target, { method: 'POST', body: form, redirect: 'manual' });
  const location = decided.headers.get('location');
  if (decided.status !== 302 || location === null) {
    throw new Error(`the consent page refused: ${visibleText(await decided.text())}`);
  }
  return location;
}

const visibleText = (page: string): string =>
  page
    .replace(/<style>.*<\/style>/su, '')
    .replace(/<[^>]+>/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim();
