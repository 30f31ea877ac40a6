import type { Traces } from './traces.ts';

const accounts = 'test/attacks/accounts.test.ts';
const answers = 'test/attacks/answers.test.ts';
const asvs = 'web-callbacks/sign-in/asvs.test.ts';
const addresses = 'core/providers/sign-in-addresses.test.ts';
const asked = 'web-callbacks/sign-in/asvs-programs.test.ts';
const codes = 'test/attacks/oauth-codes.test.ts';
const consent = 'test/attacks/oauth-consent.test.ts';
const password = 'core/account/password.test.ts';
const programs = 'web-callbacks/sign-in/programs.test.ts';
const providers = 'web-callbacks/sign-in/providers.test.ts';
const refused = 'web-callbacks/sign-in/providers-refused.test.ts';
const redirects = 'test/attacks/oauth-redirects.test.ts';
const registration = 'test/attacks/oauth-registration.test.ts';
const reset = 'web-callbacks/sign-in/reset.test.ts';
const sessions = 'web-callbacks/sign-in/sessions.test.ts';
const signIn = 'web-callbacks/sign-in/sign-in.test.ts';
const signUp = 'web-callbacks/sign-in/sign-up.test.ts';
const tokens = 'test/attacks/oauth-tokens.test.ts';

const cookies = {
  [asked]: [
    'over https every cookie is Secure, HttpOnly and SameSite, and its name binds it to this host',
  ],
  [answers]: [
    'the cookie of a way to Google is over https for this host alone, and no script sees it',
  ],
};
const hidden = 'a password > on %s is hidden while it is typed, may be pasted and filled in';
const exact =
  'a password > signs in as it was typed alone: no other case, no cut end, no space more';
const another =
  'a session > is another one of 32 random letters and digits each time, and ends the one before';
const newPassword =
  'a new password is set by the link of the mail, ends every session, and the owner is written to';
const lengths = 'the length of a password > of %i characters, of whatever they are';
const form =
  'the form > with %s says so, keeps what was typed but the passwords, and writes to nobody';
const closed =
  'of all that the library answers at, nothing is to be had from outside but what programs need';
const button =
  'a session > is ended by a button of each page of an account, and what the browser keeps is cleared';
const listed = 'the list of tokens > holds programs, and shuts one out for good';

