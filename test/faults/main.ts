import { fork, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { z } from 'zod';

import { ConfigError, loadSurroundings } from '../../core/config.ts';
import { openEmbedded, removeEmbedded } from '../../drizzle/embedded.ts';
import { migrateDatabase } from '../../drizzle/migrate.ts';
import { copyOf } from './database.ts';
import { playedSchema, playerSchema, playForParent, subjects, type Played } from './player.ts';
import { explainFailure } from '../../scripts/explain.ts';

const count = (smallest: number, usual: number) =>
  z.coerce.number().pipe(z.int().min(smallest).max(1_000_000)).default(usual);

const optionsSchema = z.object({
  runs: count(1, 500),
  seed: count(0, 1),
  /** Processes that play side by side, each with the whole product and a database of its own. */
  jobs: count(1, 2),
  /** What is played: making videos, publishing them, or paying. */
  subject: z.enum(subjects).default('studio'),
  only: z.coerce.number().pipe(z.int().min(0)).optional(),
  verbose: z.boolean().default(false),
});
type Options = z.infer<typeof optionsSchema>;

/** Reads `--subject studio --runs 500 --seed N --jobs 2 --only K --verbose`. @throws ConfigError. */
function readOptions(words: readonly string[]): Options {
  try {
    const { values } = parseArgs({
      args: [...words],
      options: {
        runs: { type: 'string' },
        subject: { type: 'string' },
        seed: { type: 'string' },
        jobs: { type: 'string' },
        only: { type: 'string' },
        verbose: { type: 'boolean' },
      },
    });
    return optionsSchema.parse(values);
  } catch (error) {
    throw new ConfigError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Plays every run and prints what broke; true when nothing did. */
async function playAll(options: Options): Promise<boolean> {
  const began = performance.now();
  const folder = mkdtempSync(join(tmpdir(), 'jilo-faults-'));
  const numbers =
    options.only === undefined
      ? Array.from({ length: options.runs }, (_, index) => index)
      : [options.only];
  const server = await openEmbedded({
    dataDir: folder,
    path: loadSurroundings().path,
    throwaway: true,
  });
  try {
    await migrateDatabase(server.url);
    const tally = new Map<string, number>();
    let kept = 0;
    const onPlayed = (played: Played) => {
      if (played.broken.length === 0) kept += 1;
      else report(options, played);
      if (options.verbose && played.broken.length === 0)
        say(played.story.concat('every promise is kept', '').join('\n'));
      for (const [kind, times] of Object.entries(played.counts))
        tally.set(kind, (tally.get(kind) ?? 0) + times);
    };
    const players = [];
    for (let index = 1; index <= Math.min(options.jobs, numbers.length); index += 1) {
      const databaseUrl = await copyOf(server.url, `faults_${index}`);
      const dataDir = join(folder, `player-${index}`);
      mkdirSync(dataDir);
      players.push({ databaseUrl, dataDir, subject: options.subject });
    }
    const share = { seed: options.seed, numbers, onPlayed };
    await Promise.all(players.map((player) => playShare(player, share)));
    if (options.only === undefined) say(describeTally(tally));
    const seconds = Math.round((performance.now() - began) / 1000);
    const total = options.only === undefined ? options.runs : 1;
    say(`${kept} of ${total} runs kept every promise, seed ${options.seed}, ${seconds} s`);
    return kept === total;
  } finally {
    await server.release();
    removeEmbedded(folder);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A run takes about a second; one that takes this long waits for what never comes. */
const hangMs = 120_000;

type Share = {
  readonly seed: number;
  /** Runs that nobody has begun yet; whoever is free takes the next one. */
  readonly numbers: number[];
  readonly onPlayed: (played: Played) => void;
};

/** Lets one process play as long as there are runs left. */
function playShare(player: z.infer<typeof playerSchema>, share: Share): Promise<void> {
  const child = fork(fileURLToPath(import.meta.url), ['--player', JSON.stringify(player)], {
    // The job queue's driver warns of a habit of the job queue, once for each process.
    execArgv: [...process.execArgv, '--disable-warning=DeprecationWarning'],
  });
  return new Promise((resolve, reject) => {
    let playing: number | undefined;
    const goOn = () => {
      const run = share.numbers.shift();
      playing = run;
      if (run === undefined) return child.disconnect();
      child.send({ seed: share.seed, run });
      AbortSignal.timeout(hangMs).addEventListener('abort', () => {
        if (playing !== run) return;
        child.kill('SIGKILL');
        reject(new Error(`run ${run} of seed ${share.seed} hangs: something waits for ever`));
      });
    };
    child.on('message', (message) => {
      if (message !== 'ready') share.onPlayed(playedSchema.parse(message));
      goOn();
    });
    child.once('error', reject);
    child.once('exit', (code) => endOf(child, code, { resolve, reject }));
  });
}

function endOf(
  child: ChildProcess,
  code: number | null,
  { resolve, reject }: { resolve: () => void; reject: (error: Error) => void },
): void {
  if (code === 0) resolve();
  else reject(new Error(`a playing process (${child.pid}) ended with ${code ?? 'a signal'}`));
}

function report({ seed, subject }: Options, { run, story, broken }: Played): void {
  say(
    [
      `Run ${run} of seed ${seed} broke a promise:`,
      ...broken.map((breach) => `  - ${breach}`),
      ...story.map((line) => `  ${line}`),
      `Again: npm run faults -- --subject ${subject} --seed ${seed} --only ${run} --verbose`,
      '',
    ].join('\n'),
  );
}

function describeTally(tally: ReadonlyMap<string, number>): string {
  const lines = [...tally]
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([kind, times]) => `${String(times).padStart(6)}  ${kind}`);
  return ['What was drawn, and how the videos ended:', ...lines].join('\n');
}

try {
  const [mode, told] = process.argv.slice(2);
  if (mode === '--player') await playForParent(playerSchema.parse(JSON.parse(told ?? '')));
  else if (!(await playAll(readOptions(process.argv.slice(2))))) process.exitCode = 1;
} catch (error) {
  process.stderr.write(`The runs did not finish. ${explainFailure(error)}\n`);
  process.exitCode = error instanceof ConfigError ? 2 : 1;
}
