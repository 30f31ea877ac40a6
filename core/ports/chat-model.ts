import type { LanguageModelV4 } from '@ai-sdk/provider';

import type { Fault } from '../fault.ts';

/** A model that talks and calls tools. The AI SDK's own interface is the port: the agent runs its loop on it. */
export interface ChatModel {
  /** The model; its SDK is loaded at the first call. */
  open(): Promise<LanguageModelV4>;
  /** The Fault for what a call threw (`provider_busy`, `provider_locked`, `content_refused`, `provider_failed`); null for anything else. */
  toFault(error: unknown): Fault | null;
}
