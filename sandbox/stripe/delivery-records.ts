import { z } from 'zod';

/** All times are seconds since 1970 on the emulator's clock. */
const seconds = z.int();
const metadata = z.record(z.string(), z.string());

export const eventSchema = z.object({
  id: z.string(),
  type: z.string(),
  /** The object as it was then, in the form of the API. */
  object: z.record(z.string(), z.unknown()),
  previous: z.record(z.string(), z.unknown()).nullable(),
  request: z.object({ id: z.string().nullable(), key: z.string().nullable() }),
  created: seconds,
});
export type EventRecord = z.infer<typeof eventSchema>;

export const endpointSchema = z.object({
  id: z.string(),
  url: z.string(),
  secret: z.string(),
  enabledEvents: z.array(z.string()),
  description: z.string().nullable(),
  metadata,
  created: seconds,
});
export type EndpointRecord = z.infer<typeof endpointSchema>;

/** One event on its way to one endpoint. */
export const deliverySchema = z.object({
  event: z.string(),
  endpoint: z.string(),
  attempts: z.int(),
  firstAt: seconds,
  /** Milliseconds since 1970; null: it is over. */
  nextAt: z.number().nullable(),
  outcome: z.enum(['pending', 'taken', 'given_up', 'dropped']),
});
export type DeliveryRecord = z.infer<typeof deliverySchema>;

export const storedAnswerSchema = z.object({
  key: z.string(),
  path: z.string(),
  /** The parameters in a fixed order. */
  params: z.string(),
  status: z.int(),
  body: z.record(z.string(), z.unknown()),
  requestId: z.string(),
  at: seconds,
});
export type StoredAnswer = z.infer<typeof storedAnswerSchema>;
