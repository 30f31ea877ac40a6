import type { PendingApproval } from '../../core/consent/decide.ts';
import type { Notice } from '../../core/notice/deliver.ts';
import type { AnyOperation } from '../../core/operation.ts';
import { askerOf, presentConsent } from './cards/consent.ts';
import { choicesOf } from './consent-choices.ts';
import type { View } from './view.ts';

/** The card of a question that was asked elsewhere; null when nothing offered could come of it. */
export function presentQuestion(
  approval: PendingApproval,
  { locale, timeZone, userId }: Notice,
  { operations, now }: { readonly operations: readonly AnyOperation[]; readonly now: Date },
): View | null {
  const operation = operations.find(({ name }) => name === approval.operation);
  if (!operation) return null;
  const choices = choicesOf(operation, approval, {});
  const asked = { approval, operation, askedBy: askerOf(approval.surface), choices };
  return presentConsent(asked, { locale, timeZone, now, owner: userId });
}
