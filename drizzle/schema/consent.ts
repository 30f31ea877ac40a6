import { bigserial, index, pgTable, text } from 'drizzle-orm/pg-core';

import { json, moment } from './columns.ts';
import { accounts } from './people.ts';

export const approvals = pgTable(
  'approvals',
  {
    id: text('id').primaryKey(),
    accountId: text('account_id')
      .notNull()
      .references(() => accounts.id),
    /** The account whose person may decide. */
    approverId: text('approver_id')
      .notNull()
      .references(() => accounts.id),
    operation: text('operation').notNull(),
    /** SHA-256 over account, operation, canonical input and the price that was shown. */
    inputHash: text('input_hash').notNull(),
    input: json<Record<string, unknown>>('input').notNull(),
    preview: json<unknown>('preview').notNull(),
    /** The surface that asked; another one may decide. */
    surface: text('surface').notNull(),
    status: text('status', { enum: ['pending', 'approved', 'declined', 'used'] }).notNull(),
    /** Values of the fields that only a person may decide. */
    choices: json<Record<string, unknown>>('choices').notNull(),
    createdAt: moment('created_at').notNull(),
    expiresAt: moment('expires_at').notNull(),
    decidedAt: moment('decided_at'),
    decidedOn: text('decided_on'),
    usedAt: moment('used_at'),
  },
  (table) => [index('approvals_by_hash').on(table.accountId, table.inputHash)],
);

/** One row per attempt at anything but reading; never changed. */
export const auditLog = pgTable(
  'audit_log',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    at: moment('at').notNull(),
    accountId: text('account_id').notNull(),
    surface: text('surface').notNull(),
    operation: text('operation').notNull(),
    effect: text('effect').notNull(),
    inputHash: text('input_hash').notNull(),
    approvalId: text('approval_id'),
    /** `ok`, or the code of the fault. */
    outcome: text('outcome').notNull(),
    /** Set for defects: the short reference that the person was told. */
    reference: text('reference'),
  },
  (table) => [index('audit_by_account').on(table.accountId, table.at)],
);
