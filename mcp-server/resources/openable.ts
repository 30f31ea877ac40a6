const maxLength = 2000;

/** An address that a person can open in a browser; null for every other text. */
export function openable(text: unknown): string | null {
  if (typeof text !== 'string' || text.length > maxLength || !URL.canParse(text)) return null;
  const { protocol, href } = new URL(text);
  return protocol === 'https:' || protocol === 'http:' ? href : null;
}
