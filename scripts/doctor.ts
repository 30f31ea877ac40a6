import { systemClock } from '../core/clock.ts';
import { ConfigError, loadConfig, loadSurroundings, type Config } from '../core/config.ts';
import { systemIds } from '../core/ids.ts';
import { localeOf } from '../core/messages/catalogue.ts';
import { pause, wallTimers } from '../core/timers.ts';
import { createCaller } from './doctor/call.ts';
import { examine, type Result } from './doctor/examine.ts';
import { hasFailed, reportJson, reportText, withoutSecrets } from './doctor/report.ts';
import { openSurroundings } from './doctor/surroundings.ts';
import { doctorWords } from './doctor/words/words.ts';
import { explainFailure } from './explain.ts';
import { findRuntime } from './runtime.ts';

/** What could not be closed within this time is left to the end of the process. */
const closeLimitMs = 5000;

/** Tells what was found, and closes what was opened. */
async function look(config: Config, path: string, say: (results: Result[]) => void) {
  const clock = systemClock;
  const surroundings = await openSurroundings(config, { path, clock });
  const tools = {
    ...surroundings,
    config,
    clock,
    ids: systemIds,
    locale,
    words,
    caller: createCaller(clock),
    runtime: await findRuntime(config.JILO_DATA_DIR),
  };
  say(withoutSecrets(await examine(tools, wallTimers), config));
  await Promise.race([surroundings[Symbol.asyncDispose](), pause(wallTimers, closeLimitMs, [])]);
}

/** Settings that cannot be used are the first finding, and the only one: nothing else can be looked at. */
const settingsFailed = ({ message }: ConfigError): Result => ({
  name: 'settings',
  state: 'failed',
  what: message,
  switchesOff: words.nothingStarts(),
  howToGetIt: words.settingsWrong(),
});

function tell(results: readonly Result[]): void {
  const isJson = process.argv.includes('--json');
  process.stdout.write(isJson ? reportJson(results) : reportText(results, words));
  if (hasFailed(results)) process.exitCode = 1;
}

const { language, path } = loadSurroundings();
const locale = localeOf(language);
const words = doctorWords(locale);
try {
  await look(loadConfig(), path, tell);
} catch (error) {
  if (error instanceof ConfigError) tell([settingsFailed(error)]);
  else process.stderr.write(`${explainFailure(error, locale)}\n`);
  process.exitCode = 1;
}
// A check that was given up on may hold a connection open; everything has been said.
process.stdout.write('', () => process.exit());