/** What signing in, sessions, OAuth and mails brought. */
export const signInTraces: Traces = {
  '1.3.11': {
    'core/providers/smtp.test.ts': ['a mail > with %s is refused before anything is sent'],
    [accounts]: [
      'what somebody calls themselves > and the address %j writes to nobody',
      'what somebody calls themselves > and a name with lines writes to nobody else',
    ],
  },
  '3.3.1': cookies,
  '3.3.2': cookies,
  '3.3.3': cookies,
  '3.3.4': cookies,
  '6.2.1': { [password]: [lengths], [signUp]: [form] },
  '6.2.2': { [reset]: [newPassword] },
  '6.2.4': {
    [password]: [
      'a password that everybody tries first > each of the 3,000 most used ones that are long enough and have letters and digits is refused',
    ],
    [signUp]: [form],
    [reset]: ['looking at the link uses nothing up, and a password that is refused neither'],
  },
  '6.2.6': { [asvs]: [hidden] },
  '6.2.7': { [asvs]: [hidden] },
  '6.2.8': {
    [asvs]: [exact],
    [signIn]: [
      'signing in > takes a password of 128 characters that have two halves each, and of spaces at its ends',
    ],
  },
  '6.2.9': { [password]: [lengths], [asvs]: [exact] },
  '6.2.10': {
    [asvs]: ['a password > of three years ago still signs in, and nobody is asked for another one'],
  },
  '6.2.11': { [password]: ['a password that says who it is for > %s for %s'], [signUp]: [form] },
  '6.3.1': {
    [signIn]: [
      'the tries for one login > are ten from one network; the eleventh is refused even with the right password',
      'the tries for one login > are fifty from everywhere',
      'the tries for one login > are counted for an address that nobody has as for one that somebody has',
      'the forms of one network > are thirty in a quarter of an hour, sign-up and reset together; what is refused is not counted',
    ],
    'web-callbacks/rates.test.ts': ['somebody who asks too often > is known to every process'],
  },
  '6.3.2': {
    [asvs]: ['a fresh installation has nobody and nothing that anybody could get in with'],
  },
  '6.3.4': {
    [addresses]: [
      closed,
      'an address that is written in another way leads nowhere: %s',
      'no address of ours is asked by %s',
    ],
    [signIn]: ['signing in > with the provider %s, which there is not, is no page'],
  },
  '6.4.1': {
    [signUp]: [
      'the link of the mail > after %i seconds answers %i',
      'the link of the mail > used once more leads to the form, without a session',
      'the link of the mail > made up as %j is refused',
      'the link of the mail > of another installation, or changed by a letter, is refused',
    ],
  },
  '6.4.3': {
    [reset]: [
      newPassword,
      'the link is good once, also when it is pressed twice at once, and for its own login alone',
      '%i seconds later the link answers %i',
      'a link that is made up as %j is refused',
    ],
    [accounts]: ['nobody learns who has an account > by asking for a new password'],
  },
  '7.2.1': {
    [sessions]: [
      'a session that was there before > with its signature changed, or that of another one, is none',
      'a session that was there before > made up as %j is no session before, nor after',
    ],
  },
  '7.2.2': {
    [asvs]: [another, 'a session > is no token of a program, in whatever way it is shown'],
  },
  '7.2.3': { [asvs]: [another] },
  '7.2.4': {
    [asvs]: [another, 'a session > by Google ends the one before as well'],
    [sessions]: [
      'a session that was there before > of somebody else is not the one after signing in',
    ],
  },
  '7.3.1': {
    [sessions]: ['a session ends > 30 days after its last use, and is prolonged by use'],
  },
  '7.3.2': {
    [sessions]: ['a session ends > %i days after the sign-in, however it is used: %j'],
  },
  '7.4.1': {
    [sessions]: [
      'a session ends > at the server when somebody signs out: the cookie that was kept is worth nothing',
    ],
  },
  '7.4.2': {
    [sessions]: ['a session ends > with its account'],
    [tokens]: ['what a program holds > ends at once with the account'],
  },
  '7.4.3': { [reset]: [newPassword] },
  '7.6.2': {
    [signUp]: ['the link of the mail > confirms nothing when it is looked at'],
    [accounts]: ['a form of another site > %s is refused, signs nobody in, and changes nothing'],
    [refused]: [
      'the way back from %s > in another browser lets nobody in, and the first one may still come',
    ],
  },
  '10.4.1': {
    [redirects]: [
      'at the page where programs ask, nobody is sent to an address > %s',
      'at the page where programs ask, nobody is sent to an address > of a program of this machine with %s',
      'at the page where programs ask, nobody is sent to an address > that is said twice, or not at all',
    ],
  },
  '10.4.2': {
    [codes]: [
      'a code is refused > a second time, and the tokens of the first time end, with those that came of them',
      'a code is refused > of two exchanges at once exactly one gets tokens',
    ],
  },
  '10.4.3': { [codes]: ['a code is refused > after ten minutes, and not a minute before'] },
  '10.4.4': {
    [codes]: ['the token address refuses > the grant %s'],
    [registration]: ['a description is refused > that wants %s'],
  },
  '10.4.5': {
    [programs]: ['a refresh token is good once; used again it ends every token of its family'],
    [tokens]: [
      'a refresh token > is used by one of two at once; used again, it ends what came of it',
    ],
  },
  '10.4.6': {
    [codes]: [
      'a question without a good proof key is refused > %s',
      'a code is refused > %s',
      'a code is refused > with the verifier of another code',
    ],
  },
  '10.4.7': {
    [registration]: [
      'what a program says of itself > gives it no right: what we do not ask for is not kept',
    ],
    [redirects]: ['a program is not registered with an address > %s'],
    [consent]: ['the page > says of every name that the program says so itself'],
  },
  '10.4.8': {
    [asked]: ['a refresh token > %i days after its person let the program in answers %i'],
  },
  '10.4.9': {
    [programs]: [listed, 'revocation ends a token at once, and once more it is no error'],
    [tokens]: ['what a program holds > ends at once when its person ends it'],
  },
  '10.4.10': {
    [registration]: ['a program with a %s > is let in with it, and not without it or with another'],
  },
  '10.4.11': {
    [programs]: ['a program that was let in does what it was allowed, and nothing else'],
    [consent]: [
      'a program that asks for more than it was allowed > gets no scope that we do not have',
    ],
    [tokens]: [
      'a refresh token > does not give more than the person allowed',
      'a refresh token > and a code give no scope that is asked for at the token address',
    ],
  },
  '10.5.2': {
    [asvs]: ['whoever has another address at Google since is the same person'],
    [providers]: ['Google > opens an account at the first time and finds it again at the second'],
  },
  '10.6.1': {
    [asked]: ['asked for %j, nothing is given out'],
    [programs]: ['the metadata of RFC 8414 and RFC 9728 name each other'],
  },
  '10.6.2': {
    [sessions]: ['a session ends > by nothing but the button of its own page'],
    [addresses]: [closed],
  },
  '10.7.2': {
    [programs]: ['the page says who asks, for what, and where the answer goes'],
    [asked]: ['the question of a program says how long, and its person can sign out there'],
  },
  '10.7.3': {
    [programs]: [listed],
    [tokens]: ['what a program holds > ends at once when its person ends it'],
  },
  '11.4.2': {
    [asvs]: [
      'a password > is kept as scrypt with a salt of its own, so that two that are equal differ',
    ],
  },
  '14.3.1': { [asvs]: [button] },
  '14.3.3': {
    'web-callbacks/page/live.test.ts': ['%s keeps no address and no password in the browser'],
    'web-callbacks/page/offline.test.ts': [
      'what was typed survives a reload, and is forgotten once it was sent',
    ],
  },
  '16.3.1': {
    [asvs]: ['who came in, and who was refused and why, stands in the log, and no password'],
  },
};
