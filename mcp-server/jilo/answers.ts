import type { CallToolResult } from '@modelcontextprotocol/server';

import type { AnswerPicture } from '../../core/answer-pictures.ts';
import type { PendingApproval } from '../../core/consent/decide.ts';
import type { Fault } from '../../core/fault.ts';
import { viewFault } from '../../core/fault-view.ts';
import type { Locale } from '../../core/messages/catalogue.ts';

/** A success: structured, the same in text for clients that read nothing else, and its pictures. */
export const answerWith = (
  value: Readonly<Record<string, unknown>>,
  texts: readonly string[],
  pictures: readonly AnswerPicture[],
): CallToolResult => ({
  structuredContent: value,
  content: [
    ...texts.map((text) => ({ type: 'text' as const, text })),
    { type: 'text', text: JSON.stringify(value) },
    ...pictures.map(({ contentType, data }) => ({
      type: 'image' as const,
      mimeType: contentType,
      data: data.toString('base64'),
    })),
  ],
});

/**
 * A failure that a model can act on: words, next step, code, whether anything was charged, when to
 * try again, and once more as JSON. Not `structuredContent`, which has to fit the tool's output.
 */
export function answerFault(
  fault: Fault,
  locale: Locale,
  approval: PendingApproval | null = null,
): CallToolResult {
  const view = viewFault(fault, locale);
  const facts = [
    `code: ${view.code}`,
    `charged: ${view.charged ? 'yes' : 'no'}`,
    ...(view.retry_after_seconds === undefined
      ? []
      : [`try again in ${view.retry_after_seconds} s`]),
  ];
  const question = approval && {
    preview: { ...approval.preview, expires_at: approval.expiresAt.toISOString() },
  };
  return {
    isError: true,
    content: [
      { type: 'text', text: [view.message, view.next, `(${facts.join('; ')})`].join('\n') },
      { type: 'text', text: JSON.stringify({ error: { ...view, ...question } }) },
    ],
  };
}
