import { isTest } from './import-rule.ts';
import { isNode, memberOf, nameOf, type Node, type Source } from './sources.ts';

type Finding = readonly [at: Node | null, text: string];
type Rule = (source: Source) => readonly Finding[];

/** Where a rule does not hold, each with its reason. */
const exempt = {
  /** The registries hold members of every shape. */
  any: new Set(['core/operation.ts', 'core/job.ts']),
  /** The escape hatch: a fault's code picks the type of its words. */
  assertion: new Set(['core/fault.ts']),
  environment: new Set(['core/config.ts']),
  clock: new Set(['core/clock.ts']),
  randomness: new Set(['core/ids.ts']),
} as const;

const ofType = (source: Source, ...types: string[]): Node[] =>
  source.nodes.filter(({ type }) => types.includes(type));

const injected = /^(?:core|bot|mcp-server|web-callbacks)\//;
const surface = /^(?:bot|mcp-server|web-callbacks|scripts)\//;
const random = /^(?:random(?:Bytes|Fill|FillSync|Int|UUID)|getRandomValues)$/;

const names: Rule = ({ path }) =>
  /^(?:[a-z0-9-]+\/)*[a-z0-9]+(?:-[a-z0-9]+)*(?:\.test|\.config|\.d)?\.ts$/.test(path)
    ? []
    : [[null, 'name: files and folders are kebab-case']];

const size: Rule = ({ path, text }) => {
  const lines = text.trimEnd().split('\n').length;
  return lines > 300 && !isTest(path) ? [[null, `size: ${lines} lines, at most 300`]] : [];
};

/** vitest asks for the default exports of its configuration and of its set-up. */
const defaults: Rule = (source) =>
  /\.config\.ts$|^test\/kit\/global-setup\.ts$/.test(source.path)
    ? []
    : source.nodes
        .filter((at) => at.type === 'ExportDefaultDeclaration' || exportsDefault(at))
        .map((at) => [at, 'default-export: exports have names']);

const exportsDefault = (at: Node): boolean =>
  at.type === 'ExportSpecifier' && nameOf(at['exported']) === 'default';

const types: Rule = (source) => [
  ...(exempt.any.has(source.path) ? [] : ofType(source, 'TSAnyKeyword')).map((at): Finding => [
    at,
    'any: say what it is, or unknown',
  ]),
  ...ofType(source, 'TSNonNullExpression').map((at): Finding => [at, 'non-null: check it']),
  ...ofType(source, 'TSAsExpression', 'TSTypeAssertion')
    .filter((at) => !exempt.assertion.has(source.path) && !isConst(at))
    .map((at): Finding => [at, 'assertion: parse or narrow instead of `as`']),
];

function isConst(at: Node): boolean {
  const wanted = at['typeAnnotation'];
  return isNode(wanted) && nameOf(wanted['typeName']) === 'const';
}

const environment: Rule = (source) =>
  exempt.environment.has(source.path)
    ? []
    : [
        ...source.nodes.filter((at) => isMember(at, 'process', /^env$/)),
        ...source.nodes.filter((at) => takesEnvironment(at)),
      ].map((at): Finding => [at, 'environment: only core/config.ts reads it']);

const isMember = (at: Node, object: string, property: RegExp): boolean => {
  const member = memberOf(at);
  return member !== null && member.object === object && property.test(member.property);
};

/** `const { env } = process`, `import { env } from 'node:process'`, and the same under another name. */
function takesEnvironment(at: Node): boolean {
  if (at.type === 'VariableDeclarator')
    return nameOf(at['init']) === 'process' && JSON.stringify(at['id']).includes('"env"');
  if (!isNode(at['source']) || at['source']['value'] !== 'node:process') return false;
  const taken = Array.isArray(at['specifiers']) ? at['specifiers'].filter(isNode) : [];
  return taken.some((name) =>
    name.type === 'ImportSpecifier'
      ? nameOf(name['imported']) === 'env'
      : nameOf(name['local']) !== 'process',
  );
}

const clock: Rule = (source) =>
  !injected.test(source.path) || isTest(source.path) || exempt.clock.has(source.path)
    ? []
    : source.nodes
        .filter(
          (at) =>
            isMember(at, 'Date', /^now$/) ||
            isMember(at, 'performance', /^now$/) ||
            (at.type === 'NewExpression' && nameOf(at['callee']) === 'Date' && isBare(at)) ||
            (at.type === 'CallExpression' && nameOf(at['callee']) === 'Date'),
        )
        .map((at) => [at, 'clock: time comes from the injected clock']);

const isBare = (at: Node): boolean =>
  Array.isArray(at['arguments']) && at['arguments'].length === 0;

const randomness: Rule = (source) =>
  !injected.test(source.path) || isTest(source.path) || exempt.randomness.has(source.path)
    ? []
    : source.nodes
        .filter(
          (at) =>
            isMember(at, 'Math', /^random$/) ||
            (at.type === 'MemberExpression' && random.test(memberOf(at)?.property ?? '')) ||
            (at.type === 'ImportSpecifier' && random.test(nameOf(at['imported']))),
        )
        .map((at) => [at, 'randomness: it comes from the injected ids']);

/** Only `perform` runs an operation, so no surface may reach for `run` itself. */
const door: Rule = (source) =>
  isTest(source.path) || !surface.test(source.path)
    ? []
    : ofType(source, 'CallExpression')
        .filter((at) => memberOf(at['callee'])?.property === 'run')
        .map((at) => [at, 'door: only perform runs an operation']);

const rules: readonly Rule[] = [names, size, defaults, types, environment, clock, randomness, door];

/** Everything about one file's text that the house does not allow. */
export const faultsOfSource = (source: Source): string[] =>
  rules.flatMap((rule) =>
    rule(source).map(([at, text]) => `${source.path}:${at ? source.lineOf(at) : 1} ${text}`),
  );

const forbidden: readonly (readonly [string, RegExp])[] = [
  ['a note to come back', /\b(?:TODO|FIXME|XXX)\b/],
  ['a path of one machine', /(?<![\w.$}~)-])\/(?:home|Users|work)\/[\w-]+/],
  ['a package registry', /\bregistry\.[a-z0-9-]+\.|"resolved":/],
];

/** Words that no file of the project holds, but for the gate's own. */
export const faultsOfWords = (path: string, text: string): string[] =>
  path.startsWith('test/gate/')
    ? []
    : text
        .split('\n')
        .flatMap((line, index) =>
          forbidden
            .filter(([, word]) => word.test(line))
            .map(([what]) => `${path}:${index + 1} words: ${what}`),
        );
