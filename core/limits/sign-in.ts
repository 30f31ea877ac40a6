import { sha256Hex } from '../crypto.ts';
import type { Services } from '../context.ts';
import { isFault } from '../fault.ts';
import { networkOf } from './network.ts';
import { count } from './rates.ts';

const windowSeconds = 900;
/** Tries for one login from one network; another network has its own, so that nobody can lock somebody out alone. */
const triesFromNetwork = 10;
/** Tries for one login from everywhere. */
const triesFromAnywhere = 50;
/** Forms of sign-up and of forgotten passwords that one network may send. */
const formsOfNetwork = 30;
const mailsOfLogin = 5;
const mailSeconds = 3600;

type Counting = Pick<Services, 'config' | 'database'>;

/** Addresses are kept nowhere but with their login. */
const keyOf = (email: string): string => sha256Hex(email.trim().toLowerCase());

/**
 * Counts one try to sign in, whether or not there is such a login.
 * @throws Fault `rate_limited` after 10 tries in a quarter of an hour from one network, or 50 from everywhere.
 */
export async function countSignIn(services: Counting, email: string, ip: string): Promise<void> {
  const login = keyOf(email);
  const here = `${login}:${networkOf(ip)}`;
  await count(services, { of: 'sign-in', points: triesFromNetwork, seconds: windowSeconds }, here);
  await count(services, { of: 'login', points: triesFromAnywhere, seconds: windowSeconds }, login);
}

/** Counts one form that leads to a mail. @throws Fault `rate_limited` */
export async function countForm(services: Counting, ip: string): Promise<void> {
  const limit = { of: 'sign-in', points: formsOfNetwork, seconds: windowSeconds } as const;
  await count(services, limit, networkOf(ip));
}

/** Whether one more mail may go to an address this hour; nobody who asks is told. */
export async function mayMail(services: Counting, email: string): Promise<boolean> {
  try {
    await count(services, { of: 'mail', points: mailsOfLogin, seconds: mailSeconds }, keyOf(email));
    return true;
  } catch (error) {
    if (isFault(error, 'rate_limited')) return false;
    throw error;
  }
}
