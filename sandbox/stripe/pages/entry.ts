import type { SandboxClock } from '../../clock.ts';
import type { EmulatorRequest } from '../../http.ts';
import type { Failure } from '../records.ts';
import type { Decline } from './card-form.ts';
import type { CardInput } from './card-input.ts';
import { groupDigits } from './test-cards.ts';

/** The fields of a form that a page has sent. */
export const readForm = ({ body }: EmulatorRequest): URLSearchParams =>
  new URLSearchParams(body.toString('utf8'));

// Longer than anything that fits; the page shows it again.
const longest = 300;

/** One field without the blanks around it. */
export const fieldOf = (form: URLSearchParams, name: string): string =>
  (form.get(name) ?? '').trim().slice(0, longest);

/** The card that was typed in, or the test card that was picked from the list. */
export function readCard(
  form: URLSearchParams,
  clock: SandboxClock,
): { readonly input: CardInput; readonly isFilled: boolean } {
  const picked = fieldOf(form, 'fill');
  if (picked !== '') {
    const year = (clock.now().getUTCFullYear() + 8) % 100;
    const expiry = `12 / ${String(year).padStart(2, '0')}`;
    return { input: { number: groupDigits(picked), expiry, cvc: '123' }, isFilled: true };
  }
  const input = {
    number: fieldOf(form, 'number'),
    expiry: fieldOf(form, 'expiry'),
    cvc: fieldOf(form, 'cvc'),
  };
  return { input, isFilled: false };
}

const told: Readonly<Record<string, Decline>> = {
  insufficient_funds: 'no_funds',
  expired_card: 'expired',
  test_mode_live_card: 'not_a_test_card',
  payment_intent_authentication_failure: 'not_confirmed',
};

/** What a person is told of a failure: nothing of what the bank thinks about the card itself. */
export const declineOf = ({ code, declineCode }: Failure): Decline =>
  told[declineCode ?? code] ?? 'declined';
