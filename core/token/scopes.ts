import type { Effect } from '../operation.ts';

/** What a token may be allowed to do, the least first. */
export const scopes = ['read', 'write', 'spend', 'publish'] as const;
export type Scope = (typeof scopes)[number];

export const isScope = (name: string): name is Scope => scopes.some((one) => one === name);

const needed: Readonly<Record<Effect, Scope>> = {
  read: 'read',
  write: 'write',
  destroy: 'write',
  spend: 'spend',
  publish: 'publish',
};

/** The scope that a token needs for an operation of this effect; consent is asked for besides. */
export const scopeFor = (effect: Effect): Scope => needed[effect];
