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
