import { isUtf8 } from 'node:buffer';

import type { Stripe } from 'stripe';
import { z } from 'zod';

import { Fault } from '../fault.ts';
import type { PaymentNotice } from '../ports/payments.ts';
import { idOrNull, momentSchema } from './stripe-parts.ts';

const toleranceSeconds = 300;

const eventSchema = z.looseObject({
  id: z.string().min(1).max(255),
  type: z.string().min(1).max(255),
  created: momentSchema,
  data: z.looseObject({
    object: z.looseObject({ id: z.string().max(255).nullish(), payment_intent: idOrNull }),
  }),
});
type Event = z.output<typeof eventSchema>;

/** Where to look, by how a type begins; `payment` is what the object says, not the object itself. */
const subjects = [
  ['checkout.session.', 'checkout'],
  ['customer.subscription.', 'subscription'],
  ['invoice.', 'invoice'],
  ['charge.refund', 'payment'],
  ['charge.dispute.', 'payment'],
  ['refund.', 'payment'],
] as const;

/** @throws ZodError */
export function readEvent(answer: unknown): PaymentNotice {
  const event = eventSchema.parse(answer);
  const { id, type, created } = event;
  return { id, type, subject: subjectOf(event), createdAt: created };
}

function subjectOf({ type, data: { object } }: Event): PaymentNotice['subject'] {
  const kind = subjects.find(([beginning]) => type.startsWith(beginning))?.[1];
  const id = kind === 'payment' ? object.payment_intent : object.id;
  return kind && id ? { kind, id } : null;
}

type Message = {
  readonly body: Buffer;
  readonly signature: string | undefined;
  readonly now: Date;
};

/**
 * Reads a message that is signed with one of the secrets, at most five minutes ago or ahead.
 * @throws Fault `link_not_valid` for everything else.
 */
export function readSigned(
  webhooks: Stripe['webhooks'],
  secrets: readonly string[],
  message: Message,
): PaymentNotice {
  const { body, signature = '', now } = message;
  // What is no UTF-8 would be repaired before it is compared, and other bytes would do as well.
  if (!isTimely(signature, now) || !isUtf8(body)) throw new Fault('link_not_valid', {});
  const text = body.toString('utf8');
  for (const secret of secrets) {
    try {
      return readEvent(
        webhooks.constructEvent(
          text,
          signature,
          secret,
          toleranceSeconds,
          undefined,
          now.getTime(),
        ),
      );
    } catch {
      // Another secret may be the one; which check refused it is nobody's business.
    }
  }
  throw new Fault('link_not_valid', {});
}

/** The SDK refuses what is old but takes what is from the future, and the last of several times. */
function isTimely(signature: string, now: Date): boolean {
  const times = signature.split(',').flatMap((part) => {
    const [name = '', value = ''] = part.split('=');
    return name.trim() === 't' ? [value] : [];
  });
  const [time = '', ...others] = times;
  if (others.length > 0 || !/^\d+$/.test(time)) return false;
  return Number(time) - Math.floor(now.getTime() / 1000) <= toleranceSeconds;
}
