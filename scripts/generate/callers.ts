import type { AnyOperation } from '../../core/operation.ts';

/** Who calls an operation, in words. */
export const callers: Readonly<Record<AnyOperation['audience'], string>> = {
  everyone: 'people and models',
  chat: "people and Jilo's own agent",
  people: 'people',
};
