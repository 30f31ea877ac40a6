import { z } from 'zod';

import type { Db, Tx } from '../../drizzle/client.ts';
import type { Services } from '../context.ts';
import type { SealPlace } from '../crypto.ts';
import { locales, type Locale } from '../messages/catalogue.ts';
import { letterSchema, type Letter } from './letter.ts';

/** A letter with whom it goes to. */
export type OutgoingMail = Letter & {
  /** The address, without a name. */
  readonly to: string;
  readonly locale: Locale;
};

const payload = z.object({
  id: z.string(),
  to: z.email().max(254),
  locale: z.enum(locales),
  template: z.string(),
  /** The letter; its links let whoever reads them in. */
  sealed: z.string(),
});
type Payload = z.infer<typeof payload>;

/** Sends one mail. */
export const mailDeliver = { name: 'mail.deliver', payload };

/** A sealed letter opens for its own job and its own address only. */
const placeOf = ({ id, to }: Pick<Payload, 'id' | 'to'>): SealPlace => ({
  table: mailDeliver.name,
  column: 'sealed',
  row: id,
  account: to,
});

/**
 * Has a mail sent as soon as what the caller writes is committed, and not at all when it is not; without a
 * transaction, at once. Returns before it is sent: whether it arrives is not known here.
 * @throws ZodError on what is no address or no link.
 */
export async function sendMailLater(
  services: Pick<Services, 'queue' | 'crypto' | 'ids'>,
  within: Tx | Db,
  mail: OutgoingMail,
): Promise<void> {
  const { to, locale } = mail;
  const id = services.ids.next('mail');
  const letter = letterSchema.parse(mail);
  const sealed = services.crypto.seal(JSON.stringify(letter), placeOf({ id, to }));
  const job = { id, to, locale, template: letter.template, sealed };
  const add = (tx: Tx) => services.queue.enqueue(tx, mailDeliver, job, { key: id });
  await ('rollback' in within ? add(within) : within.transaction(add));
}

/** The letter of a job. @throws Error when it was sealed with a secret that is gone. */
export const openLetter = ({ crypto }: Pick<Services, 'crypto'>, job: Payload): Letter =>
  letterSchema.parse(JSON.parse(crypto.open(job.sealed, placeOf(job))));
