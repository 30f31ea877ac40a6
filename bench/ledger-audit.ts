import { auditBooks } from '../core/quota/audit.ts';
import { openDatabase } from '../drizzle/client.ts';
import { booksNow, writeBooks } from './ledger-books.ts';

/** Somewhat more than a million movements. */
const books = { videos: 495_000, wallets: 10_000 };
const leastTransfers = 1_000_000;
const secondsLimit = 10;

/** How long the audit of a million movements takes; true when it finds nothing within 10 s. */
export async function benchAudit(url: string, say: (line: string) => void): Promise<boolean> {
  const database = openDatabase(url, 1);
  try {
    await writeBooks(database.sql, books);
    const { transfers, wallets, seconds, breaches } = await auditBooks(database.sql, booksNow);
    say(
      `audit of ${transfers} movements in ${wallets} wallets: ${seconds.toFixed(1)} s (limit ${secondsLimit} s)`,
    );
    for (const { rule, count } of breaches) say(`  ${rule}: ${count} rows`);
    return transfers >= leastTransfers && seconds < secondsLimit && breaches.length === 0;
  } finally {
    await database.close();
  }
}
