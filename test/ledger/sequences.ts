import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { z } from 'zod';

import { ConfigError, loadSurroundings } from '../../core/config.ts';
import { openEmbedded, removeEmbedded } from '../../drizzle/embedded.ts';
import { migrateDatabase } from '../../drizzle/migrate.ts';
import { explainFailure } from '../../scripts/explain.ts';
import { type Crew, openCrew } from './crew.ts';
import type { Tally } from './play.ts';
import { playRun } from './run.ts';

const countOf = (smallest: number, usual: number) =>
  z.coerce.number().pipe(z.int().min(smallest).max(10_000_000)).default(usual);

const optionsSchema = z.object({
  runs: countOf(1, 10_000),
  seed: countOf(0, 1),
  /** The first run: an interrupted command goes on where it was. */
  from: countOf(0, 0),
  /** Sequences that are played side by side. */
  jobs: countOf(1, 4),
});
type Options = z.infer<typeof optionsSchema>;

/** Reads `--runs 10000 --seed 1 --from 0 --jobs 4`. @throws ConfigError. */
function readOptions(words: readonly string[]): Options {
  const option = { type: 'string' } as const;
  try {
    const options = { runs: option, seed: option, from: option, jobs: option };
    return optionsSchema.parse(parseArgs({ args: [...words], options }).values);
  } catch (error) {
    throw new ConfigError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const sayEvery = 1000;

/** Plays the runs and prints what differed; true when nothing did. */
async function playAll({ runs, seed, from, jobs }: Options): Promise<boolean> {
  const began = performance.now();
  const folder = mkdtempSync(join(tmpdir(), 'jilo-ledger-'));
  const tally: Tally = new Map();
  const path = loadSurroundings().path;
  const server = await openEmbedded({ dataDir: folder, path, throwaway: true });
  const crews: Crew[] = [];
  let [next, done, failed] = [from, 0, 0];
  const seconds = () => Math.round((performance.now() - began) / 1000);
  const play = async (crew: Crew) => {
    while (next < from + runs) {
      const run = next;
      next += 1;
      const difference = await playRun(crew, { seed, run }, { tally });
      done += 1;
      if (difference !== null) {
        failed += 1;
        say(`Run ${run} of seed ${seed}: ${difference}`);
        say(`Again: npm run ledger:sequences -- --seed ${seed} --from ${run} --runs 1`);
      }
      if (done % sayEvery === 0) say(`${done} of ${runs}, ${failed} differ, ${seconds()} s`);
    }
  };
  try {
    await migrateDatabase(server.url);
    for (let number = 1; number <= jobs; number += 1) crews.push(openCrew(server.url, number));
    await Promise.all(crews.map(play));
    say(describeTally(tally));
    say(`${done - failed} of ${done} sequences are as they must be, seed ${seed}, ${seconds()} s`);
    return failed === 0;
  } finally {
    await Promise.all(crews.map((crew) => crew.close()));
    await server.release();
    removeEmbedded(folder);
    rmSync(folder, { recursive: true, force: true });
  }
}

function describeTally(tally: Tally): string {
  const lines = [...tally]
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([kind, times]) => `${String(times).padStart(8)}  ${kind}`);
  return ['What occurred:', ...lines].join('\n');
}

try {
  if (!(await playAll(readOptions(process.argv.slice(2))))) process.exitCode = 1;
} catch (error) {
  process.stderr.write(`The sequences did not finish. ${explainFailure(error)}\n`);
  process.exitCode = error instanceof ConfigError ? 2 : 1;
}
