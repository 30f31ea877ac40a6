import type { Failure } from './records.ts';

/** What a test number does. Numbers and outcomes are those of docs.stripe.com/testing. */
export type TestMethod = {
  readonly number: string;
  readonly kind: 'card' | 'us_bank_account';
  readonly brand: string;
  /** In words, for pages. */
  readonly label: string;
  /** Why it cannot even be kept for later; null: it can. */
  readonly refusedAtOnce: Failure | null;
  /** Why every charge fails; null: charges go through. */
  readonly failure: Failure | null;
  /** `always`: each payment has to be confirmed. `first`: once confirmed it pays in the person's absence. */
  readonly confirms: 'never' | 'first' | 'always';
  /** The cardholder disputes each charge as fraudulent, a day later. */
  readonly isDisputed: boolean;
};

const messages = {
  generic_decline: 'Your card was declined.',
  insufficient_funds: 'Your card has insufficient funds.',
  lost_card: 'Your card was declined.',
  stolen_card: 'Your card was declined.',
} as const;

const declined = (declineCode: keyof typeof messages): Failure => ({
  code: 'card_declined',
  declineCode,
  message: messages[declineCode],
});

/** For a number that is no test number. */
export const liveCard: Failure = {
  code: 'card_declined',
  declineCode: 'test_mode_live_card',
  message:
    'Your card was declined. Your request was in test mode, but used a non test card. For a list of valid test cards, visit: https://stripe.com/docs/testing.',
};

const expiredCard: Failure = {
  code: 'expired_card',
  declineCode: null,
  message: 'Your card has expired.',
};

/** For a person who does not confirm the payment. */
export const notConfirmed: Failure = {
  code: 'payment_intent_authentication_failure',
  declineCode: null,
  message:
    'We are unable to authenticate your payment method. Please choose a different payment method and try again.',
};

const works = {
  kind: 'card',
  brand: 'visa',
  refusedAtOnce: null,
  failure: null,
  confirms: 'never',
  isDisputed: false,
} as const;

const refuses = (number: string, label: string, failure: Failure): TestMethod => ({
  ...works,
  number,
  label,
  refusedAtOnce: failure,
  failure,
});

const debitFailure = (code: string, message: string): Failure => ({
  code,
  declineCode: null,
  message,
});

/** @internal */
export const testMethods: readonly TestMethod[] = [
  { ...works, number: '4242424242424242', label: 'Pays' },
  { ...works, number: '5555555555554444', brand: 'mastercard', label: 'Pays (Mastercard)' },
  refuses('4000000000000002', 'Declined', declined('generic_decline')),
  refuses('4000000000009995', 'Not enough money', declined('insufficient_funds')),
  refuses('4000000000009987', 'Reported lost', declined('lost_card')),
  refuses('4000000000009979', 'Reported stolen', declined('stolen_card')),
  refuses('4000000000000069', 'Expired', expiredCard),
  {
    ...works,
    number: '4000002500003155',
    label: '3-D Secure once, then pays by itself',
    confirms: 'first',
  },
  {
    ...works,
    number: '4000002760003184',
    label: '3-D Secure for every payment',
    confirms: 'always',
  },
  {
    ...works,
    number: '4000008260003178',
    label: '3-D Secure, then not enough money',
    confirms: 'always',
    failure: declined('insufficient_funds'),
  },
  {
    ...works,
    number: '4000000000000341',
    label: 'Can be kept, but every charge fails',
    failure: declined('generic_decline'),
  },
  { ...works, number: '4000000000000259', label: 'Pays, disputed a day later', isDisputed: true },
  {
    ...works,
    kind: 'us_bank_account',
    brand: 'bank',
    number: '000123456789',
    label: 'Bank debit: pays after a day',
  },
  {
    ...works,
    kind: 'us_bank_account',
    brand: 'bank',
    number: '000222222227',
    label: 'Bank debit: not enough money, after a day',
    failure: debitFailure(
      'insufficient_funds',
      'The customer\u2019s account has insufficient funds to cover this payment.',
    ),
  },
];

const byNumber = new Map(testMethods.map((method) => [method.number, method]));

/** The test method of a number as people type it, spaces and dashes allowed; null when it is none. */
export function findTestMethod(typed: string): TestMethod | null {
  return byNumber.get(typed.replaceAll(/[\s-]/g, '')) ?? null;
}
