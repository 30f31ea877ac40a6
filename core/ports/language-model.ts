import type { z } from 'zod';

/** One question to the language model that must be answered in a given shape. */
export type ModelRequest<T> = {
  /** What the model is to do; ours, trusted. */
  readonly instructions: string;
  /** The material: anything from outside inside it is already wrapped by `untrusted`. */
  readonly prompt: string;
  /** The shape of the answer; limits that JSON Schema cannot carry to the provider are checked after parsing. */
  readonly schema: z.ZodType<T>;
  readonly maxOutputTokens: number;
  /** A video that the model watches from its start, one picture a second. */
  readonly video?: {
    /** `https://www.youtube.com/watch?v=` and the 11 characters of a public video; nothing else. */
    readonly url: string;
    /** Whole seconds of it. */
    readonly seconds: number;
  };
};

/** Writes texts and judgements. Sandbox and live are the same Gemini client. */
export interface LanguageModel {
  /**
   * The parsed answer. An answer that does not fit the schema is asked for once more with the problem named.
   * @throws Fault `content_refused` (safety block), `provider_busy` (429 or overload, with
   * retryAfterSeconds), `provider_locked` (bad key, or a video that is not public), `provider_failed`
   * (no usable answer twice, or a request that is not taken).
   */
  generate<T>(request: ModelRequest<T>, signal: AbortSignal): Promise<T>;
}
