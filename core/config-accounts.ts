import { z } from 'zod';

/** How the mail server is reached. */
export type SmtpPlace = {
  /** A name or an address, without the brackets of IPv6. */
  readonly host: string;
  readonly port: number;
  /** Whether TLS begins with the connection; otherwise it begins with STARTTLS. */
  readonly isSecure: boolean;
  /** Whether the server is on this machine, so that nothing is said over a network. */
  readonly isLoopback: boolean;
  readonly login: { readonly user: string; readonly password: string } | null;
};

/** Who mails come from. */
export type Sender = { readonly name: string; readonly address: string };

const submissionPort = 587;
const submissionsPort = 465;

const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/i;

const decoded = (text: string): string | null => {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
};

/** What SMTP_URL says; null when it is no such address. */
export function readSmtpUrl(text: string): SmtpPlace | null {
  const url = URL.parse(text);
  if (!url || !/^smtps?:$/.test(url.protocol) || url.hostname === '') return null;
  if (!/^\/?$/.test(url.pathname) || url.search !== '' || url.hash !== '') return null;
  const [user, password] = [decoded(url.username), decoded(url.password)];
  if (user === null || password === null || (user === '') !== (password === '')) return null;
  // A line break, or the sign that parts the two on the wire, would change what is said there.
  if (/\p{Cc}/u.test(user + password)) return null;
  const isSecure = url.protocol === 'smtps:';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return {
    host,
    port: url.port === '' ? (isSecure ? submissionsPort : submissionPort) : Number(url.port),
    isSecure,
    isLoopback: loopback.test(host),
    login: user === '' ? null : { user, password },
  };
}

/** Every form in which the password of SMTP_URL may be written, and the whole of it. */
export function smtpSecrets(text: string | undefined): string[] {
  if (text === undefined) return [];
  const written = URL.parse(text)?.password ?? '';
  return [text, written, decoded(written) ?? ''].filter((one) => one !== '');
}

const mailAddress = z.email().max(254);
const named = /^(?<name>[^<>"\p{Cc}]{1,100}?)\s*<(?<address>[^<>\s]+)>$/u;

/** What MAIL_FROM says: an address, or a name with one behind it; null when it is neither. */
export function readSender(text: string): Sender | null {
  const { name = '', address = text } = named.exec(text)?.groups ?? {};
  return mailAddress.safeParse(address).success ? { name: name.trim(), address } : null;
}

/** What sending mails needs. */
export const mailSettings = {
  SMTP_URL: z
    .string()
    .refine(
      (text) => readSmtpUrl(text) !== null,
      'must be smtp://user:password@host:587 or smtps://user:password@host:465, the user and password as in an address (%40 for @), or neither',
    )
    .optional()
    .describe(
      'Mail server for sign-up and new passwords: smtp://user:password@host:587 (STARTTLS) or smtps://user:password@host:465.',
    ),
  MAIL_FROM: z
    .string()
    .refine(
      (text) => readSender(text) !== null,
      'must be an address, such as no-reply@example.com or Jilo <no-reply@example.com>',
    )
    .optional()
    .describe('Whom mails come from, such as Jilo <no-reply@example.com>; needed with SMTP_URL.'),
};
