import type { SandboxClock } from '../clock.ts';
import { serveRoutes, type EmulatorRequest, type Route } from '../http.ts';
import { chooseLanguage } from '../stripe/pages/language.ts';
import { createInbox, type Inbox, type KeptMail } from './inbox.ts';
import { answerInbox, answerMail, answerMailPage, answerMissing } from './pages.ts';
import { startSmtp, type MailMisbehaviour, type SmtpOptions } from './smtp.ts';

export type MailOptions = Omit<SmtpOptions, 'inbox'> & {
  readonly clock: SandboxClock;
  /** Port of the inbox's page; 0 or absent: a free one. */
  readonly pagePort?: number;
};

/** A running mail server whose mails reach nobody, with the page on which they are read. */
export type MailEmulator = {
  /** What SMTP_URL is set to. */
  readonly smtpUrl: string;
  /** Where the inbox is read in a browser. */
  readonly url: string;
  /** Newest first; with an address only what was sent to it. */
  mails(to?: string): readonly KeptMail[];
  /** How many connections there have been. */
  connections(): number;
  misbehave(misbehaviour: MailMisbehaviour): void;
  /** Forgets what is armed. */
  behave(): void;
  /** Forgets the mails. */
  clear(): void;
  close(): Promise<void>;
};

/** Starts a mail server on loopback, and the page of its inbox on a port of its own. */
export async function startMail(options: MailOptions): Promise<MailEmulator> {
  const inbox = createInbox(options.clock);
  const smtp = await startSmtp({ ...options, inbox });
  const page = await serveRoutes(routesOf(inbox), { status: 404 }, options.pagePort ?? 0);
  const { login } = options;
  const signedIn = login
    ? `${encodeURIComponent(login.user)}:${encodeURIComponent(login.password)}@`
    : '';
  return {
    smtpUrl: `smtp://${signedIn}127.0.0.1:${smtp.port}`,
    url: `${page.url}/`,
    mails: (to) => inbox.list(to),
    connections: () => smtp.connections(),
    misbehave: (misbehaviour) => smtp.misbehave(misbehaviour),
    behave: () => smtp.behave(),
    clear: () => inbox.clear(),
    close: async () => {
      await Promise.all([smtp.close(), page.close()]);
    },
  };
}

function routesOf(inbox: Inbox): Route[] {
  const languageOf = ({ header }: EmulatorRequest) =>
    chooseLanguage(null, header('accept-language'));
  const finding =
    (answer: (mail: KeptMail, request: EmulatorRequest) => ReturnType<Route['handle']>) =>
    (request: EmulatorRequest) => {
      const mail = inbox.find(request.params['id'] ?? '');
      return mail ? answer(mail, request) : answerMissing(languageOf(request));
    };
  return [
    {
      method: 'GET',
      path: /\//u,
      handle(request) {
        const to = request.url.searchParams.get('to');
        return answerInbox(languageOf(request), inbox.list(to ?? undefined), to);
      },
    },
    {
      method: 'GET',
      path: /\/mails\/(?<id>\d+)/u,
      handle: finding((mail, request) => answerMail(languageOf(request), mail)),
    },
    { method: 'GET', path: /\/mails\/(?<id>\d+)\/html/u, handle: finding(answerMailPage) },
    {
      method: 'GET',
      path: /\/api\/mails/u,
      handle: ({ url }) => ({
        status: 200,
        headers: { 'cache-control': 'no-store' },
        body: inbox.list(url.searchParams.get('to') ?? undefined),
      }),
    },
  ];
}
