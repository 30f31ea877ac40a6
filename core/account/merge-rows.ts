import { sql } from 'drizzle-orm';

import type { Tx } from '../../drizzle/client.ts';

/**
 * Columns that name the account of a row; all of them name the one that stays after a merge.
 * @internal
 */
export const movedColumns = [
  ['access_tokens', 'account_id'],
  ['agent_usage', 'account_id'],
  ['approval_cards', 'account_id'],
  ['approvals', 'account_id'],
  ['approvals', 'approver_id'],
  ['channels', 'account_id'],
  ['checkouts', 'account_id'],
  ['compensations', 'account_id'],
  ['conversations', 'account_id'],
  ['customers', 'account_id'],
  ['drafts', 'account_id'],
  ['identities', 'account_id'],
  ['notices', 'account_id'],
  ['oauth_states', 'account_id'],
  ['pictures', 'account_id'],
  ['progress_messages', 'account_id'],
  ['publications', 'account_id'],
  ['purchases', 'account_id'],
  ['quota_holds', 'account_id'],
  ['quotes', 'account_id'],
  ['saved_trends', 'account_id'],
  ['servers', 'changed_by'],
  ['subscriptions', 'account_id'],
  ['trend_forecasts', 'account_id'],
  ['trend_searches', 'account_id'],
  ['videos', 'account_id'],
  ['waiting_actions', 'account_id'],
  ['watches', 'account_id'],
] as const;

/**
 * Columns that go on naming the account that went, each with the reason.
 * @internal
 */
export const stayingColumns: Readonly<Record<string, string>> = {
  'accounts.merged_into': 'says where it went',
  'account_links.from_account': 'says who was linked with whom',
  'account_links.to_account': 'says who was linked with whom',
  'account_links.stays_account': 'says who was linked with whom',
  'audit_log.account_id': 'is never changed, and says who it was then',
  'wallets.account_id': 'its journal is never changed; it is read with that of the one that stays',
};

type Pair = { readonly staysId: string; readonly goesId: string };

/**
 * Gives every row of an account to another one. What would stand there twice has been settled before,
 * and what is sealed for its account is sealed anew by the caller.
 */
export async function moveRows(tx: Tx, { staysId, goesId }: Pair): Promise<void> {
  for (const [table, column] of movedColumns) {
    // The account may have a customer of its own at the payment service: then both are kept.
    const isKept =
      table === 'customers'
        ? sql`and not exists (select 1 from customers c where c.account_id = ${staysId})`
        : sql``;
    const name = sql.identifier(column);
    await tx.execute(
      sql`update ${sql.identifier(table)} set ${name} = ${staysId} where ${name} = ${goesId} ${isKept}`,
    );
  }
}
