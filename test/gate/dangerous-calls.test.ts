import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { isTest } from './import-rule.ts';
import { isNode, listFiles, memberOf, nameOf, readSource, type Node } from './sources.ts';

const root = join(import.meta.dirname, '../..');
/** What runs in an installation; benchmarks and tests do not. */
const folders = /^(?:bot|core|drizzle|mcp-server|sandbox|scripts|web-callbacks)\//;

/** Texts of SQL that are written down, or made of names of our own tables: no value of anybody is in them. */
const writesSql = /^(?:drizzle\/|scripts\/(?:backup|generate)\/|core\/quota\/audit\.ts$)/;
/** For npm, which is a script of the shell on Windows. */
const usesShell = new Set(['scripts/check.ts']);
/** What takes a program and its arguments apart from each other. */
const startsPrograms = new Set(['execFile', 'execFileSync', 'spawn', 'fork', 'ChildProcess']);

/** What in a file runs text, as code, as a command or as SQL, or trusts a hash that is broken. */
function dangersIn(folder: string, path: string): string[] {
  const { nodes } = readSource(folder, path);
  return nodes.flatMap((at) => dangerOf(path, at) ?? []);
}

function dangerOf(path: string, at: Node): string | null {
  if (at.type === 'ImportDeclaration') return dangerOfImport(path, at);
  if (at.type === 'Property' && nameOf(at['key']) === 'shell' && !usesShell.has(path))
    return `${path}: a shell reads what is started`;
  return /^(?:Call|New)Expression$/.test(at.type) ? dangerOfCall(path, at) : null;
}

function dangerOfCall(path: string, at: Node): string | null {
  const member = memberOf(at['callee']);
  const called = member?.property || nameOf(at['callee']);
  if (/^(?:eval|Function)$/.test(called)) return `${path}: ${called} runs a text as code`;
  if (called === 'unsafe' && !writesSql.test(path)) return `${path}: unsafe runs a text as SQL`;
  if (called === 'raw' && member?.object === 'sql') return `${path}: raw SQL`;
  return /^create(?:Hash|Hmac)$/.test(called) && !isStrongHash(at) ? `${path}: a weak hash` : null;
}

/** SHA-2 of at least 256 bits, by its name. */
function isStrongHash({ arguments: given }: Node): boolean {
  const name: unknown = Array.isArray(given) ? given[0] : null;
  return isNode(name) && /^sha(?:256|512)$/.test(String(name['value']));
}

function dangerOfImport(path: string, { source, specifiers }: Node): string | null {
  const from = isNode(source) ? source['value'] : null;
  if (from === 'node:vm') return `${path}: node:vm runs a text as code`;
  if (from !== 'node:child_process') return null;
  const names = Array.isArray(specifiers)
    ? specifiers.map((one: unknown) => (isNode(one) ? nameOf(one['imported']) : ''))
    : [];
  const odd = names.find((name) => !startsPrograms.has(name));
  return odd === undefined ? null : `${path}: ${odd} of node:child_process runs a text in a shell`;
}

const files = listFiles(root).filter(
  (path) => folders.test(path) && path.endsWith('.ts') && !isTest(path),
);

test('no text is run as code, in a shell, or as SQL that holds values, and no hash is weak', () => {
  expect(files.length).toBeGreaterThan(400);
  expect(files.flatMap((path) => dangersIn(root, path))).toEqual([]);
});

test.each([
  ['eval(name);', 'eval'],
  ['globalThis.eval(name);', 'eval'],
  ['new Function(name)();', 'Function'],
  ["import { Script } from 'node:vm';", 'vm'],
  ["import { exec } from 'node:child_process';", 'exec'],
  ["import * as all from 'node:child_process';", ' of node:child_process'],
  ["spawn('npm', [], { shell: true });", 'a shell'],
  ['tx.unsafe(`select ${name}`);', 'unsafe'],
  ['db.execute(sql.raw(name));', 'raw'],
  ["createHash('md5').update(name);", 'weak'],
  ["createHmac('sha1', key).update(name);", 'weak'],
  ['createHash(name);', 'weak'],
])('%s is found', (text, words) => {
  const folder = mkdtempSync(join(tmpdir(), 'jilo-danger-'));
  try {
    writeFileSync(join(folder, 'x.ts'), text);
    const found = dangersIn(folder, 'x.ts');
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(words);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
