import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Services } from '../../core/context.ts';
import { mutants, withDoubleCapture } from '../faults/mutants.ts';
import { playRun } from '../faults/run.ts';
import { openThrowawayWorld } from '../faults/throwaway.ts';
import type { FaultWorld } from '../faults/world.ts';

const seed = 20_261_122;
/** A mutant has to show within so many runs. */
const mutantRuns = 12;
const timeout = 240_000;

let world: FaultWorld;
beforeAll(async () => {
  world = await openThrowawayWorld();
}, timeout);
afterAll(() => world.close(), timeout);

/** What breaks until the promise does, or in all runs. */
async function brokenBy(
  services: (services: Services) => Services,
  promise: string,
  from = 0,
): Promise<string> {
  const all: string[] = [];
  for (let run = from; run < from + mutantRuns; run += 1) {
    const { broken } = await playRun(world, { seed, run }, { services });
    all.push(...broken);
    if (broken.some((line) => line.includes(promise))) break;
  }
  return all.join('\n');
}

describe('a product that breaks its promise is caught', () => {
  test.each(mutants)('$name', { timeout }, async ({ services, promise, from }) => {
    expect(await brokenBy(services, promise, from)).toContain(promise);
  });

  // The journal is for ever, so that this comes last.
  test('captures twice', { timeout }, async () => {
    const services = (whole: Services) => withDoubleCapture(whole);
    const broken = await brokenBy(services, 'every hold is settled once');
    expect(broken).toContain('every hold is settled once');
    expect(broken).toContain('journal and wallets agree');
    expect(broken).toContain('the ledger is sound');
  });
});
