import type { Locale } from '../messages/catalogue.ts';

/** The providers with whose accounts people may sign in. */
export const signInProviders = ['google', 'discord'] as const;
export type SignInProvider = (typeof signInProviders)[number];

/** What they are called, in every language. */
export const providerNames = {
  google: 'Google',
  discord: 'Discord',
} as const satisfies Record<SignInProvider, string>;

/** Who is signed in in a browser, and by which session. */
export type Login = {
  readonly id: string;
  readonly sessionId: string;
  readonly name: string;
  readonly email: string;
  readonly locale: Locale;
  readonly purpose: string | null;
  /** The person's id at Discord, where they sign in with it. */
  readonly discordId: string | null;
};

/** Somebody who is signed in, and cookies that prolong it. */
export type SignedIn = { readonly login: Login; readonly cookies: readonly string[] };

/** Why somebody was not let in, or a form not taken. */
export type SignInProblem =
  | 'wrong_password'
  | 'not_verified'
  | 'link_not_valid'
  | 'email_not_valid'
  | 'provider_refused';

/** What a browser is told: cookies to keep, and either where to go on or what did not work. */
export type SignInAnswer = {
  readonly cookies: readonly string[];
  readonly problem: SignInProblem | null;
  /** Where the browser goes on; null: the page decides. */
  readonly location: string | null;
};

export type NewLogin = {
  readonly name: string;
  readonly email: string;
  readonly password: string;
  readonly locale: Locale;
  readonly purpose: string | null;
};

/** A program that asks to act for somebody, as the consent page shows it. */
export type AskingProgram = {
  readonly id: string;
  readonly name: string | null;
  readonly uri: string | null;
  /** Whether the program is known by an address of its own, which it was read from. */
  readonly isDescribed: boolean;
};

/** Sign-in of people, and OAuth 2.1 for the programs that they allow to act for them. */
export interface SignIn {
  /** The providers that are set up. */
  providers(): readonly SignInProvider[];
  /**
   * Answers what programs and providers call below `/auth`: authorise, token, register, revoke, and the
   * ways back from Google and Discord. Everything else there is unknown.
   */
  handle(request: Request): Promise<Response>;
  /** RFC 8414: what the authorisation server can do. */
  describe(): Promise<Readonly<Record<string, unknown>>>;
  /** Who is signed in; null for nobody. */
  find(headers: Headers): Promise<SignedIn | null>;
  /**
   * Takes a new login in and mails the link that proves the address. Answers the same for an address
   * that is taken: only its owner is told, by mail.
   */
  signUp(login: NewLogin): Promise<SignInAnswer>;
  signIn(email: string, password: string, headers: Headers): Promise<SignInAnswer>;
  signOut(headers: Headers): Promise<SignInAnswer>;
  /** Ends every session of whoever is signed in. */
  signOutEverywhere(headers: Headers): Promise<SignInAnswer>;
  /** Begins the round trip to a provider; `next` is the path to come back to. */
  start(provider: SignInProvider, next: string, headers: Headers): Promise<SignInAnswer>;
  /** Takes the token of a mail that proves an address; signs in. */
  verifyEmail(token: string, headers: Headers): Promise<SignInAnswer>;
  /** Mails a link for a new password, where the address is known. */
  askForReset(email: string): Promise<void>;
  /** Takes a new password and ends every session. */
  reset(token: string, password: string): Promise<SignInAnswer>;
  /** The program of a signed question; null when the question is not ours or too old. */
  readQuestion(query: string): Promise<AskingProgram | null>;
  /** Answers a signed question of a program for whoever is signed in. */
  answerQuestion(query: string, accept: boolean, headers: Headers): Promise<SignInAnswer>;
}
