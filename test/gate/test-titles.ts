import { isNode, memberOf, nameOf, readSource, type Node } from './sources.ts';

type Titled = {
  readonly kind: 'describe' | 'test';
  readonly title: string;
  readonly start: number;
  readonly end: number;
};

const kinds = new Map<string, Titled['kind']>([
  ['describe', 'describe'],
  ['test', 'test'],
  ['it', 'test'],
  // The same of @fast-check/vitest.
  ['property', 'test'],
]);
/** What is written between the groups of a test and the test itself. */
const between = ' > ';

/**
 * The title of every test in a file, after those of the groups around it: `a group > a test`. What is
 * computed within a title reads `…`; what is skipped is no test.
 */
export function readTestTitles(root: string, path: string): Set<string> {
  const found = readSource(root, path).nodes.flatMap(titledOf);
  const groups = found.filter(({ kind }) => kind === 'describe');
  return new Set(
    found
      .filter(({ kind }) => kind === 'test')
      .map((test) =>
        [...groups.filter(({ start, end }) => start < test.start && test.end < end), test]
          .map(({ title }) => title)
          .join(between),
      ),
  );
}

/** `test('…')`, `it.each([…])('…')`, `describe.each([…])('…')`, `test.prop([…])('…')`. */
function titledOf(at: Node): Titled[] {
  if (at.type !== 'CallExpression' || !Array.isArray(at['arguments'])) return [];
  const kind = kindOf(at['callee']);
  const title = textOf(at['arguments'][0]);
  if (kind === undefined || title === null || typeof at['end'] !== 'number') return [];
  return [{ kind, title, start: at.start, end: at['end'] }];
}

function kindOf(callee: unknown): Titled['kind'] | undefined {
  const called = isNode(callee) && callee.type === 'CallExpression' ? callee['callee'] : callee;
  const member = memberOf(called);
  if (member === null) return kinds.get(nameOf(called));
  return /^(?:each|prop)$/.test(member.property) ? kinds.get(member.object) : undefined;
}

function textOf(written: unknown): string | null {
  if (!isNode(written)) return null;
  if (typeof written['value'] === 'string') return written['value'];
  if (written.type !== 'TemplateLiteral' || !Array.isArray(written['quasis'])) return null;
  return written['quasis'].map(cookedOf).join('…');
}

function cookedOf(part: unknown): string {
  const value = isNode(part) ? part['value'] : null;
  return typeof value === 'object' && value !== null && 'cooked' in value
    ? String(value.cooked)
    : '';
}
