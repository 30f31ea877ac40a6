import { fc } from '@fast-check/vitest';

import type { Call } from '../kit/ledger-model.ts';

/** What the machine does to one transaction of a deed. */
export type Fate =
  | { readonly how: 'well' }
  /** Everything is undone after so many statements. */
  | { readonly how: 'undone' | 'killed'; readonly after: number }
  /** The connection is ended while its last statement waits for a lock. */
  | { readonly how: 'killed_waiting' }
  /** The connection is ended while the statement runs: it may have been done or not. */
  | { readonly how: 'killed_racing' }
  /** The same calls come on two connections at once. */
  | { readonly how: 'twice_at_once' };

/** Calls that belong together, in one transaction, and what becomes of its tries before the good one. */
export type Deed = {
  readonly name: string;
  readonly calls: readonly Call[];
  readonly fates: readonly Fate[];
};

/** What can come late and more than once: numbers that the product takes its keys from. */
const number = fc.integer({ min: 1, max: 4 });
const units = fc.integer({ min: 1, max: 6 });
const person = fc.constantFrom('ann', 'bob');
const anyone = fc.constantFrom('ann', 'bob', 'club');

const call = (verb: string, wallet: string, over: Partial<Call>): Call => ({
  verb,
  wallet,
  amount: null,
  reference: '',
  key: '',
  ...over,
});

const told = (verb: string, wallet: string, reference: string, amount: number | null): Call =>
  call(verb, wallet, { amount, reference, key: `${verb}:${reference}` });

/** Units of a plan or a pack are those of its number: a notice that comes again says the same. */
const unitsOf = (value: number): number => value * 2 + 1;

type Named = Omit<Deed, 'fates'>;
const deedOf = (name: string, drawn: fc.Arbitrary<readonly Call[]>): fc.Arbitrary<Named> =>
  drawn.map((calls) => ({ name, calls }));

const videoOf = fc.tuple(anyone, number).map(([payer, id]) => ({ payer, id: `${payer} v${id}` }));
const settle = (verb: string): fc.Arbitrary<readonly Call[]> =>
  videoOf.map(({ payer, id }) => [told(verb, payer, id, null)]);

/** What people, videos and the payment service do; each key is what the product would give it. */
const deeds: fc.Arbitrary<Named> = fc.oneof(
  {
    weight: 7,
    arbitrary: deedOf(
      'a video is ordered',
      fc
        .tuple(videoOf, units, person)
        .map(([{ payer, id }, amount, asker]) => [
          { ...told('hold', payer, id, amount), asker: payer === 'club' ? asker : payer },
        ]),
    ),
  },
  { weight: 4, arbitrary: deedOf('a video arrives', settle('capture')) },
  { weight: 3, arbitrary: deedOf('a video fails', settle('release')) },
  { weight: 2, arbitrary: deedOf('a video is refunded', settle('refund')) },
  {
    weight: 3,
    arbitrary: deedOf(
      'an invoice of a month is paid',
      fc
        .tuple(person, number)
        .map(([who, month]) => [
          { ...told('renew', who, `invoice ${who} ${month}`, unitsOf(month)), month },
        ]),
    ),
  },
  {
    weight: 2,
    arbitrary: deedOf(
      'a plan is upgraded',
      fc
        .tuple(person, number)
        .map(([who, id]) => [told('grant', who, `upgrade ${who} ${id}`, unitsOf(id))]),
    ),
  },
  {
    weight: 3,
    arbitrary: deedOf(
      'a pack is paid',
      fc
        .tuple(person, number)
        .map(([who, id]) => [
          { ...told('grant', who, `pack ${who} ${id}`, unitsOf(id)), lasting: true },
        ]),
    ),
  },
  {
    weight: 2,
    arbitrary: deedOf(
      'a payment goes back',
      fc.tuple(person, number, fc.boolean()).map(([who, id, lasting]) => [
        {
          ...told('take_back', who, `${lasting ? 'pack' : 'upgrade'} ${who} ${id}`, unitsOf(id)),
          lasting,
        },
      ]),
    ),
  },
  {
    weight: 2,
    arbitrary: deedOf(
      'units expire',
      fc
        .tuple(anyone, number, units)
        .map(([who, id, amount]) => [told('expire', who, `rest ${who} ${id}`, amount)]),
    ),
  },
  {
    weight: 3,
    arbitrary: deedOf(
      'units are given',
      fc
        .tuple(anyone, anyone, number, units)
        .filter(([from, to]) => from !== to)
        .map(([from, to, id, amount]) => [
          { ...told('give', from, `gift ${from} ${id}`, amount), to },
        ]),
    ),
  },
  {
    weight: 2,
    arbitrary: deedOf(
      'a pack is paid and given to the server at once',
      fc.tuple(person, number).map(([who, id]) => [
        { ...told('grant', who, `pack ${who} ${id}`, unitsOf(id)), lasting: true },
        { ...told('give', who, `fund ${who} ${id}`, unitsOf(id)), to: 'club' },
      ]),
    ),
  },
  {
    weight: 2,
    arbitrary: deedOf(
      'a month begins and a video is ordered',
      fc.tuple(person, number, units).map(([who, id, amount]) => [
        { ...told('renew', who, `invoice ${who} ${id}`, unitsOf(id)), month: id },
        { ...told('hold', who, `${who} v${id}`, amount), asker: who },
      ]),
    ),
  },
  {
    weight: 1,
    arbitrary: deedOf(
      'a failed video is made good and ordered anew',
      fc.tuple(videoOf, number).map(([{ payer, id }, again]) => [
        told('capture', payer, id, null),
        told('refund', payer, id, null),
        {
          ...told('hold', payer, `${id} again ${again}`, 1),
          asker: payer === 'club' ? 'ann' : payer,
        },
      ]),
    ),
  },
);

const fate: fc.Arbitrary<Fate> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      how: fc.constantFrom('undone', 'killed'),
      after: fc.integer({ min: 0, max: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ how: 'killed_waiting' as const }) },
  { weight: 1, arbitrary: fc.constant({ how: 'killed_racing' as const }) },
  { weight: 3, arbitrary: fc.constant({ how: 'twice_at_once' as const }) },
);

/**
 * Deeds in the order in which they reach the ledger: numbers are few, so that the same comes twice,
 * late and out of its order; now and then a transaction meets its fate once or twice before it is well.
 */
export const sequences: fc.Arbitrary<readonly Deed[]> = fc.array(
  fc
    .tuple(
      deeds,
      fc.oneof(
        { weight: 5, arbitrary: fc.constant<readonly Fate[]>([]) },
        { weight: 1, arbitrary: fc.array(fate, { minLength: 1, maxLength: 2 }) },
      ),
    )
    .map(([deed, fates]) => ({ ...deed, fates })),
  { minLength: 12, maxLength: 40 },
);
