/** The states of a publication, in the order in which it comes to them. */
export const publicationStatuses = [
  'uploading',
  'processing',
  'scheduled',
  'live',
  'unconfirmed',
  'failed',
  'cancelled',
] as const;

/** What only the person, or the next day, ends the wait for. */
const otherWaits: ReadonlySet<string> = new Set(['channel', 'allowance']);

/** Whether what is waited for is a service outside, by its name. */
export const isServiceName = (waitingFor: string | null): waitingFor is string =>
  waitingFor !== null && !otherWaits.has(waitingFor);
