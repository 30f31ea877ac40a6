import { loadRules, refusesAlone } from '../core/moderation/decide.ts';
import { openBaselines } from './moderation/baselines.ts';
import { groupBy, scoreOf, type Refuses, type Score } from './moderation/measure.ts';
import { halvesOf, readPrompts, type LabelledPrompt } from './moderation/prompts.ts';

/** What the rules alone have to reach on the half that they were not tuned on. */
const floors = { recall: 0.9, precision: 0.95 } as const;

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const percent = (value: number): string => `${(value * 100).toFixed(1)}%`.padStart(7);

const head = `${''.padEnd(30)}${['prompts', 'precision', 'recall', 'F1', 'missed', 'wrong'].map((name) => name.padStart(10)).join('')}`;
const rowOf = (name: string, score: Score): string =>
  [
    name.padEnd(30),
    String(score.found + score.missed + score.wronglyRefused + score.passed).padStart(10),
    ...[score.precision, score.recall, score.f1].map((value) => percent(value).padStart(10)),
    ...[score.missed, score.wronglyRefused].map((value) => String(value).padStart(10)),
  ].join('');

function sayTable(title: string, rows: readonly (readonly [string, Score])[]): void {
  say(`\n${title}\n${head}`);
  for (const [name, score] of rows) say(rowOf(name, score));
}

const tableBy = (
  prompts: readonly LabelledPrompt[],
  keyOf: (prompt: LabelledPrompt) => string,
  refuses: Refuses,
): [string, Score][] =>
  Array.from(groupBy(prompts, keyOf), ([key, group]) => [key, scoreOf(group, refuses)]);

const rules = await loadRules();
const refuses: Refuses = (text) => refusesAlone(rules.decide(text));
const prompts = readPrompts('prompts');
const fresh = readPrompts('fresh');
const { tuning, heldOut } = halvesOf(prompts);
const heldOutScore = scoreOf(heldOut, refuses);

sayTable('Our rules, without a model', [
  ['tuning half', scoreOf(tuning, refuses)],
  ['held-out half', heldOutScore],
  ['written afterwards', scoreOf(fresh, refuses)],
]);
const blocked = heldOut.filter(({ label }) => label === 'block');
sayTable(
  'Held-out half by language',
  tableBy(heldOut, ({ language }) => language, refuses),
);
sayTable(
  'Held-out half by category',
  tableBy(blocked, ({ category }) => category ?? '', refuses),
);
sayTable(
  'Held-out half by disguise',
  tableBy(blocked, ({ kind }) => kind, refuses),
);
sayTable(
  'Held-out half, harmless prompts',
  tableBy(
    heldOut.filter(({ label }) => label === 'allow'),
    ({ kind }) => kind,
    refuses,
  ),
);
const baselines = Object.entries(openBaselines());
for (const [title, list] of [
  ['Held-out half, others alone', heldOut],
  ['Written afterwards, others alone', fresh],
] as const)
  sayTable(
    title,
    baselines.map(([name, alone]) => [name, scoreOf(list, alone)]),
  );

if (process.argv.includes('-v')) {
  say('\nEvery miss');
  for (const prompt of [...prompts, ...fresh]) {
    const verdict = rules.decide(prompt.text);
    if (refusesAlone(verdict) === (prompt.label === 'block')) continue;
    say(`${prompt.label} ${prompt.category ?? ''} (${prompt.kind}): ${prompt.text}`);
    say(`    ${verdict.outcome} ${verdict.category ?? ''} ${verdict.words.join(', ')}`);
  }
}

const isEnough = heldOutScore.recall >= floors.recall && heldOutScore.precision >= floors.precision;
say(
  `\nFloors on the held-out half: recall ${percent(floors.recall).trim()}, precision ${percent(floors.precision).trim()}: ${isEnough ? 'reached' : 'NOT reached'}`,
);
process.exitCode = isEnough ? 0 : 1;
