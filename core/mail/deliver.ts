import { requirePort } from '../context.ts';
import { Fault, isFault } from '../fault.ts';
import { defineJob } from '../job.ts';
import { hideAddresses } from '../mail-address.ts';
import { mailDeliver, openLetter } from './queue.ts';
import { renderMail } from './render.ts';

/**
 * Sends one mail, with more tries within about an hour, which is as long as its links are good for. A mail
 * server that takes a mail and is not heard any more gets it again, so that a mail may come twice: nobody
 * is harmed by that, and one that never comes locks a person out. A refusal for good ends it.
 */
export const deliverMail = defineJob({
  ...mailDeliver,
  attempts: 9,
  backoff: { seconds: 30, maxSeconds: 900 },
  timeoutSeconds: 120,
  concurrency: 4,
  async run(job, context) {
    const mailer = requirePort(context.ports, 'mailer');
    const mail = renderMail(openLetter(context, job), job);
    try {
      await mailer.send(mail, context.signal);
    } catch (error) {
      if (isFault(error, 'provider_failed')) {
        context.log.warn({ ...aboutOf(job), err: error }, 'a mail was refused for good');
        return;
      }
      // The operator will correct the settings, and people wait for their mail meanwhile.
      if (isFault(error, 'provider_locked'))
        throw new Fault('provider_busy', error.params, { cause: error });
      throw error;
    }
  },
  async exhausted(job, context) {
    context.log.error(aboutOf(job), 'a mail was given up');
  },
});

/** What the log may know of a mail. */
const aboutOf = ({ id, template, to }: { id: string; template: string; to: string }) => ({
  mail: id,
  template,
  to: hideAddresses(to),
});
