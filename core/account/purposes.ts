/** What people use Jilo for, as they say. */
export const purposes = ['creator', 'marketing', 'other'] as const;
export type Purpose = (typeof purposes)[number];
