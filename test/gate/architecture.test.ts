import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { faultsOfImports } from './import-rule.ts';
import { faultsOfSource, faultsOfWords } from './source-rules.ts';
import { listFiles, readSource, type Source } from './sources.ts';

const root = join(import.meta.dirname, '../..');
const files = listFiles(root);
const typescript = files.filter((path) => path.endsWith('.ts'));
let sources: Source[] = [];

beforeAll(() => {
  sources = typescript.map((path) => readSource(root, path));
});

/** One fault a line, so that a failure shows them all. */
const report = (faults: readonly string[]): string => faults.join('\n');

describe('the house', () => {
  test('has files and imports to look at', () => {
    const imports = sources.flatMap((source) => source.imports);
    expect(sources.length).toBeGreaterThan(150);
    expect(imports.length).toBeGreaterThan(300);
    const folders = new Set(sources.filter((s) => s.imports.length > 0).map(topOf));
    for (const folder of ['core', 'drizzle', 'mcp-server', 'sandbox', 'scripts', 'web-callbacks'])
      expect(folders).toContain(folder);
  });

  test('imports along its rule', () => {
    expect(report(sources.flatMap(faultsOfImports))).toBe('');
  });

  test('keeps its names, sizes, types and sources of time and chance', () => {
    expect(report(sources.flatMap(faultsOfSource))).toBe('');
  });

  test('holds no word that does not belong here', () => {
    const text = (path: string) => readFileSync(join(root, path), 'utf8');
    expect(report(files.flatMap((path) => faultsOfWords(path, text(path))))).toBe('');
  });

  test('has no folder that the linter, the compiler or the tests pass by', () => {
    const { scripts } = z
      .object({ scripts: z.record(z.string(), z.string()) })
      .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
    const { include } = z
      .object({ include: z.array(z.string()) })
      .parse(JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8')));
    const tests = readFileSync(join(root, 'vitest.config.ts'), 'utf8');
    const linted = scripts['check:lint']?.split(' ') ?? [];
    const folders = new Set(sources.filter(({ path }) => path.includes('/')).map(topOf));
    expect(
      report(
        [...folders].flatMap((folder) => [
          ...(linted.includes(folder) ? [] : [`${folder}: not in the script check:lint`]),
          ...(include.includes(folder) ? [] : [`${folder}: not in tsconfig.json`]),
          ...(new RegExp(`[{,]${folder}[,}]`).test(tests)
            ? []
            : [`${folder}: not in vitest.config.ts`]),
        ]),
      ),
    ).toBe('');
  });
});

const topOf = ({ path }: Source): string => path.split('/')[0] ?? '';
