import type { AddressInfo, Socket } from 'node:net';

import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';

import type { Inbox } from './inbox.ts';

/** How the server goes wrong. */
export type MailFault =
  /** 421 instead of a greeting. */
  | 'code_421'
  /** 451 for the recipient, as greylisting does. */
  | 'code_451'
  /** 550 for the recipient. */
  | 'code_550'
  /** Takes the mail and cuts the connection without having kept it. */
  | 'reset_before'
  /** Keeps the mail and cuts the connection, so that the sender does not know. */
  | 'reset_after'
  /** Never greets. */
  | 'silent';

/** What goes wrong, for the next `times` occasions. */
export type MailMisbehaviour = { readonly how: MailFault; readonly times: number };

export type SmtpOptions = {
  /** 0 or absent: a free port. */
  readonly port?: number;
  readonly inbox: Inbox;
  /** Without it nobody has to sign in. */
  readonly login?: { readonly user: string; readonly password: string };
  /** Whether it offers STARTTLS, with a certificate of its own making. */
  readonly hasTls?: boolean;
};

export type SmtpEmulator = {
  readonly port: number;
  /** How many there have been. */
  connections(): number;
  misbehave(misbehaviour: MailMisbehaviour): void;
  /** Forgets what is armed. */
  behave(): void;
  close(): Promise<void>;
};

/**
 * What many servers take, and what this one says with SIZE.
 * @internal
 */
export const largestBytes = 25 * 1024 * 1024;

const wellFormed =
  /^[^\s@<>]{1,64}@(?:[\p{L}\d](?:[\p{L}\d-]{0,61}[\p{L}\d])?\.)+\p{L}[\p{L}\d-]{0,61}[\p{L}\d]$/u;
/** Nobody has an address such as `unknown@example.com`. */
const nobody = /^unknown@/iu;

class Refusal extends Error {
  readonly responseCode: number;

  constructor(responseCode: number, message: string) {
    super(message);
    this.responseCode = responseCode;
  }
}

const refuseAddress = (address: string): Refusal | null =>
  wellFormed.test(address) ? null : new Refusal(553, '5.1.3 The address is not valid');

type Armed = { readonly how: MailFault; left: number };

/** Uses up one occasion of one of these. */
function createTaker(armed: readonly Armed[]) {
  return (...kinds: readonly MailFault[]): MailFault | null => {
    const found = armed.find(({ how, left }) => left > 0 && kinds.includes(how));
    if (!found) return null;
    found.left -= 1;
    return found.how;
  };
}

/** An SMTP server on 127.0.0.1 that delivers to the inbox and to nobody else. */
export async function startSmtp(options: SmtpOptions): Promise<SmtpEmulator> {
  const { inbox, login } = options;
  const armed: Armed[] = [];
  const take = createTaker(armed);
  let connections = 0;
  const server = new SMTPServer({
    name: 'mail.sandbox.invalid',
    logger: false,
    disableReverseLookup: true,
    size: largestBytes,
    rejectOversized: true,
    allowInsecureAuth: true,
    disabledCommands: [...(options.hasTls ? [] : ['STARTTLS']), ...(login ? [] : ['AUTH'])],
    authOptional: login === undefined,
    onConnect(_session, done) {
      connections += 1;
      const how = take('code_421', 'silent');
      if (how === 'silent') return;
      done(how ? new Refusal(421, '4.3.2 Try again later') : null);
    },
    onAuth({ username, password }, _session, done) {
      const isRight = username === login?.user && password === login?.password;
      if (isRight) done(null, { user: username });
      else done(new Refusal(535, '5.7.8 Authentication credentials invalid'));
    },
    onMailFrom: ({ address }, _session, done) => done(refuseAddress(address)),
    onRcptTo({ address }, _session, done) {
      const how = take('code_451', 'code_550');
      if (how === 'code_451') done(new Refusal(451, `4.7.1 <${address}> greylisted, try later`));
      else if (how || nobody.test(address))
        done(new Refusal(550, `5.1.1 <${address}> no such mailbox`));
      else done(refuseAddress(address));
    },
    onData(stream, session, done) {
      void answerData({ stream, session, inbox, take, done, cut: () => cut(session) });
    },
  });
  server.on('error', () => undefined); // A connection that was cut; the other side has noticed.
  const sockets = new Map<number, Socket>();
  const cut = ({ remotePort }: SMTPServerSession) => sockets.get(remotePort)?.destroy();
  server.server.on('connection', (socket) => {
    const { remotePort = 0 } = socket;
    sockets.set(remotePort, socket);
    socket.once('close', () => sockets.delete(remotePort));
  });
  const port = await listen(server, options.port ?? 0);
  return {
    port,
    connections: () => connections,
    misbehave: ({ how, times }) => void armed.push({ how, left: times }),
    behave: () => void armed.splice(0),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets.values()) socket.destroy();
      }),
  };
}

function listen(server: SMTPServer, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    const listening = server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      const address: AddressInfo | string | null = listening.address();
      if (address === null || typeof address === 'string') reject(new Error('no TCP address'));
      else resolve(address.port);
    });
  });
}

type Arrival = {
  readonly stream: SMTPServerDataStream;
  readonly session: SMTPServerSession;
  readonly inbox: Inbox;
  readonly take: ReturnType<typeof createTaker>;
  readonly done: (error: Error | null) => void;
  readonly cut: () => void;
};

/** Reads one mail and answers, or cuts the connection. */
async function answerData(arrival: Arrival): Promise<void> {
  const { done, cut } = arrival;
  try {
    if (await receive(arrival)) cut();
    else done(null);
  } catch {
    done(new Refusal(451, '4.3.0 The emulator broke'));
  }
}

/** Reads one mail and keeps it; answers whether the connection is to be cut. */
async function receive({ stream, session, inbox, take }: Arrival): Promise<boolean> {
  const pieces: Buffer[] = [];
  for await (const piece of stream) {
    // What is too large is read to its end, and refused by the server.
    if (!stream.sizeExceeded && Buffer.isBuffer(piece)) pieces.push(piece);
  }
  if (stream.sizeExceeded) return false;
  const how = take('reset_before', 'reset_after');
  if (how !== 'reset_before') inbox.keep(await parse(Buffer.concat(pieces), session));
  return how !== null;
}

/** The parser is loaded with the first mail. */
async function parse(raw: Buffer, { envelope, secure }: SMTPServerSession) {
  const { simpleParser } = await import('mailparser');
  const mail = await simpleParser(raw, { skipTextToHtml: true, skipImageLinks: true });
  return {
    from: envelope.mailFrom ? envelope.mailFrom.address : '',
    to: envelope.rcptTo.map(({ address }) => address),
    sender: mail.from?.text ?? '',
    subject: mail.subject ?? '',
    text: mail.text ?? '',
    html: typeof mail.html === 'string' ? mail.html : null,
    headers: mail.headerLines.map(({ line }) =>
      line.replace(/^[^:]*/u, (name) => name.toLowerCase()),
    ),
    isSecure: secure,
    bytes: raw.length,
  };
}
