import { findApproval } from '../../../core/consent/decide.ts';
import { Fault } from '../../../core/fault.ts';
import { askerOf, presentConsent, presentSettled, settledOf } from '../cards/consent.ts';
import { choicesOf, keepChoice } from '../consent-choices.ts';
import { defineAction, type Action } from '../exchange.ts';

/** Keeps what is picked on the card of an approval until the person decides. */
export const consentChoiceActions: readonly Action[] = [
  defineAction('consent-choice', async (exchange, [approvalId = '', field = ''], { picked }) => {
    await exchange.deferUpdate();
    const { context, operations, draw } = exchange;
    const approval = await findApproval(context, approvalId, context.actor.accountId);
    if (approval.status !== 'pending') {
      await exchange.update(presentSettled(settledOf(approval), approval.preview.title, draw));
      return;
    }
    const operation = operations.find(({ name }) => name === approval.operation);
    const [option] = picked ?? [];
    if (!operation || option === undefined) throw new Fault('button_outdated', {});
    const chosen = await keepChoice(context, operation, { approvalId, field, option });
    const askedBy = askerOf(approval.surface);
    const choices = choicesOf(operation, approval, chosen);
    await exchange.update(presentConsent({ approval, operation, askedBy, choices }, draw));
  }),
];
