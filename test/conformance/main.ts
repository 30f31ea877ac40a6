import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { startFixture } from './fixture-server.ts';
import { checksSchema, judge, troubleIn, type Outcomes } from './judge.ts';
import { notApplicable } from './not-applicable.ts';

const suite = fileURLToPath(import.meta.resolve('@modelcontextprotocol/conformance/dist/index.js'));

/** Everything that the suite has, and what it has for the newest revision that it knows. */
const runs = { 'all scenarios': [], '2025-11-25': ['--spec-version', '2025-11-25'] };

/** The official suite against a server over the same adapter; the code that the process ends with. */
async function main(): Promise<number> {
  const fixture = await startFixture();
  try {
    let code = 0;
    for (const [name, options] of Object.entries(runs)) {
      const outcomes = await runSuite(fixture.url, options);
      const trouble = judge(outcomes, notApplicable);
      const passed = [...outcomes.values()].filter((one) => one.length === 0).length;
      say(
        `${name}: ${outcomes.size} scenarios, ${passed} passed, ${notApplicable.size} do not apply`,
      );
      for (const line of trouble) say(`  ${line}`);
      if (trouble.length > 0) code = 1;
    }
    for (const [name, reason] of notApplicable) say(`not applicable: ${name}. ${reason}`);
    return code;
  } finally {
    await fixture.close();
  }
}

/** Its own exit code says less than the checks that it leaves behind. */
async function runSuite(url: string, options: readonly string[]): Promise<Outcomes> {
  const folder = mkdtempSync(join(tmpdir(), 'jilo-conformance-'));
  const words = ['server', '--url', url, '--suite', 'all', '-o', folder, ...options];
  try {
    await promisify(execFile)(process.execPath, [suite, ...words]).catch(() => null);
    return new Map(
      readdirSync(folder).map((entry) => [scenarioOf(entry), readTrouble(folder, entry)]),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A folder is named `server-<scenario>-<time>`. */
const scenarioOf = (entry: string): string =>
  entry.replace(/^server-/, '').replace(/-\d{4}-\d\d-\d\dT[\d-]+Z$/, '');

const readTrouble = (folder: string, entry: string): string[] =>
  troubleIn(
    checksSchema.parse(JSON.parse(readFileSync(join(folder, entry, 'checks.json'), 'utf8'))),
  );

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

process.exit(await main());
