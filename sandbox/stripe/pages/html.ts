/** Markup that is safe to put into a page as it is. */
export type Html = { readonly markup: string };

type Part = Html | string | number | null | readonly Part[];

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const markupOf = (part: Part): string => {
  if (part === null) return '';
  if (typeof part === 'object') {
    return 'markup' in part ? part.markup : part.map(markupOf).join('');
  }
  return String(part).replace(/[&<>"']/gu, (sign) => escapes[sign] ?? '');
};

/** A piece of a page. Whatever is put into it is escaped, except pieces; null leaves nothing. */
export const html = (texts: TemplateStringsArray, ...parts: readonly Part[]): Html => ({
  markup: texts.map((text, index) => text + markupOf(parts[index] ?? null)).join(''),
});

/** An attribute with its value; nothing when there is no value. */
export const attribute = (name: string, value: string | null): Html =>
  value === null ? html`` : { markup: html` ${name}="${value}"`.markup };
