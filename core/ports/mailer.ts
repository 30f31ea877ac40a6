import { z } from 'zod';

/** One line, so that nothing in it can begin another header. */
const line = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u, 'must be one line');

/** Mails are refused well below what servers take: ours are a few paragraphs. */
const longestBody = 100_000;

/** A mail to one person, as text and as a page that loads nothing. */
export const mailSchema = z.strictObject({
  to: z.email().max(254),
  subject: line,
  text: z.string().min(1).max(longestBody),
  html: z.string().min(1).max(longestBody),
});

export type Mail = Readonly<z.infer<typeof mailSchema>>;

/** Sends mails. */
export interface Mailer {
  /**
   * Hands the mail to the mail server; resolves when that has taken it. Whether it took the mail is not
   * known when the connection breaks at the end, so that a mail that is sent again may come twice.
   * @throws Fault `provider_busy` when it may go through later, `provider_locked` when the server does not
   * let us in, `provider_failed` when it was refused for good; ZodError on what is no mail.
   */
  send(mail: Mail, signal?: AbortSignal): Promise<void>;
}
