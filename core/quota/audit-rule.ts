/**
 * A rule of the books: a statement that answers each row that breaks it, as `id` and `detail`. It may
 * read the moment of the audit from `audit.now`.
 */
export type AuditRule = { readonly name: string; readonly breaches: string };
