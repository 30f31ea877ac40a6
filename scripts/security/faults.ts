import type { Pending } from './pending.ts';
import type { Requirement } from './requirements.ts';
import type { Traces } from './traces.ts';

export type Accounts = {
  readonly requirements: readonly Requirement[];
  readonly traces: Traces;
  readonly reasons: Readonly<Record<string, string>>;
  readonly pending: readonly Pending[];
};

const folder = 'scripts/security';

/** What is wrong with the lists, each with what to do about it: every requirement stands in exactly one. */
export function faultsOfSecurity({ requirements, traces, reasons, pending }: Accounts): string[] {
  const named = [...Object.keys(traces), ...Object.keys(reasons), ...pending.map(({ id }) => id)];
  const known = new Set(requirements.map(({ id }) => id));
  return [
    ...[...known].flatMap((id) => faultOf(id, named.filter((one) => one === id).length)),
    ...[...new Set(named)]
      .filter((id) => !known.has(id))
      .map((id) => `${id}: there is no such requirement of level 1 or 2`),
    ...Object.entries(traces)
      .filter(([, proof]) => Object.values(proof).flat().length === 0)
      .map(([id]) => `${id}: its row in ${folder}/traces.ts names no test`),
  ];
}

function faultOf(id: string, times: number): string[] {
  if (times === 1) return [];
  return times === 0
    ? [
        `${id}: name its tests in ${folder}/traces.ts, or say in ${folder}/reasons.ts why there is none`,
      ]
    : [`${id}: stands in more than one list of ${folder}; leave it in one`];
}
