/** What was typed into the fields of a card, as it was typed. */
export type CardInput = { readonly number: string; readonly expiry: string; readonly cvc: string };

export const emptyCard: CardInput = { number: '', expiry: '', cvc: '' };

export type CardProblem =
  | 'number_missing'
  | 'number_incomplete'
  | 'number_invalid'
  | 'expiry_missing'
  | 'expiry_incomplete'
  | 'expiry_invalid'
  | 'expiry_past'
  | 'cvc_missing'
  | 'cvc_incomplete';

/** What is wrong at each field; a field without a problem is absent. */
export type CardProblems = Partial<Record<keyof CardInput, CardProblem>>;

/** A card whose fields are as they must be; months from 1. */
export type CheckedCard = {
  readonly number: string;
  readonly month: number;
  readonly year: number;
  readonly cvc: string;
};

/** Digits that people type full-width, or with spaces and dashes between them, as plain digits. */
const plain = (text: string): string => text.normalize('NFKC').replace(/[\s-]/gu, '');

/** The check sum that every card number carries. */
function hasCheckSum(digits: string): boolean {
  const sum = digits
    .split('')
    .toReversed()
    .reduce((total, digit, index) => {
      const weighed = Number(digit) * (index % 2 === 0 ? 1 : 2);
      return total + (weighed > 9 ? weighed - 9 : weighed);
    }, 0);
  return sum % 10 === 0;
}

function numberProblem(number: string): CardProblem | null {
  if (number === '') return 'number_missing';
  if (!/^\d+$/u.test(number) || number.length > 19) return 'number_invalid';
  // Every test card but those of American Express and Diners has sixteen digits.
  if (number.length < (number.startsWith('3') ? 14 : 16)) return 'number_incomplete';
  return hasCheckSum(number) ? null : 'number_invalid';
}

/** The month and the year of `12/34`, `1234`, `12 / 2034` or `122034`; null for anything else. */
function readExpiry(text: string): { month: number; year: number } | null {
  const found = /^(?<month>\d{1,2})\/(?<year>\d{2}|\d{4})$|^(?<mm>\d{2})(?<yy>\d{2}|\d{4})$/u.exec(
    text,
  )?.groups;
  if (!found) return null;
  const year = Number(found['year'] ?? found['yy']);
  return { month: Number(found['month'] ?? found['mm']), year: year < 100 ? 2000 + year : year };
}

function expiryProblem(text: string, now: Date): CardProblem | null {
  if (text === '') return 'expiry_missing';
  if (!/^[\d/]+$/u.test(text)) return 'expiry_invalid';
  const expiry = readExpiry(text);
  if (!expiry) return 'expiry_incomplete';
  if (expiry.month < 1 || expiry.month > 12) return 'expiry_invalid';
  const passed =
    expiry.year * 12 + expiry.month - (now.getUTCFullYear() * 12 + now.getUTCMonth() + 1);
  if (passed < 0) return 'expiry_past';
  return passed > 50 * 12 ? 'expiry_invalid' : null;
}

function cvcProblem(cvc: string): CardProblem | null {
  if (cvc === '') return 'cvc_missing';
  return /^\d{3,4}$/u.test(cvc) ? null : 'cvc_incomplete';
}

/** Reads the fields of a card; a card is good to the end of its month. */
export function checkCard(
  input: CardInput,
  now: Date,
): { readonly card: CheckedCard } | { readonly problems: CardProblems } {
  const number = plain(input.number);
  const expiry = plain(input.expiry);
  const cvc = plain(input.cvc);
  const wrong = {
    number: numberProblem(number),
    expiry: expiryProblem(expiry, now),
    cvc: cvcProblem(cvc),
  };
  const date = readExpiry(expiry);
  if (wrong.number === null && wrong.expiry === null && wrong.cvc === null && date) {
    return { card: { number, ...date, cvc } };
  }
  return {
    problems: {
      ...(wrong.number ? { number: wrong.number } : {}),
      ...(wrong.expiry ? { expiry: wrong.expiry } : {}),
      ...(wrong.cvc ? { cvc: wrong.cvc } : {}),
    },
  };
}

/** Whether it can be an e-mail address. */
export const isEmail = (text: string): boolean =>
  text.length <= 254 && /^[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+$/u.test(text);
