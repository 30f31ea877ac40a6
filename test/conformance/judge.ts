import { z } from 'zod';

export const checksSchema = z.array(
  z.looseObject({
    id: z.string(),
    status: z.enum(['SUCCESS', 'FAILURE', 'WARNING', 'INFO', 'SKIPPED']),
    errorMessage: z.string().optional(),
  }),
);

type Checks = z.infer<typeof checksSchema>;

/** What is wrong with each scenario; one that passed has an empty list. */
export type Outcomes = ReadonlyMap<string, readonly string[]>;

/** Why a scenario has not passed: a warning counts, and so does one that has checked nothing. */
export function troubleIn(checks: Checks): string[] {
  const wrong = checks.filter(({ status }) => status === 'FAILURE' || status === 'WARNING');
  if (wrong.length > 0) return wrong.map(({ id, errorMessage }) => `${id}: ${errorMessage ?? ''}`);
  return checks.some(({ status }) => status === 'SUCCESS') ? [] : ['it has checked nothing'];
}

/** Everything that speaks against a run: what failed unlisted, what is listed and passed, or was not met. */
export function judge(outcomes: Outcomes, listed: ReadonlyMap<string, string>): string[] {
  const found = [...outcomes].flatMap(([name, trouble]) => {
    if (listed.has(name))
      return trouble.length === 0 ? [`${name} is listed as not applicable, and passes`] : [];
    return trouble.map((words) => `${name}: ${words}`);
  });
  const unmet = [...listed.keys()]
    .filter((name) => !outcomes.has(name))
    .map((name) => `${name} is listed as not applicable, and the suite has no such scenario`);
  return outcomes.size === 0 ? ['the suite has run nothing'] : [...found, ...unmet];
}
