import { BadCohortFile, readCohorts } from './score-eval/cohorts.ts';
import { evaluate } from './score-eval/evaluate.ts';
import { drawTable } from './score-eval/table.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

function evaluateFile(path: string): void {
  const cohorts = readCohorts(path);
  const counts = Map.groupBy(cohorts, ({ source }) => source);
  const each = Array.from(counts, ([source, { length }]) => `${source} ${length}`).join(', ');
  say(`${path}: ${cohorts.length} cohorts (${each})`);
  for (const line of drawTable(evaluate(cohorts))) say(line);
}

const paths = process.argv.slice(2);
if (paths.length === 0) {
  process.stderr.write('Say which files of cohorts to judge by: npm run score:eval -- FILE...\n');
  process.exitCode = 2;
}
for (const path of paths) {
  try {
    evaluateFile(path);
  } catch (error) {
    if (!(error instanceof BadCohortFile)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  }
}
