export type FunctionCall = {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
};

/** What the model answers with: words, calls, or neither when it was blocked or cut. */
export type Message = {
  /** null: the output was blocked. */
  readonly text: string | null;
  readonly calls: readonly FunctionCall[];
  readonly finishReason: 'STOP' | 'MAX_TOKENS' | 'SAFETY';
};

export const textMessage = (text: string): Message => ({ text, calls: [], finishReason: 'STOP' });
export const callMessage = (calls: readonly FunctionCall[]): Message => ({
  text: '',
  calls,
  finishReason: 'STOP',
});
