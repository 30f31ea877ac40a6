import type { FaultCode } from '../../core/fault.ts';
import type { AnyOperation } from '../../core/operation.ts';

/** What belongs to one account, and is named by an id. */
export type Thing =
  | 'trend'
  | 'search'
  | 'watch'
  | 'quote'
  | 'video'
  | 'channel'
  | 'publication'
  | 'picture'
  | 'token'
  | 'link';

/** What an operation can reach, and what comes of it. */
export type Policy = {
  /**
   * The fields that hold the id of a thing. With an id that is not one's own each of them answers
   * `not_found`, in the same words as for an id that nothing has.
   */
  readonly ids?: Readonly<Record<string, Thing>>;
  /** What it reaches without an id: the own account, the chat server of the request, or nothing of anybody. */
  readonly besides: 'account' | 'server' | 'nothing';
  /** What somebody gets for what is their own. */
  readonly own: 'ok' | FaultCode;
  /** What others get without an id, where that differs from `own`. */
  readonly others?: FaultCode;
};

/** One row for every operation of the registry. */
export const policies: Readonly<Record<string, Policy>> = {
  trend_search: { besides: 'account', own: 'ok' },
  trend_show: { ids: { trend: 'trend' }, besides: 'nothing', own: 'ok' },
  trend_save: { ids: { trend: 'trend' }, besides: 'nothing', own: 'ok' },
  trend_list: { ids: { search: 'search' }, besides: 'account', own: 'ok' },
  watch_create: { besides: 'account', own: 'ok' },
  watch_list: { besides: 'account', own: 'ok' },
  watch_delete: { ids: { watch: 'watch' }, besides: 'nothing', own: 'ok' },
  prompt_write: { ids: { trend: 'trend' }, besides: 'account', own: 'ok' },
  prompt_check: { besides: 'nothing', own: 'ok' },
  model_list: { besides: 'nothing', own: 'ok' },
  video_quote: { besides: 'account', own: 'ok' },
  video_generate: { ids: { quote: 'quote' }, besides: 'account', own: 'approval_required' },
  video_show: { ids: { video: 'video' }, besides: 'nothing', own: 'ok' },
  video_list: { besides: 'account', own: 'ok' },
  video_cancel: { ids: { video: 'video' }, besides: 'nothing', own: 'approval_required' },
  video_retry: { ids: { video: 'video' }, besides: 'nothing', own: 'approval_required' },
  video_delete: { ids: { video: 'video' }, besides: 'nothing', own: 'approval_required' },
  video_share: { ids: { video: 'video' }, besides: 'nothing', own: 'ok' },
  channel_connect: { besides: 'account', own: 'ok' },
  channel_list: { besides: 'account', own: 'ok' },
  channel_disconnect: { ids: { channel: 'channel' }, besides: 'nothing', own: 'approval_required' },
  publication_suggest: { ids: { video: 'video' }, besides: 'nothing', own: 'ok' },
  picture_keep: { besides: 'account', own: 'ok' },
  publication_create: {
    ids: { video: 'video', channel: 'channel', picture: 'picture' },
    besides: 'nothing',
    own: 'approval_required',
  },
  publication_show: { ids: { publication: 'publication' }, besides: 'nothing', own: 'ok' },
  publication_list: { besides: 'account', own: 'ok' },
  stats_show: { ids: { publication: 'publication' }, besides: 'account', own: 'ok' },
  publication_update: {
    ids: { publication: 'publication' },
    besides: 'nothing',
    own: 'approval_required',
  },
  publication_cancel: { ids: { publication: 'publication' }, besides: 'nothing', own: 'ok' },
  quota_show: { besides: 'account', own: 'ok' },
  quota_history: { besides: 'account', own: 'ok' },
  quota_receipt: { besides: 'account', own: 'ok' },
  plan_list: { besides: 'account', own: 'ok' },
  plan_upgrade: { besides: 'account', own: 'ok' },
  plan_manage: { besides: 'account', own: 'ok' },
  plan_cancel: { besides: 'account', own: 'plan_missing' },
  account_show: { besides: 'account', own: 'ok' },
  account_update: { besides: 'account', own: 'ok' },
  account_export: { besides: 'account', own: 'ok' },
  account_delete: { besides: 'account', own: 'approval_required' },
  account_link: { besides: 'account', own: 'ok' },
  account_merge: { ids: { link: 'link' }, besides: 'nothing', own: 'approval_required' },
  token_create: { besides: 'account', own: 'ok' },
  token_list: { besides: 'account', own: 'ok' },
  token_revoke: { ids: { token: 'token' }, besides: 'nothing', own: 'ok' },
  server_show: { besides: 'server', own: 'ok' },
  server_update: { besides: 'server', own: 'ok', others: 'server_manager_only' },
  server_fund: { besides: 'server', own: 'packs_short', others: 'server_manager_only' },
};

const file = 'scripts/authorisation/policies.ts';

/** What is wrong with the rows, each with what to do about it. */
export function faultsOfPolicies(
  operations: readonly AnyOperation[],
  rows: Readonly<Record<string, Policy>>,
): string[] {
  const gone = Object.keys(rows).filter((name) => !operations.some((one) => one.name === name));
  return [
    ...operations.flatMap((operation) => faultsOfRow(operation, rows[operation.name])),
    ...gone.map((name) => `${name}: there is no such operation; remove its row from ${file}`),
  ];
}

function faultsOfRow({ name, input }: AnyOperation, row: Policy | undefined): string[] {
  if (!row)
    return [
      `${name}: add its row to ${file}: which fields hold the id of a thing, what it reaches without one, and what its owner gets`,
    ];
  const fields = Object.entries<{ description?: string | undefined }>(input.shape);
  const named = Object.keys(row.ids ?? {});
  const missed = fields.filter(
    ([field, { description = '' }]) => /^Ids?\b/u.test(description) && !named.includes(field),
  );
  const unknown = named.filter((field) => !fields.some(([known]) => known === field));
  return [
    ...missed.map(
      ([field]) => `${name}: its field ${field} takes an id; say of what in its row in ${file}`,
    ),
    ...unknown.map(
      (field) => `${name}: it has no field ${field}; take it out of its row in ${file}`,
    ),
  ];
}
