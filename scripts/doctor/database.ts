import { combine, ok, type Check, type Finding, type Tools } from './check.ts';
import { NoDatabase, type DatabaseState } from './state.ts';
import { codeOf } from './text.ts';

const oldestMajor = 15;
const mostSkewSeconds = 5;

/** Whether the database answers, is of our age, and has our time. */
export const databaseCheck: Check = {
  name: 'database',
  async run(tools) {
    const { words, locale } = tools;
    let state: DatabaseState;
    try {
      state = await tools.database();
    } catch (error) {
      return {
        state: 'failed',
        what:
          error instanceof NoDatabase
            ? error.message
            : words.databaseSilent({ code: codeOf(error) }),
        switchesOff: words.databaseOff(),
        howToGetIt: words.lookAtDatabase(),
      };
    }
    const [first, ...others] = problemsOf(tools, state);
    const { version, wanted } = state;
    if (!first) return ok(words.databaseFine({ version, migrations: wanted }));
    return combine([first, ...others], locale);
  },
};

function problemsOf({ words }: Tools, state: DatabaseState): Finding[] {
  const { version, major, applied, wanted, inCommon, schema, skewSeconds } = state;
  const seconds = Math.round(Math.abs(skewSeconds));
  const problems: (Finding | false)[] = [
    major < oldestMajor && {
      state: 'failed',
      what: words.databaseOld({ version }),
      switchesOff: words.databaseOff(),
      howToGetIt: words.updateDatabase(),
    },
    schema === 'behind' && {
      state: 'warning',
      what: words.behind({ applied, wanted }),
      switchesOff: words.behindOff(),
      howToGetIt: words.migrate(),
    },
    schema === 'ahead' && {
      state: 'failed',
      what: words.ahead({ applied, wanted }),
      switchesOff: words.databaseOff(),
      howToGetIt: words.updateJilo(),
    },
    schema === 'foreign' && {
      state: 'failed',
      what: words.foreign({ migration: inCommon + 1 }),
      switchesOff: words.databaseOff(),
      howToGetIt: words.useOtherDatabase(),
    },
    Math.abs(skewSeconds) > mostSkewSeconds && {
      state: 'warning',
      what: words.databaseClock({ seconds }),
      switchesOff: words.databaseClockOff(),
      howToGetIt: words.clockGet(),
    },
  ];
  return problems.filter((problem) => problem !== false);
}
