/** A requirement that neither a test nor a reason speaks for yet, and what its test will hold. */
export type Pending = { readonly id: string; readonly test: string };

/** Empty when the page is whole. */
export const pending: readonly Pending[] = [];
