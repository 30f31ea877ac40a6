import { z } from 'zod';

import { postTransfer } from '../../core/quota/ledger.ts';
import { openDatabase } from '../../drizzle/client.ts';

/** Holds that this process makes at once, each on a connection of its own. */
const orderSchema = z.object({
  walletId: z.string(),
  keys: z.array(z.string()),
  amount: z.int(),
});

const [, , url = '', connections = '1'] = process.argv;
const database = openDatabase(url, Number(connections));

async function hold({ walletId, keys, amount }: z.infer<typeof orderSchema>): Promise<string[]> {
  return Promise.all(
    keys.map(async (key) => {
      const posted = await postTransfer(database.db, {
        verb: 'hold',
        walletId,
        amount,
        reference: key,
        key: `hold:${key}`,
        at: new Date('2026-11-22T08:00:00Z'),
      });
      return posted.outcome;
    }),
  );
}

process.on('message', (message) => {
  void hold(orderSchema.parse(message)).then((outcomes) => process.send?.(outcomes));
});
process.on('disconnect', () => void database.close());

// All connections are open before the first round.
await Promise.all(
  Array.from({ length: Number(connections) }, () => database.sql`select pg_sleep(0.1)`),
);
process.send?.([]);
