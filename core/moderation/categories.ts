/** What a video may not show or promote; the words for people are in core/messages/moderation.ts. */
export const categories = [
  'sexual_minors',
  'sexual',
  'gore',
  'self_harm',
  'weapons_drugs',
  'hate',
  'terror',
  'harassment',
  'crime',
  'deepfake',
] as const;

export type Category = (typeof categories)[number];
