import { en, type Catalogue, type FaultWords } from './messages/en.ts';

type Writers = Catalogue['faults'];

/** Every failure a person may see; its words live in the messages catalogue. */
export type FaultCode = keyof Writers;

/** What the sentence of this code needs to be filled in. */
export type FaultParams<C extends FaultCode> = {
  [K in FaultCode]: Writers[K] extends () => FaultWords
    ? Record<never, never>
    : Parameters<Writers[K]>[0];
}[C];

export type FaultOptions = {
  /** The input field at fault, in the words of the operation's schema. */
  readonly field?: string;
  /** Whether quota was spent on this. Default: no. */
  readonly charged?: boolean;
  /** When trying again makes sense, in seconds. */
  readonly retryAfterSeconds?: number;
  /** For operators; never shown. */
  readonly cause?: unknown;
};

/**
 * A failure that a person can act on. Anything else that is thrown is a defect and becomes the
 * code `internal` with a short reference at the edge.
 */
export class Fault<C extends FaultCode = FaultCode> extends Error {
  override readonly name = 'Fault';
  readonly code: C;
  readonly params: FaultParams<C>;
  readonly field: string | undefined;
  readonly charged: boolean;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: C, params: FaultParams<C>, options: FaultOptions = {}) {
    super(faultWords(en, code, params).message, { cause: options.cause });
    this.code = code;
    this.params = params;
    this.field = options.field;
    this.charged = options.charged ?? false;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** Whether `error` is a Fault of this code (of any code, when none is named). */
export function isFault<C extends FaultCode>(error: unknown, code?: C): error is Fault<C> {
  return error instanceof Fault && (code === undefined || error.code === code);
}

/** The sentence of a code in a language. The pairing of code and parameters is checked where the Fault is made. */
export function faultWords<C extends FaultCode>(
  catalogue: Catalogue,
  code: C,
  params: FaultParams<C>,
): FaultWords {
  // One named escape hatch: TypeScript cannot follow a correlated union through the lookup.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return (catalogue.faults[code] as (params: FaultParams<C>) => FaultWords)(params);
}
