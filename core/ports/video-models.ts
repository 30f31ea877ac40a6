import { z } from 'zod';

/** Who makes clips. */
export const videoProviders = ['fal', 'runway'] as const;
export type VideoProvider = (typeof videoProviders)[number];

/** What each is called where a person reads it. */
export const providerNames: Readonly<Record<VideoProvider, string>> = {
  fal: 'fal',
  runway: 'Runway',
};

/** One clip to be made by a provider. */
export type ShotRequest = {
  readonly provider: VideoProvider;
  /** The provider's endpoint id, from the model catalogue. */
  readonly endpoint: string;
  /** The body, in the endpoint's own field names and types, from the model catalogue. */
  readonly input: Readonly<Record<string, z.core.util.JSONType>>;
  /** Where a provider that calls back reports the outcome; carries our attempt id and its HMAC. */
  readonly webhookUrl: string;
};

/** The addresses under which the provider keeps an accepted request. */
export const submittedShotSchema = z.object({
  provider: z.enum(videoProviders),
  requestId: z.string().min(1),
  statusUrl: z.string(),
  responseUrl: z.string(),
  cancelUrl: z.string(),
});
export type SubmittedShot = z.infer<typeof submittedShotSchema>;

/** How a clip ended; `refused` is the provider's content policy. */
export const shotOutcomeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('delivered'), url: z.string() }),
  z.object({ kind: z.literal('refused') }),
  /** It ended because we asked for that. */
  z.object({ kind: z.literal('cancelled') }),
  /** `retryable`: the same input may succeed on another try. `detail` is for the log only. */
  z.object({ kind: z.literal('failed'), retryable: z.boolean(), detail: z.string() }),
]);
export type ShotOutcome = z.infer<typeof shotOutcomeSchema>;

/** What a verified callback says. */
export type ShotCallback = { readonly requestId: string; readonly outcome: ShotOutcome };

/**
 * Nobody knows whether the provider took the request: the connection broke or a gateway answered.
 * It is never sent again; the callback or the deadline decides.
 */
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown';
}

/**
 * Makes clips and spoken lines. Sandbox and live are the same clients.
 * Every call throws Fault `service_missing` for a provider that is not set up.
 */
export interface VideoModels {
  /** Those that are set up. */
  readonly providers: readonly VideoProvider[];
  /**
   * Sends the request exactly once on the wire.
   * @throws OutcomeUnknown (broken connection, 5xx); Fault `provider_busy` (429, or no connection at all:
   * certainly not taken),
   * `content_refused` (422 content policy), `provider_failed` (any other 4xx), `provider_locked` (401, 403).
   */
  submit(request: ShotRequest, signal: AbortSignal): Promise<SubmittedShot>;
  /** Reads an outcome without waiting; null while it is queued or running. */
  fetchOutcome(shot: SubmittedShot, signal: AbortSignal): Promise<ShotOutcome | null>;
  /** Asks for a stop. `too_late`: it is already completed. `unknown`: the provider does not know it. */
  cancel(shot: SubmittedShot, signal: AbortSignal): Promise<'requested' | 'too_late' | 'unknown'>;
  /**
   * Verifies the signature over the raw bytes and reads the callback of fal, the only provider that calls back;
   * null when it is forged, stale or from the future.
   * `header` looks a header up by its lower-case name.
   */
  readCallback(
    body: Buffer,
    header: (name: string) => string | undefined,
    now: Date,
  ): Promise<ShotCallback | null>;
  /** Streams what was delivered; only the provider's own hosts over https (loopback in the sandbox), size-capped. */
  download(
    url: string,
    provider: VideoProvider,
    signal: AbortSignal,
  ): Promise<ReadableStream<Uint8Array>>;
}
