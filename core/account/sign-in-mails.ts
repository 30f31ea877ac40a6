import type { Services } from '../context.ts';
import type { Letter } from '../mail/letter.ts';
import { mayMail } from '../limits/sign-in.ts';
import { sendMailLater } from '../mail/queue.ts';

/** To whom a mail about signing in goes. */
export type MailedLogin = { readonly email: string; readonly locale?: string | null | undefined };

/** The mails that signing in needs; each resolves once it is queued. */
export interface SignInMails {
  /** The link that proves an address. */
  verify(to: MailedLogin, token: string): Promise<void>;
  /** The link for a new password. */
  reset(to: MailedLogin, token: string): Promise<void>;
  passwordChanged(to: MailedLogin): Promise<void>;
  /** Somebody tried to register with an address that is taken. */
  alreadyRegistered(to: MailedLogin): Promise<void>;
  /** From now on the login can be entered by an account at this provider too. */
  linked(to: MailedLogin, method: string): Promise<void>;
}

/** Mails that lead to our own pages; a link with a token is good for an hour. */
export function signInMails(services: Services, publicUrl: string): SignInMails {
  const at = (path: string, token?: string): string => {
    const address = new URL(path, publicUrl);
    if (token !== undefined) address.searchParams.set('token', token);
    return address.href;
  };
  const send = ({ email: to, locale }: MailedLogin, letter: Letter) =>
    sendMailLater(services, services.database.db, {
      ...letter,
      to,
      locale: locale === 'zh' ? 'zh' : 'en',
    });
  // Whoever has an address typed in can ask for these in somebody else's name.
  const sendSome = async (to: MailedLogin, letter: Letter) => {
    if (await mayMail(services, to.email)) await send(to, letter);
  };
  return {
    verify: (to, token) => sendSome(to, { template: 'verify', link: at('/verify', token) }),
    reset: (to, token) => sendSome(to, { template: 'reset', link: at('/reset/new', token) }),
    passwordChanged: (to) => send(to, { template: 'password_changed', link: at('/reset') }),
    alreadyRegistered: (to) =>
      sendSome(to, {
        template: 'already_registered',
        link: at('/sign-in'),
        resetLink: at('/reset'),
      }),
    linked: (to, method) => send(to, { template: 'sign_in_linked', method, link: at('/account') }),
  };
}
