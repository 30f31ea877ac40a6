import { houseTraces } from './traces-house.ts';
import { peopleTraces } from './traces-people.ts';
import { signInTraces } from './traces-sign-in.ts';
import { webTraces } from './traces-web.ts';

/** Which tests prove a requirement: their titles, after those of the groups around them, by file. */
export type Proof = Readonly<Record<string, readonly string[]>>;

/** By the id of the requirement. */
export type Traces = Readonly<Record<string, Proof>>;

/** Every requirement that is proven by tests; `test/gate/security.test.ts` holds the titles against the files. */
export const traces: Traces = { ...webTraces, ...peopleTraces, ...signInTraces, ...houseTraces };
