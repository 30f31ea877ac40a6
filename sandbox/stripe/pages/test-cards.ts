/** What a card of Stripe's documentation does, in the order in which the pages list them. */
export type TestCardName =
  | 'success'
  | 'mastercard'
  | 'declined'
  | 'no_funds'
  | 'lost'
  | 'stolen'
  | 'expired'
  | 'confirm'
  | 'confirm_each'
  | 'confirm_no_funds'
  | 'fails_later'
  | 'disputed';

type TestCard = { readonly name: TestCardName; readonly number: string };

export const testCards: readonly TestCard[] = [
  { name: 'success', number: '4242424242424242' },
  { name: 'mastercard', number: '5555555555554444' },
  { name: 'declined', number: '4000000000000002' },
  { name: 'no_funds', number: '4000000000009995' },
  { name: 'lost', number: '4000000000009987' },
  { name: 'stolen', number: '4000000000009979' },
  { name: 'expired', number: '4000000000000069' },
  { name: 'confirm', number: '4000002500003155' },
  { name: 'confirm_each', number: '4000002760003184' },
  { name: 'confirm_no_funds', number: '4000008260003178' },
  { name: 'fails_later', number: '4000000000000341' },
  { name: 'disputed', number: '4000000000000259' },
];

/** The accounts of a bank debit, by what the bank says after a day. */
export const bankAccounts = { pays: '000123456789', refuses: '000222222227' } as const;

/** A number in the groups that are printed on the card. */
export const groupDigits = (digits: string): string => digits.replace(/(\d{4})(?=\d)/gu, '$1 ');
