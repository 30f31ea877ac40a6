import type { ErrorTree, FieldError } from './types.ts';

/** An answer that Discord gives instead of doing what was asked. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: number;
  readonly errors: ErrorTree | undefined;

  constructor(status: number, code: number, message: string, errors?: ErrorTree) {
    super(message);
    this.status = status;
    this.code = code;
    this.errors = errors;
  }
}

/** Discord's documented refusals by name: status, code, message. */
const known = {
  unauthorized: [401, 0, '401: Unauthorized'],
  notFound: [404, 0, '404: Not Found'],
  methodNotAllowed: [405, 0, '405: Method Not Allowed'],
  unknownChannel: [404, 10003, 'Unknown Channel'],
  unknownGuild: [404, 10004, 'Unknown Guild'],
  unknownMember: [404, 10007, 'Unknown Member'],
  unknownMessage: [404, 10008, 'Unknown Message'],
  unknownUser: [404, 10013, 'Unknown User'],
  unknownWebhook: [404, 10015, 'Unknown Webhook'],
  unknownInteraction: [404, 10062, 'Unknown interaction'],
  unknownCommand: [404, 10063, 'Unknown application command'],
  tooManyCommands: [400, 30032, 'Maximum number of application commands reached (100).'],
  tooManyCreates: [
    400,
    30034,
    'Max number of daily application command creates has been reached (200)',
  ],
  alreadyAcknowledged: [400, 40060, 'Interaction has already been acknowledged.'],
  tooManyFollowUps: [
    400,
    40094,
    'This interaction has reached the maximum number of follow-up messages.',
  ],
  tooLarge: [413, 40005, 'Request entity too large'],
  missingAccess: [403, 50001, 'Missing Access'],
  notTheAuthor: [403, 50005, 'Cannot edit a message authored by another user'],
  emptyMessage: [400, 50006, 'Cannot send an empty message'],
  closedDms: [403, 50007, 'Cannot send messages to this user'],
  missingPermissions: [403, 50013, 'Missing Permissions'],
  deadToken: [401, 50027, 'Invalid Webhook Token'],
  badDeleteCount: [
    400,
    50016,
    'Provided too few or too many messages to delete. Must provide at least 2 and fewer than 100 messages to delete',
  ],
  archivedThread: [400, 50083, 'Thread is archived'],
  threadExists: [400, 160004, 'A thread has already been created for this message'],
  badJson: [400, 50109, 'The request body contains invalid JSON.'],
} as const;

export function refuse(name: keyof typeof known): Refusal {
  const [status, code, message] = known[name];
  return new Refusal(status, code, message);
}

/** One thing wrong with one field of a request. */
export type Problem = FieldError & { readonly path: readonly (string | number)[] };

export function problem(
  path: readonly (string | number)[],
  code: string,
  message: string,
): Problem {
  return { path, code, message };
}

/** 50035 with the tree of errors that Discord sends; `prefix` is where the checked part lies in the body. */
export function refuseForm(
  problems: readonly Problem[],
  prefix: readonly (string | number)[] = [],
): Refusal {
  const root: Branch = { branches: new Map(), errors: [] };
  for (const { path, code, message } of problems) {
    let branch = root;
    for (const step of [...prefix, ...path]) {
      const next = branch.branches.get(String(step)) ?? { branches: new Map(), errors: [] };
      branch.branches.set(String(step), next);
      branch = next;
    }
    branch.errors.push({ code, message });
  }
  return new Refusal(400, 50035, 'Invalid Form Body', treeOf(root));
}

type Branch = { readonly branches: Map<string, Branch>; readonly errors: FieldError[] };

function treeOf({ branches, errors }: Branch): ErrorTree {
  const inner = [...branches].map(([key, branch]) => [key, treeOf(branch)] as const);
  return { ...Object.fromEntries(inner), ...(errors.length > 0 ? { _errors: errors } : {}) };
}
