import { z } from 'zod';

import type { Services } from '../core/context.ts';

/** Brings what a client says later to the call that it is about, in whichever process that runs. */
export type Mailbox = {
  /**
   * What comes under an id from here on, a new one unless it is named: null when `signal` ends the
   * wait.
   */
  open(
    signal: AbortSignal,
    id?: string,
  ): Promise<{ readonly id: string; readonly answer: Promise<unknown> }>;
  /** Hands over an answer; one that nobody waits for is lost, as its call is. */
  deliver(id: string, answer: unknown): Promise<void>;
};

const channel = 'jilo_mcp_answers';

/** Postgres refuses a notice of 8,000 bytes; a form that people fill in is far smaller. */
const maxBytes = 7000;

const letterSchema = z.object({ id: z.string(), accountId: z.string(), answer: z.unknown() });

/** The mailbox of one account, over the database that all processes share. */
export function createMailbox(services: Services, accountId: string): Mailbox {
  const { sql } = services.database;
  return {
    async open(signal, id = services.ids.next('elc')) {
      const arrived = Promise.withResolvers<unknown>();
      const listening = await sql.listen(channel, (text) => {
        const letter = letterSchema.safeParse(JSON.parse(text));
        if (!letter.success || letter.data.id !== id || letter.data.accountId !== accountId) return;
        arrived.resolve(letter.data.answer);
      });
      const leave = () => arrived.resolve(null);
      signal.addEventListener('abort', leave, { once: true });
      if (signal.aborted) leave();
      const answer = arrived.promise.then(async (content) => {
        signal.removeEventListener('abort', leave);
        await listening.unlisten();
        return content;
      });
      return { id, answer };
    },
    async deliver(id, answer) {
      const letter = JSON.stringify({ id, accountId, answer });
      if (Buffer.byteLength(letter) <= maxBytes) await sql.notify(channel, letter);
    },
  };
}
