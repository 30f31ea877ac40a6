import type { Locale } from '../messages/catalogue.ts';
import { mailWords } from '../messages/mails.ts';
import type { Mail } from '../ports/mailer.ts';
import type { Letter } from './letter.ts';

type Button = { readonly label: string; readonly link: string };

/** What a letter says, in a language. */
type Content = {
  readonly subject: string;
  readonly lines: readonly string[];
  readonly buttons: readonly Button[];
};

function contentOf(letter: Letter, locale: Locale): Content {
  const words = mailWords(locale);
  if (letter.template === 'account_deleted') return { ...words.account_deleted, buttons: [] };
  const { link } = letter;
  if (letter.template === 'sign_in_linked') {
    const { subject, lines, button } = words.sign_in_linked;
    const said = lines({ method: letter.method });
    return { subject, lines: said, buttons: [{ label: button, link }] };
  }
  if (letter.template === 'already_registered') {
    const { button, resetButton, ...said } = words.already_registered;
    const reset = { label: resetButton, link: letter.resetLink };
    return { ...said, buttons: [{ label: button, link }, reset] };
  }
  const { button, ...said } = words[letter.template];
  return { ...said, buttons: [{ label: button, link }] };
}

/** The mail of a letter to one person: text, and a page that says the same and loads nothing. */
export function renderMail(
  letter: Letter,
  { to, locale }: { readonly to: string; readonly locale: Locale },
): Mail {
  const content = contentOf(letter, locale);
  const { subject } = content;
  return { to, subject, text: textOf(content, locale), html: pageOf(content, locale) };
}

function textOf({ lines, buttons }: Content, locale: Locale): string {
  const { greeting, footer } = mailWords(locale);
  const links = buttons.map(({ label, link }) => `${label}:\n${link}`);
  return `${[greeting, ...lines, ...links, `-- \n${footer}`].join('\n\n')}\n`;
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (sign) => escapes[sign] ?? '');

const fonts =
  "system-ui,-apple-system,'Segoe UI',Roboto,'PingFang SC','Microsoft YaHei','Noto Sans SC',sans-serif";

/** Styles stand on the elements, since programs that show mails drop all others. */
const styles = {
  body: `margin:0;padding:24px 16px;background:#f4f6fa;color:#1a1f36;font:16px/1.6 ${fonts}`,
  card: 'max-width:520px;margin:0 auto;padding:28px 24px;background:#ffffff;border:1px solid #dbe0e9;border-radius:14px',
  line: 'margin:0 0 16px',
  button:
    'display:inline-block;padding:12px 22px;border-radius:10px;background:#5146e5;color:#ffffff;font-weight:600;text-decoration:none',
  small:
    'margin:0 0 12px;color:#545d6f;font-size:14px;overflow-wrap:anywhere;word-break:break-word',
  foot: 'max-width:520px;margin:16px auto 0;color:#545d6f;font-size:13px',
} as const;

function pageOf({ subject, lines, buttons }: Content, locale: Locale): string {
  const { greeting, openInstead, footer } = mailWords(locale);
  const paragraphs = [greeting, ...lines].map(
    (line) => `<p style="${styles.line}">${escaped(line)}</p>`,
  );
  const presses = buttons.map(({ label, link }) => {
    const button = `<a href="${escaped(link)}" style="${styles.button}">${escaped(label)}</a>`;
    return `<p style="${styles.line}">${button}</p>`;
  });
  const links = buttons.map(({ link }) => `<br>${escaped(link)}`).join('');
  const instead =
    buttons.length === 0 ? [] : [`<p style="${styles.small}">${escaped(openInstead)}${links}</p>`];
  return [
    `<!doctype html><html lang="${locale === 'zh' ? 'zh-CN' : 'en'}"><head><meta charset="utf-8">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escaped(subject)}</title></head><body style="${styles.body}">`,
    `<div style="${styles.card}">`,
    ...paragraphs,
    ...presses,
    ...instead,
    `</div><p style="${styles.foot}">${escaped(footer)}</p></body></html>`,
  ].join('\n');
}
