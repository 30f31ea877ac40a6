import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { loadSurroundings, settingsSchema } from '../core/config.ts';
import { operations } from '../core/operations.ts';
import { listTools } from '../mcp-server/tools.ts';
import { policies } from './authorisation/policies.ts';
import { routes } from './authorisation/routes.ts';
import { renderAuthorisationPage } from './generate/authorisation-page.ts';
import { dumpFreshSchema } from './generate/fresh-schema.ts';
import { renderModelsPage } from './generate/models-page.ts';
import { renderOperationsPage } from './generate/operations-page.ts';
import { hasPendingMigration } from './generate/pending-migration.ts';
import { renderSecurityPage } from './generate/security-page.ts';
import { renderSettingsExample } from './generate/settings-example.ts';
import { securityAccounts } from './security/accounts.ts';

const root = join(import.meta.dirname, '..');
const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Writes what differs and gives its names; with `checkOnly` nothing is written. */
async function generate(checkOnly: boolean): Promise<string[]> {
  const texts = {
    'docs/operations.md': renderOperationsPage(operations),
    'docs/models.md': renderModelsPage(),
    'docs/authorisation.md': renderAuthorisationPage(operations, { policies, routes }),
    'docs/security.md': renderSecurityPage(securityAccounts),
    'mcp-server/tools.json': `${JSON.stringify(listTools(operations), null, 2)}\n`,
    '.env.example': renderSettingsExample(settingsSchema),
    'drizzle/schema.sql': await dumpFreshSchema({ path: loadSurroundings().path }),
  };
  const stale = Object.entries(texts).filter(([name, text]) => {
    const file = join(root, name);
    return !existsSync(file) || readFileSync(file, 'utf8') !== text;
  });
  if (!checkOnly) for (const [name, text] of stale) writeFileSync(join(root, name), text);
  return stale.map(([name]) => name);
}

const checkOnly = process.argv.includes('--check');
const stale = await generate(checkOnly);
for (const name of stale)
  say(checkOnly ? `${name} is stale: run \`npm run generate\`` : `${name} written`);
const pending = await hasPendingMigration(root);
if (pending)
  say('drizzle/migrations lacks a change of drizzle/schema: run `npx drizzle-kit generate`');
if (stale.length === 0 && !pending) say('Every generated file is up to date.');
process.exitCode = pending || (checkOnly && stale.length > 0) ? 1 : 0;
