/** What nobody but its account may read, by what it is. */
export type Secrets = ReadonlyMap<string, string>;

/** Long enough to hold an id of ours. */
const encoded = /[\w-]{16,}(?:\.png)?/gu;

/** The text with what is written in it as base64url, such as the content of a chart's address. */
const unfold = (text: string): string =>
  [
    text,
    ...(text.match(encoded) ?? []).map((part) => Buffer.from(part, 'base64url').toString()),
  ].join('\n');

/**
 * What of the secrets stands in an answer, plainly or as base64. What was sent may come back, as the id
 * of something that there is not.
 */
export function leaksIn(answer: string, sent: string, secrets: Secrets): string[] {
  const text = unfold(answer);
  return [...secrets].flatMap(([what, secret]) =>
    text.includes(secret) && !sent.includes(secret) ? [`${what} (${secret})`] : [],
  );
}

/** The same of several accounts. */
export const leaksOfAll = (
  answer: string,
  sent: string,
  parties: readonly { readonly name: string; readonly secrets: Secrets }[],
): string[] =>
  parties.flatMap(({ name, secrets }) =>
    leaksIn(answer, sent, secrets).map((leak) => `${name}: ${leak}`),
  );
