import { posix } from 'node:path';

import type { Import, Source } from './sources.ts';

/** What each folder may import of ours; whatever is not listed may compose everything but tests. */
const folders: Readonly<Record<string, readonly string[]>> = {
  drizzle: ['drizzle'],
  core: ['core', 'drizzle'],
  'core/providers': ['core'],
  sandbox: ['sandbox'],
  bot: ['bot', 'core'],
  'mcp-server': ['mcp-server', 'core'],
  'web-callbacks': ['web-callbacks', 'core'],
};

/** The one file of a surface that puts a process together. */
const composes = /^mcp-server\/(?:main\.ts|start\.mjs)$/;

/** The web app mounts what the MCP server serves over HTTP, and knows nothing else of it. */
const mounts = (path: string, target: string): boolean =>
  path === 'web-callbacks/mcp.ts' && target === 'mcp-server/web.ts';

/** Which files know a package. A package without an owner is a decision that nobody has made. */
const owners: readonly (readonly [RegExp, RegExp])[] = [
  [/^zod$/, /./],
  [/^@fal-ai\/client$/, /^core\/providers\/fal[^/]*$/],
  [/^@runwayml\/sdk$/, /^core\/providers\/runway[^/]*$/],
  // The local Stripe answers in the SDK's own types.
  [/^stripe$/, /^(?:core\/providers\/stripe[^/]*$|sandbox\/stripe\/)/],
  [/^@aws-sdk\//, /^core\/providers\/s3-/],
  [/^apify-client$/, /^core\/providers\/apify/],
  [/^@googleapis\/youtube$/, /^core\/providers\/youtube[^/]*$/],
  [/^(?:better-auth|@better-auth\/[a-z-]+)(?:\/.+)?$/, /^core\/providers\/sign-in[^/]*$/],
  [/^google-auth-library$/, /^core\/providers\/(?:google|youtube)[^/]*$/],
  [/^ai$/, /^(?:core\/providers\/gemini[^/]*$|bot\/agent\/)/],
  [/^@ai-sdk\/provider$/, /^core\/(?:ports\/chat-model|providers\/gemini[^/]*)\.ts$/],
  [/^@ai-sdk\/google$/, /^core\/providers\/gemini[^/]*$/],
  [
    /^(?:mediabunny|@mediabunny\/server|node-av|@napi-rs\/canvas)$/,
    /^(?:core\/providers\/media|sandbox\/)/,
  ],
  [/^chart\.js$/, /^core\/providers\/media-chart[^/]*$/],
  [/^(?:express|helmet)$/, /^web-callbacks\//],
  [/^@modelcontextprotocol\/.+$/, /^mcp-server\//],
  [/^discord\.js$/, /^bot\/discord\//],
  [/^discord-api-types\/v10$/, /^(?:bot\/discord|sandbox\/discord)\//],
  [/^(?:ws|discord-api-spec\/zod)$/, /^sandbox\/discord\//],
  [/^playwright-core$/, /^scripts\//],
  [/^(?:postgres|drizzle-orm\/(?:migrator|postgres-js(?:\/.+)?))$/, /^drizzle\//],
  [/^drizzle-orm(?:\/pg-core)?$/, /^(?:core|drizzle)\//],
  [/^pg-boss$/, /^core\/(?:queue(?:-[a-z]+)?|app)\.ts$/],
  [/^(?:naughty-words\/(?:en|zh)\.json|opencc-js\/t2cn)$/, /^core\/moderation\//],
  [/^(?:obscenity|mint-filter)$/, /^scripts\/moderation\//],
  [/^pino$/, /^core\/log\.ts$/],
  [/^nodemailer$/, /^core\/providers\/smtp[^/]*$/],
  [/^(?:smtp-server|mailparser)$/, /^sandbox\/mail\//],
  [/^rate-limiter-flexible$/, /^core\/limits\/rates\.ts$/],
  [/^disposable-email-domains-js$/, /^core\/account\/disposable-email\.ts$/],
  [/^drizzle-kit(?:\/api)?$/, /^(?:scripts\/generate\/|drizzle\.config\.ts$)/],
  [/^vitest\/config$/, /^vitest\.config\.ts$/],
];

const computed = /^scripts\/generate\/pending-migration\.ts$/;

export const isTest = (path: string): boolean => /^test\/|\.test\.ts$/.test(path);

/** Everything about one file's imports that the house does not allow. */
export function faultsOfImports(source: Source): string[] {
  if (isTest(source.path)) return [];
  return source.imports.flatMap((found) => {
    const fault = faultOf(source.path, found);
    return fault ? [`${source.path}:${found.line} ${fault}`] : [];
  });
}

function faultOf(path: string, found: Import): string | null {
  const { specifier } = found;
  if (specifier === null)
    return computed.test(path) ? null : 'import/computed: the name must be written out';
  if (specifier.startsWith('node:')) return null;
  if (/^\.\.?\//.test(specifier)) return faultOfOurs(path, specifier);
  const owner = owners.find(([name]) => name.test(specifier));
  if (!owner) return `import/unowned: no folder owns ${specifier}`;
  if (!owner[1].test(path)) return `import/package: ${specifier} is not known here`;
  if (specifier === 'pg-boss' && path === 'core/app.ts' && !found.typeOnly)
    return 'import/package: core/app.ts takes types of pg-boss only';
  return null;
}

function faultOfOurs(path: string, specifier: string): string | null {
  const target = posix.join(posix.dirname(path), specifier);
  if (isTest(target)) return `import/test: ${target} is for tests`;
  if (!target.endsWith('.ts') && target !== 'package.json')
    return `import/extension: ${target} does not name a file`;
  if (mounts(path, target)) return null;
  const toProvider = target.startsWith('core/providers/');
  // A benchmark measures one provider by itself, and the doctor asks the mail server by one.
  const asks = /^(?:core\/app\.ts$|core\/providers\/|bench\/|scripts\/doctor\/mail\.ts$)/;
  if (toProvider && !asks.test(path)) return `import/provider: only core/app.ts imports ${target}`;
  const folder = path.startsWith('core/providers/') ? 'core/providers' : (path.split('/')[0] ?? '');
  const allowed = composes.test(path) ? undefined : folders[folder];
  if (!allowed || !target.includes('/') || allowed.includes(target.split('/')[0] ?? ''))
    return null;
  return `import/folder: ${folder} does not know ${target}`;
}
