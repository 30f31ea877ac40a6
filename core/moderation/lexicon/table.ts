/**
 * Terms by class. English: separated by commas; `*` at an end stands for any letters. Chinese:
 * separated by spaces.
 */
export type TermTable = Readonly<Record<string, { readonly en: string; readonly zh: string }>>;
