import { expect, test } from 'vitest';

import { copyDatabase } from '../kit/database.ts';
import { raceOverProcesses } from './quota-race-rounds.ts';

const rounds = 20;

test(`four processes, 100 holds at once with 10 units left, ${rounds} rounds`, async () => {
  const { url, drop } = await copyDatabase();
  try {
    expect(await raceOverProcesses(url, rounds)).toEqual({
      races: { '10 applied, 90 short': rounds },
      duplicates: { '1 applied, 63 replay': rounds },
      wallets: {
        '0 available 10 held 10 in the journal': rounds,
        '9 available 1 held 1 in the journal': rounds,
      },
    });
  } finally {
    await drop();
  }
}, 300_000);
