import { readSmtpUrl } from '../../core/config-accounts.ts';
import type { SmtpTrouble } from '../../core/providers/smtp-faults.ts';
import { verifySmtp } from '../../core/providers/smtp.ts';
import { FarEndFault } from './call.ts';
import { ok } from './check.ts';
import { serviceCheck } from './service.ts';

/** A silent server is found before the check as a whole is out of time: connecting and its greeting. */
const stepMs = 4000;

/** Whether the mail server is there, encrypts and lets us in; it is sent no mail. */
export const mailCheck = serviceCheck('mail', async ({ config, words }) => {
  const { SMTP_URL: url = '', MAIL_FROM: from = '' } = config;
  const place = readSmtpUrl(url);
  const host = place ? `${place.host}:${place.port}` : '';
  const trouble = await verifySmtp({ url, from, limitMs: stepMs });
  if (trouble === null) return ok(words.mailFine({ host, signsIn: place?.login !== null }));
  if (trouble.kind === 'plain')
    return {
      state: 'failed',
      what: words.mailPlain({ host, code: trouble.code }),
      switchesOff: words.services.mail.off,
      howToGetIt: words.mailEncrypt(),
    };
  throw new FarEndFault(kinds[trouble.kind], host, { status: trouble.status, code: trouble.code });
});

const kinds = {
  silent: 'silent',
  refused: 'refused',
  busy: 'broken',
  failed: 'broken',
} as const satisfies Record<Exclude<SmtpTrouble['kind'], 'plain'>, FarEndFault['trouble']>;
