import type { AnyOperation } from '../../core/operation.ts';
import { scopeFor } from '../../core/token/scopes.ts';
import { faultsOfPolicies, type Policy } from '../authorisation/policies.ts';
import type { Admission } from '../authorisation/routes.ts';
import { callers } from './callers.ts';

type Rows = {
  readonly policies: Readonly<Record<string, Policy>>;
  readonly routes: Readonly<Record<string, Admission>>;
};

/**
 * `docs/authorisation.md`: what every operation and route can reach.
 * @throws Error naming every operation without a row, and every row without an operation.
 */
export function renderAuthorisationPage(
  operations: readonly AnyOperation[],
  { policies, routes }: Rows,
): string {
  const faults = faultsOfPolicies(operations, policies);
  if (faults.length > 0) throw new Error(faults.join('\n'));
  return [
    '# Authorisation',
    '',
    'What every operation and every address can reach. This page is generated from `scripts/authorisation/`; `test/authorisation/` calls each row as the owner, as somebody else, and as somebody who has nothing, and over HTTP with a token of each single scope.',
    '',
    "An id that is not one's own is answered like one that nothing has: `not_found`, in the same words. Consent comes on top of the scope: what spends, publishes or destroys waits for a person.",
    '',
    '## Operations',
    '',
    table(
      [
        'operation',
        'effect',
        'scope',
        'who calls it',
        'what it reaches',
        'the owner gets',
        'others get',
      ],
      operations.flatMap((operation) => {
        const policy = policies[operation.name];
        return policy ? [rowOf(operation, policy)] : [];
      }),
    ),
    '',
    'Two tools are no operations: `search` and `fetch` (scope `read`) reach only the own account, as resources, prompts and completions do.',
    '',
    '## Routes',
    '',
    table(
      ['route', 'what lets somebody in'],
      Object.entries(routes).map(([route, admission]) => [`\`${route}\``, admission]),
    ),
    '',
  ].join('\n');
}

const rowOf = ({ name, effect, audience }: AnyOperation, policy: Policy): string[] => [
  `[${name}](operations.md#${name})`,
  effect,
  scopeFor(effect),
  callers[audience],
  reachOf(policy),
  `\`${policy.own}\``,
  othersOf(policy),
];

function othersOf({ ids, besides: rest, others }: Policy): string {
  const refusal = ids ? 'not_found' : others;
  if (refusal !== undefined) return `\`${refusal}\``;
  return rest === 'nothing' ? 'the same' : 'their own';
}

const besides: Readonly<Record<Policy['besides'], string>> = {
  account: 'the own account',
  server: 'the chat server of the request',
  nothing: 'nothing of anybody',
};

function reachOf(policy: Policy): string {
  const ids = Object.entries(policy.ids ?? {}).map(
    ([field, thing]) => `the own ${thing} in \`${field}\``,
  );
  const rest = policy.besides === 'nothing' && ids.length > 0 ? [] : [besides[policy.besides]];
  return [...ids, ...rest].join('; ');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
