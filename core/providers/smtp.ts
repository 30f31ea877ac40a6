import { readSender, readSmtpUrl, type Sender, type SmtpPlace } from '../config-accounts.ts';
import { mailSchema, type Mail, type Mailer } from '../ports/mailer.ts';
import { faultForTrouble, readTrouble, type SmtpTrouble } from './smtp-faults.ts';

export type SmtpSettings = {
  /** SMTP_URL. */
  readonly url: string;
  /** MAIL_FROM. */
  readonly from: string;
  /** How long one step may take, from the connection to the last answer. Default: 15 seconds. */
  readonly limitMs?: number;
};

const usualLimitMs = 15_000;

/**
 * Mails over SMTP; live and sandbox differ only in the settings. What is not on this machine is spoken to
 * over TLS with a certificate that holds, or not at all. Source: nodemailer 10.6.0, RFC 5321, RFC 8314.
 */
export function createSmtp(settings: SmtpSettings): Mailer {
  const { place, from } = read(settings);
  return {
    async send(mail, signal) {
      signal?.throwIfAborted();
      const message = messageOf(mailSchema.parse(mail), from);
      const transport = await openTransport(place, settings);
      try {
        await transport.sendMail({ ...message, ...(signal ? { signal } : {}) });
      } catch (error) {
        signal?.throwIfAborted();
        const trouble = readTrouble(error);
        throw trouble ? faultForTrouble(trouble) : error;
      }
    },
  };
}

/** Connects, encrypts and signs in, and sends nothing; what went wrong, or null. */
export async function verifySmtp(settings: SmtpSettings): Promise<SmtpTrouble | null> {
  const transport = await openTransport(read(settings).place, settings);
  try {
    await transport.verify();
    return null;
  } catch (error) {
    const { message } = error instanceof Error ? error : { message: String(error) };
    // A connection that just ends comes without a code.
    return readTrouble(error) ?? { kind: 'silent', code: 'ECONNECTION', status: 0, text: message };
  }
}

function read({ url, from }: SmtpSettings): { readonly place: SmtpPlace; readonly from: Sender } {
  const [place, sender] = [readSmtpUrl(url), readSender(from)];
  if (!place || !sender) throw new Error('SMTP_URL and MAIL_FROM were not checked');
  return { place, from: sender };
}

/** The client is loaded when the first mail is sent; each mail has a connection of its own. */
async function openTransport(place: SmtpPlace, { limitMs = usualLimitMs }: SmtpSettings) {
  const { host, port, isSecure, isLoopback, login } = place;
  const { createTransport } = await import('nodemailer');
  return createTransport({
    host,
    port,
    secure: isSecure,
    requireTLS: !isSecure && !isLoopback,
    // A server on this machine has a certificate of its own making, and nobody between it and us.
    tls: { rejectUnauthorized: !isLoopback, minVersion: 'TLSv1.2' },
    // With a password in the settings, a server that asks for none is not the one that was meant.
    ...(login ? { auth: { user: login.user, pass: login.password }, forceAuth: true } : {}),
    connectionTimeout: limitMs,
    greetingTimeout: limitMs,
    socketTimeout: limitMs,
    dnsTimeout: limitMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

/** Addresses go as they are, so that none is read as a list of several. */
const messageOf = ({ to, subject, text, html }: Mail, from: Sender) => ({
  from,
  to: { name: '', address: to },
  envelope: { from: from.address, to: [to] },
  subject,
  text,
  html,
  // So that no out-of-office reply comes back (RFC 3834).
  headers: { 'Auto-Submitted': 'auto-generated' },
});
