import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parseAst } from 'vitest/node';

/** One node of a syntax tree, as ESTree and its TypeScript kin describe it. */
export type Node = {
  readonly type: string;
  readonly start: number;
  readonly [field: string]: unknown;
};

export type Import = {
  readonly line: number;
  /** What is written between the quotes; null when it is computed. */
  readonly specifier: string | null;
  /** Whether only types come in. */
  readonly typeOnly: boolean;
};

export type Source = {
  /** Path from the root, with `/`. */
  readonly path: string;
  readonly text: string;
  readonly nodes: readonly Node[];
  readonly imports: readonly Import[];
  lineOf(at: Node): number;
};

const left = new Set(['node_modules', '.git', '.jilo']);
const shown =
  /\.(?:ts|mts|cts|js|mjs|cjs|json|md|sql|ya?ml|sh|example|toml|html|css)$|^\.?[A-Za-z-]+$/;

/** Every text file of the project, from the root with `/`. */
export function listFiles(root: string, under = ''): string[] {
  return readdirSync(join(root, under), { withFileTypes: true })
    .filter(({ name }) => !left.has(name))
    .flatMap((entry) => {
      const path = under ? `${under}/${entry.name}` : entry.name;
      if (entry.isDirectory()) return listFiles(root, path);
      return entry.isFile() && shown.test(entry.name) ? [path] : [];
    });
}

/** Reads and parses one TypeScript file. */
export function readSource(root: string, path: string): Source {
  const text = readFileSync(join(root, path), 'utf8');
  const nodes = [...walk(parseAst(text, { lang: 'ts' }))];
  const lineOf = (at: Node): number => text.slice(0, at.start).split('\n').length;
  const imports = nodes.flatMap((found) => {
    const seen = importOf(found);
    return seen ? [{ line: lineOf(found), ...seen }] : [];
  });
  return { path, text, nodes, imports, lineOf };
}

function* walk(value: unknown): Generator<Node> {
  if (Array.isArray(value)) {
    for (const item of value) yield* walk(item);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  if (isNode(value)) yield value;
  for (const field of Object.values(value)) yield* walk(field);
}

export const isNode = (value: unknown): value is Node =>
  typeof value === 'object' &&
  value !== null &&
  'type' in value &&
  typeof value.type === 'string' &&
  'start' in value &&
  typeof value.start === 'number';

const importing = new Set([
  'ImportDeclaration',
  'ImportExpression',
  'ExportAllDeclaration',
  'ExportNamedDeclaration',
  'TSImportType',
  'TSExternalModuleReference',
]);

/** Static and dynamic imports, `export … from`, `import('…')` in types and `require`. */
function importOf(found: Node): Omit<Import, 'line'> | null {
  const isRequire = found.type === 'CallExpression' && nameOf(found['callee']) === 'require';
  if (!isRequire && !importing.has(found.type)) return null;
  const from = isRequire ? listOf(found['arguments'])[0] : (found['source'] ?? found['expression']);
  if (!isNode(from)) return null;
  const kinds = [found['importKind'], found['exportKind']];
  return {
    specifier: typeof from['value'] === 'string' ? from['value'] : null,
    typeOnly: kinds.includes('type') || found.type === 'TSImportType',
  };
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The name of an identifier; empty for everything else. */
export const nameOf = (value: unknown): string =>
  isNode(value) && value.type === 'Identifier' && typeof value['name'] === 'string'
    ? value['name']
    : '';

/** `Date` and `now` for `Date.now` and `Date['now']`; null for everything else. */
export function memberOf(
  found: unknown,
): { readonly object: string; readonly property: string } | null {
  if (!isNode(found) || found.type !== 'MemberExpression') return null;
  const { object, property } = found;
  const written =
    isNode(property) && typeof property['value'] === 'string' ? property['value'] : '';
  return { object: nameOf(object), property: nameOf(property) || written };
}
