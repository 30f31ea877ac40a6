import { basename } from 'node:path';

import { faultsOfSecurity, type Accounts } from '../security/faults.ts';
import { chapters, type Requirement } from '../security/requirements.ts';
import type { Proof } from '../security/traces.ts';
import { securityIntroduction } from './security-text.ts';

/**
 * `docs/security.md`: what stands behind every requirement of ASVS 5.0.0, level 1 and 2.
 * @throws Error naming every requirement that stands in no list or in more than one.
 */
export function renderSecurityPage(accounts: Accounts): string {
  const faults = faultsOfSecurity(accounts);
  if (faults.length > 0) throw new Error(faults.join('\n'));
  const parts = chapters.map((name, at) => drawChapter(accounts, at + 1, name));
  return [
    securityIntroduction,
    '## The standard, requirement by requirement',
    '',
    drawTotals(accounts),
    '',
    ...parts,
  ].join('\n');
}

const chapterOf = ({ id }: Requirement): number => Number(id.split('.')[0]);

function drawChapter(accounts: Accounts, number: number, name: string): string {
  const rows = accounts.requirements.filter((one) => chapterOf(one) === number);
  return [
    `### V${number} ${name}`,
    '',
    table(
      ['id', 'level', 'topic', 'test, or why there is none'],
      rows.flatMap((row) => {
        const behind = drawBehind(accounts, row.id);
        return behind === null ? [] : [[row.id, String(row.level), row.topic, behind]];
      }),
    ),
    '',
  ].join('\n');
}

function drawBehind({ traces, reasons }: Accounts, id: string): string | null {
  const proof = traces[id];
  return proof ? drawProof(proof) : (reasons[id] ?? null);
}

const drawProof = (proof: Proof): string =>
  Object.entries(proof)
    .map(([file, names]) => {
      const said = names.map((name) => `“${plain(name)}”`).join(', ');
      return `[${basename(file, '.test.ts')}](../${file}): ${said}`;
    })
    .join('; ');

/** As it is read, and no mark of the page. */
const plain = (name: string): string =>
  name.replaceAll(/[\\|<>*_`[\]]/g, String.raw`\$&`).replaceAll(' \\> ', ' › ');

function drawTotals({ requirements, traces, reasons }: Accounts): string {
  const rows = chapters.map((name, at) => {
    const own = requirements.filter((one) => chapterOf(one) === at + 1);
    return [
      `V${at + 1} ${name}`,
      String(own.length),
      String(own.filter(({ id }) => id in traces).length),
      String(own.filter(({ id }) => id in reasons).length),
    ];
  });
  const sum = (column: number) =>
    String(rows.reduce((total, row) => total + Number(row[column]), 0));
  return table(
    ['chapter', 'requirements', 'with tests', 'with a reason'],
    [...rows, ['**together**', ...[1, 2, 3].map((column) => `**${sum(column)}**`)]],
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
