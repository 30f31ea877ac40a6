import { z } from 'zod';

import { customIssue, type Problem } from '../input-fault.ts';
import {
  descriptionProblem,
  playlistProblem,
  splitTags,
  tagsProblem,
  titleProblem,
} from './limits.ts';

/** Adds what a check finds in a field. */
const checkWith =
  (problemOf: (text: string) => Problem | null) =>
  (text: string, issues: z.RefinementCtx<string>): void => {
    const found = problemOf(text);
    if (found) issues.addIssue(customIssue(found));
  };

/** What is said of a published video, checked against YouTube's limits; as input fields. */
export const publicationFields = {
  title: z
    .string()
    .trim()
    .min(1)
    .superRefine(checkWith(titleProblem))
    .describe('At most 100 characters, without < and >'),
  description: z
    .string()
    .trim()
    .superRefine(checkWith(descriptionProblem))
    .describe('At most 5,000 bytes of plain text, without < and >'),
  tags: z
    .string()
    .superRefine(checkWith((text) => tagsProblem(splitTags(text))))
    .describe('Comma-separated, at most 500 characters together'),
  category: z
    .string()
    .regex(/^\d{1,2}$/)
    .describe("YouTube's category number; 28 is Science & Technology"),
  publish_at: z.iso
    .datetime({ offset: true })
    .optional()
    .describe(
      'When it goes public by itself, such as 2026-12-01T20:00:00+08:00; private until then',
    ),
  playlist: z
    .string()
    .trim()
    .superRefine(checkWith(playlistProblem))
    .optional()
    .describe('Title of the playlist that it joins; made when the channel has none of that title'),
};
