import { spawn } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { loadSurroundings } from '../../core/config.ts';
import { listFiles } from './sources.ts';
import { plants, type Plant } from './plants.ts';

const root = join(import.meta.dirname, '../..');
const gates = [
  'generated',
  'types',
  'lint',
  'dead-code',
  'test-only-code',
  'format',
  'tests',
] as const;

/** A copy of the project without its tests but for the architecture's, and with every plant. */
function plantCopy(): string {
  const copy = mkdtempSync(join(tmpdir(), 'jilo-planted-'));
  const kept = listFiles(root).filter(
    (path) => !path.endsWith('.test.ts') || path === 'test/gate/architecture.test.ts',
  );
  for (const path of kept) cpSync(join(root, path), join(copy, path));
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  for (const { path, text, append } of plants) {
    mkdirSync(join(copy, dirname(path)), { recursive: true });
    if (append) appendFileSync(join(copy, path), text);
    else writeFileSync(join(copy, path), text);
  }
  return copy;
}

/** What `npm run check` says about a copy, line by line, and its exit code. */
async function check(copy: string): Promise<{ lines: string[]; code: number | null }> {
  const { path } = loadSurroundings();
  const child = spawn('npm', ['run', '--silent', 'check'], {
    cwd: copy,
    env: { PATH: path, HOME: copy },
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (part: string) => (output += part));
  const code = await new Promise<number | null>((settle) => child.once('close', settle));
  return { lines: stripVTControlCharacters(output).split('\n'), code };
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&');

describe('a gate', () => {
  let copy = '';
  let report: { lines: string[]; code: number | null } = { lines: [], code: null };

  beforeAll(async () => {
    copy = plantCopy();
    report = await check(copy);
  }, 120_000);
  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  test.each(gates)('called %s fails on what is planted for it', (gate) => {
    expect(report.lines.join('\n')).toMatch(new RegExp(`^FAIL  ${gate} `, 'm'));
    expect(report.code).toBe(1);
  });

  const cases = plants.flatMap(({ path, says }: Plant) =>
    says.map((words) => ({ path, words: words.source })),
  );

  test.each(cases)('names $path: $words', ({ path, words }) => {
    const wanted = new RegExp(words.replace('PATH', escaped(path)));
    // A diff of vitest puts a sign and a space before each line.
    const lines = report.lines.map((line) => line.replace(/^[+-] /, ''));
    expect(lines.some((line) => wanted.test(line))).toBe(true);
  });
});
