import type {
  CallToolRequestParams,
  CallToolResult,
  ClientCapabilities,
  CompleteRequestParams,
  CompleteResult,
  GetPromptRequestParams,
  GetPromptResult,
  Implementation,
  InputRequiredResult,
  ListPromptsResult,
  ListResourcesResult,
  ListResourceTemplatesResult,
  ListToolsResult,
  Progress,
  ReadResourceResult,
} from '@modelcontextprotocol/server';

/** One request of a client, in whatever era and over whatever transport. */
export type Call = {
  /** Aborts when the client cancels or goes away. */
  readonly signal: AbortSignal;
  readonly client: ClientCapabilities;
  /** What the client's person answered to an earlier `input_required` result; not checked yet. */
  readonly answers: Readonly<Record<string, unknown>> | null;
  /** What that result gave it to bring back; not checked yet. */
  readonly state: string | null;
  /** Tells the client how far the call is; absent when it did not ask. */
  readonly onProgress?: (progress: Progress) => void;
};

/** Calls back for every resource of this client that changes, until the answer is called. */
export type Watch = (onChange: (uri: string) => void) => Promise<() => Promise<void>>;

/**
 * What a server does, without how it is spoken to. A method that is absent is not offered; one that
 * throws anything but a ProtocolError answers with an internal error that says no more.
 */
export type Service = {
  readonly info: Implementation;
  readonly instructions?: string;
  listTools(call: Call): Promise<ListToolsResult>;
  callTool(
    params: CallToolRequestParams,
    call: Call,
  ): Promise<CallToolResult | InputRequiredResult>;
  readonly resources?: {
    list(cursor: string | undefined, call: Call): Promise<ListResourcesResult>;
    templates(call: Call): Promise<ListResourceTemplatesResult>;
    /** null when there is no such resource for this client. */
    read(uri: string, call: Call): Promise<ReadResourceResult | null>;
    readonly watch?: Watch;
  };
  readonly prompts?: {
    list(call: Call): Promise<ListPromptsResult>;
    /** null when there is no such prompt. */
    get(params: GetPromptRequestParams, call: Call): Promise<GetPromptResult | null>;
  };
  readonly complete?: (params: CompleteRequestParams, call: Call) => Promise<CompleteResult>;
  /** Is told what broke: the client is not. */
  readonly onDefect?: (error: unknown) => void;
};
