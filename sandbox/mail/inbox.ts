import type { SandboxClock } from '../clock.ts';

/** A mail as it came in. */
export type KeptMail = {
  readonly id: string;
  readonly receivedAt: Date;
  /** The envelope's sender. */
  readonly from: string;
  /** The envelope's recipients. */
  readonly to: readonly string[];
  /** The header `From` as it is shown. */
  readonly sender: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string | null;
  /** Every header in the order in which they came, as `name: value`, names in small letters. */
  readonly headers: readonly string[];
  /** Whether it came over TLS. */
  readonly isSecure: boolean;
  readonly bytes: number;
};

const mostKept = 200;

/** The last 200 mails, in memory. */
export type Inbox = {
  /** Newest first; with an address only what was sent to it. */
  list(to?: string): readonly KeptMail[];
  find(id: string): KeptMail | undefined;
  keep(mail: Omit<KeptMail, 'id' | 'receivedAt'>): void;
  clear(): void;
};

export function createInbox(clock: SandboxClock): Inbox {
  let kept: readonly KeptMail[] = [];
  let count = 0;
  return {
    list: (to) =>
      to === undefined
        ? kept
        : kept.filter((mail) => mail.to.some((one) => one.toLowerCase() === to.toLowerCase())),
    find: (id) => kept.find((mail) => mail.id === id),
    keep(mail) {
      count += 1;
      kept = [{ ...mail, id: String(count), receivedAt: clock.now() }, ...kept].slice(0, mostKept);
    },
    clear() {
      kept = [];
    },
  };
}
