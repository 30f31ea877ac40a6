import { isCommonPassword } from './common-passwords.ts';

/** Bounds of a password, in characters. */
export const minPasswordLength = 8;
export const maxPasswordLength = 128;
/** The same for what counts the halves of the characters that have two. */
export const maxPasswordUnits = 2 * maxPasswordLength;

/** What a password lacks, in the order in which a person is told; empty for one that is good. */
export type PasswordLack =
  | 'too_short'
  | 'too_long'
  | 'no_letter'
  | 'no_digit'
  | 'too_common'
  | 'like_address';

/**
 * Holds a password against the rules: 8 to 128 characters, a letter of any script and a digit, none that
 * everybody tries first, and none that holds our name or what stands before the @ of the person's address.
 */
export function lacksOf(password: string, email = ''): PasswordLack[] {
  const length = Array.from(password).length;
  return [
    ...(length < minPasswordLength ? (['too_short'] as const) : []),
    ...(length > maxPasswordLength ? (['too_long'] as const) : []),
    ...(/\p{L}/u.test(password) ? [] : (['no_letter'] as const)),
    ...(/\p{Nd}/u.test(password) ? [] : (['no_digit'] as const)),
    ...(isCommonPassword(password) ? (['too_common'] as const) : []),
    ...(holdsName(password, email) ? (['like_address'] as const) : []),
  ];
}

/** A shorter one stands in passwords by chance. */
const minNameLength = 4;

function holdsName(password: string, email: string): boolean {
  const plain = password.toLowerCase();
  const name = email.slice(0, Math.max(0, email.lastIndexOf('@'))).toLowerCase();
  return plain.includes('jilo') || (name.length >= minNameLength && plain.includes(name));
}
