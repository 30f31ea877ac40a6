import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

import { readCohorts } from './cohorts.ts';
import { evaluate } from './evaluate.ts';
import type { Measure } from './measures.ts';
import type { RankerName } from './rankers.ts';

const run = promisify(execFile);
/** The judge is started four times. */
const judgeMs = 120_000;
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const script = here('../score-eval.ts');
const shared = here('../../../shared/data/');
const cohortsFile = `${shared}trends/cohorts.jsonl`;

const failureSchema = z.object({ code: z.number(), stderr: z.string(), stdout: z.string() });
async function start(...files: readonly string[]): Promise<z.infer<typeof failureSchema>> {
  try {
    const { stdout, stderr } = await run(process.execPath, [script, ...files]);
    return { code: 0, stdout, stderr };
  } catch (error) {
    return failureSchema.parse(error);
  }
}

const item = (index: number) => ({
  views: 1000 + index,
  likes: null,
  capturedAt: '2026-01-01T00:00:00Z',
  outcome: { views: 2000 + 3 * index },
});
const cohort = (source: string, more: Record<string, unknown> = {}): string =>
  JSON.stringify({
    source,
    dropoutsRankLast: true,
    items: Array.from({ length: 24 }, (_, index) => item(index)),
    ...more,
  });

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jilo-cohorts-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function write(name: string, ...lines: readonly string[]): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, `${lines.join('\n')}\n`);
  return path;
}

describe('score:eval', () => {
  it('prints every ranking in every measure, with the mean of each source', async () => {
    const path = await write('good.jsonl', cohort('A'), cohort('Z'), cohort('A'));
    const { code, stdout } = await start(path);
    expect(code).toBe(0);
    expect(stdout).toContain('3 cohorts (A 2, Z 1)');
    for (const title of ['Spearman', 'precision@10', 'NDCG@10'])
      expect(stdout).toMatch(new RegExp(`^${title} +mean +ratio to naive +A +Z$`, 'mu'));
    for (const name of ['our score', 'raw views', 'views per hour', 'naive min-max'])
      expect(stdout.match(new RegExp(`^${name} `, 'gmu'))).toHaveLength(3);
    // The more views, the more growth, in all of them.
    expect(stdout).toMatch(/^raw views +1\.000 \[1\.000, 1\.000\]/mu);
    expect(await start(path)).toMatchObject({ stdout });
  });

  it.each([
    ['not JSON', '{"source":', 'is not JSON'],
    ['no cohort', '[]', 'expected object'],
    ['a bad item', cohort('A', { items: [item(1), { ...item(2), views: null }] }), 'items.1.views'],
    ['a bad date', cohort('A', { items: [{ ...item(1), capturedAt: 'noon' }] }), 'is no date'],
    ['no items', cohort('A', { items: [] }), 'items'],
  ])('names the file and the line of %s', async (_, line, reason) => {
    const path = await write('bad.jsonl', cohort('A'), '', line);
    const { code, stderr, stdout } = await start(path);
    expect({ code, stdout }).toStrictEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(`${path}:3: `);
    expect(stderr).toContain(reason);
    expect(stderr).not.toContain('    at ');
  });

  it('names a file that is missing, empty or a folder, and asks for one', async () => {
    const empty = await write('empty.jsonl', '');
    const missing = join(folder, 'missing.jsonl');
    expect(await start(missing)).toMatchObject({
      code: 2,
      stderr: `${missing}: there is no such file\n`,
    });
    expect(await start(empty)).toMatchObject({ code: 2, stderr: `${empty}: holds no cohort\n` });
    expect(await start(folder)).toMatchObject({
      code: 2,
      stderr: `${folder}: cannot be read (EISDIR)\n`,
    });
    expect(await start()).toMatchObject({ code: 2, stdout: '' });
  });

  it('judges the other files although one is bad', async () => {
    const good = await write('other.jsonl', cohort('A'));
    const { code, stdout } = await start(join(folder, 'missing.jsonl'), good);
    expect(code).toBe(2);
    expect(stdout).toContain(good);
  });
});

const pair = z.tuple([z.number(), z.number()]);
const macro = z.object({
  value: z.number(),
  ci95: pair,
  ratioToNaive: z.number(),
  ratioCi95: pair,
});
const judgedSchema = z.object({
  perSource: z.record(z.string(), z.record(z.string(), z.object({ score: z.number() }))),
  macro: z.record(z.string(), macro),
});
const names: readonly (readonly [Measure, string])[] = [
  ['spearman', 'rho'],
  ['precision', 'p10'],
  ['ndcg', 'ndcg'],
];

/** As the judge prints them. */
const roundAll = (values: readonly number[]): string[] => values.map((value) => value.toFixed(4));

describe('the public cohorts', () => {
  const isPresent = existsSync(cohortsFile);
  if (!isPresent) console.info(`skipped: the public cohorts are not in ${cohortsFile}`);

  const rows = isPresent ? evaluate(readCohorts(cohortsFile)) : [];

  it.skipIf(!isPresent)(
    'give the figures of the public judge',
    async () => {
      const judges: readonly (readonly [RankerName, string])[] = [
        ['our score', here('../../bench/trend-scorer.ts')],
        ['raw views', 'baseline:views'],
        ['views per hour', 'baseline:vph'],
        ['naive min-max', 'baseline:naive'],
      ];
      for (const [ranker, scorer] of judges) {
        const judge = [`${shared}bench/eval.mjs`, cohortsFile, scorer, '--json'];
        const { stdout } = await run(process.execPath, judge);
        const judged = judgedSchema.parse(JSON.parse(stdout));
        for (const [measure, theirName] of names) {
          const row = rows.find((one) => one.ranker === ranker && one.measure === measure);
          const theirs = judged.macro[theirName];
          if (!row || !theirs) throw new Error(`Nobody judged ${ranker} by ${measure}`);
          const { mean, ratio } = row;
          expect(roundAll([mean.value, ratio.value])).toStrictEqual(
            roundAll([theirs.value, theirs.ratioToNaive]),
          );
          expect(roundAll([mean.low, mean.high, ratio.low, ratio.high])).toStrictEqual(
            roundAll([...theirs.ci95, ...theirs.ratioCi95]),
          );
          const sources = Object.values(judged.perSource);
          expect(roundAll([...row.bySource.values()])).toStrictEqual(
            roundAll(sources.map((source) => source[theirName]?.score ?? -1)),
          );
        }
      }
    },
    judgeMs,
  );

  it.skipIf(!isPresent)('are ranked well enough by our score', () => {
    const ratioOf = (wanted: Measure) =>
      rows.find(({ ranker, measure }) => ranker === 'our score' && measure === wanted)?.ratio.value;
    expect(ratioOf('ndcg')).toBeGreaterThan(1.16);
    expect(ratioOf('spearman')).toBeGreaterThan(1.29);
  });
});
