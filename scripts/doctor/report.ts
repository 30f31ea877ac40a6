import { smtpSecrets } from '../../core/config-accounts.ts';
import type { Config } from '../../core/config.ts';
import type { Result } from './examine.ts';
import type { DoctorWords } from './words/en.ts';

/** A value that is too short to be told from ordinary words is no secret either. */
const shortestSecret = 6;

/** The secrets among the settings, so that none is printed even where a far end repeats it. */
function secretsOf(config: Config): string[] {
  return Object.entries(config)
    .filter(([name]) => /TOKEN|SECRET|KEY|PASSWORD/.test(name))
    .flatMap(([, value]) => (typeof value === 'string' ? [value, ...value.split(/[,:]/)] : []))
    .concat(config.DATABASE_URL ? [decodeURIComponent(new URL(config.DATABASE_URL).password)] : [])
    .concat(smtpSecrets(config.SMTP_URL))
    .map((value) => value.trim())
    .filter((value) => value.length >= shortestSecret)
    .toSorted((a, b) => b.length - a.length);
}

/** The results without any secret of the settings. */
export function withoutSecrets(results: readonly Result[], config: Config): Result[] {
  const secrets = secretsOf(config);
  const cleanText = (text: string): string =>
    secrets.reduce((sum, one) => sum.replaceAll(one, '…'), text);
  const clean = (text: string | null) => (text === null ? null : cleanText(text));
  return results.map(({ name, state, what, switchesOff, howToGetIt }) => ({
    name,
    state,
    what: cleanText(what),
    switchesOff: clean(switchesOff),
    howToGetIt: clean(howToGetIt),
  }));
}

export const hasFailed = (results: readonly Result[]): boolean =>
  results.some(({ state }) => state === 'failed');

/** One JSON document for programs. */
export const reportJson = (results: readonly Result[]): string =>
  `${JSON.stringify({ state: hasFailed(results) ? 'failed' : 'ok', checks: results }, null, 2)}\n`;

/** What people read: a line for each check, and below it what it switches off and what to do. */
export function reportText(results: readonly Result[], words: DoctorWords): string {
  const width = Math.max(...Object.values(words.states).map(widthOf)) + 2;
  const indent = ' '.repeat(width);
  const blocks = results.flatMap(({ name, state, what, switchesOff, howToGetIt }) => {
    const mark = words.states[state];
    return [
      `${mark}${' '.repeat(width - widthOf(mark))}${words.names[name]}${words.colon}${what}`,
      ...(switchesOff === null ? [] : [`${indent}${words.switchesOff}${switchesOff}`]),
      ...(howToGetIt === null
        ? []
        : [`${indent}${state === 'sandbox' ? words.goLive : words.howToGetIt}${howToGetIt}`]),
    ];
  });
  const failed = results
    .filter(({ state }) => state === 'failed')
    .map(({ name }) => words.names[name]);
  const checks = results.length;
  const end =
    failed.length === 0 ? words.allWell({ checks }) : words.someFailed({ failed, checks });
  return [...blocks, '', end, ''].join('\n');
}

/** Columns that a terminal gives a text: Han characters take two. */
const widthOf = (text: string): number =>
  Array.from(text).reduce((sum, sign) => sum + (/\p{Script=Han}/u.test(sign) ? 2 : 1), 0);
