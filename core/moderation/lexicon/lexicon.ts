import { contextTerms, harmlessTerms } from './context.ts';
import { crimeTerms } from './crime.ts';
import { hateTerms } from './hate.ts';
import { sexualTerms } from './sexual.ts';
import { violenceTerms } from './violence.ts';

const offences = { ...sexualTerms, ...violenceTerms, ...hateTerms, ...crimeTerms };

/** Every class of terms. */
export const lexicon = { ...offences, ...contextTerms, ...harmlessTerms };

export type TermClass = keyof typeof lexicon;

export const isTermClass = (name: string): name is TermClass => Object.hasOwn(lexicon, name);

/** What people disguise; contexts and harmless phrases are taken as they are written. */
export const disguised: ReadonlySet<string> = new Set(Object.keys(offences));
