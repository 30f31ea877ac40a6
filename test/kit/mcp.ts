import {
  Client as NewClient,
  InMemoryTransport,
  StreamableHTTPClientTransport as NewHttpTransport,
  type Progress,
} from '@modelcontextprotocol/client';
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as OldHttpTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import {
  CallToolResultSchema,
  ElicitRequestSchema,
  type CallToolResult,
  type ElicitResult,
} from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';

import type { Service } from '../../mcp-server/service.ts';
import { connectService } from '../../mcp-server/stdio-connection.ts';

export type Era = '2025' | '2026';
export type Way = 'form' | 'url' | 'none';
export type Question = z.infer<typeof questionSchema>;

/** What both eras have in common: in 2026 a page has no name. */
const questionSchema = z.looseObject({
  mode: z.enum(['form', 'url']),
  message: z.string(),
  url: z.string().optional(),
});

/** A client program and the person before it. */
export type ClientOptions = {
  readonly era: Era;
  /** How it can ask its person; `none` by default. */
  readonly way?: Way;
  readonly person?: (question: Question) => ElicitResult | Promise<ElicitResult>;
};

export type CallOptions = {
  readonly signal?: AbortSignal;
  readonly onprogress?: (progress: Progress) => void;
};

export type McpAnswer = CallToolResult & {
  readonly texts: readonly string[];
  /** The failure as JSON, where it is one. */
  readonly error: z.infer<typeof errorSchema>['error'] | undefined;
};

/** One of the real clients, by what both have in common. */
export type McpClient = {
  readonly era: Era;
  readonly client: OldClient | NewClient;
  /** What its person was asked. */
  readonly questions: readonly Question[];
  call(name: string, input: Record<string, unknown>, options?: CallOptions): Promise<McpAnswer>;
  close(): Promise<void>;
};

const errorSchema = z.looseObject({
  error: z.looseObject({
    code: z.string(),
    approval: z.string().optional(),
    link: z.string().optional(),
  }),
});

const capabilitiesOf = { none: {}, form: { elicitation: {} }, url: { elicitation: { url: {} } } };

/** A client that is not connected yet, and what it will have been asked. */
function createClient({ era, way = 'none', person }: ClientOptions) {
  const capabilities = capabilitiesOf[way];
  const questions: Question[] = [];
  const ask = async ({ params }: { readonly params?: unknown }) => {
    const question = questionSchema.parse(params);
    questions.push(question);
    if (!person) throw new Error('nobody is there');
    return person(question);
  };
  const info = { name: 'test', version: '1' };
  if (era === '2025') {
    const client = new OldClient(info, { capabilities });
    if (way !== 'none') client.setRequestHandler(ElicitRequestSchema, ask);
    return { era, client, questions } as const;
  }
  const client = new NewClient(info, { capabilities, versionNegotiation: { mode: 'auto' } });
  if (way !== 'none') client.setRequestHandler('elicitation/create', ask);
  return { era, client, questions } as const;
}

type Created = ReturnType<typeof createClient>;

/** The connected client as tests use it. */
function useClient({ era, client, questions }: Created, close: () => Promise<void>): McpClient {
  return {
    era,
    client,
    questions,
    async call(name, input, options = {}) {
      const params = { name, arguments: input };
      const result = CallToolResultSchema.parse(
        client instanceof OldClient
          ? await client.callTool(params, undefined, options)
          : await client.callTool(params, options),
      );
      const texts = result.content.map((block) => (block.type === 'text' ? block.text : ''));
      return { ...result, texts, error: errorOf(texts.at(-1)) };
    },
    close,
  };
}

function errorOf(text: string | undefined) {
  return text?.startsWith('{"error"') ? errorSchema.parse(JSON.parse(text)).error : undefined;
}

/** A client of this service as over standard input and output, within this process. */
export async function connectInMemory(
  service: Service,
  options: ClientOptions,
): Promise<McpClient> {
  const [ours, theirs] = InMemoryTransport.createLinkedPair();
  const connection = connectService(service, ours);
  const created = createClient(options);
  await created.client.connect(theirs);
  return useClient(created, async () => {
    await created.client.close();
    await connection.close();
  });
}

export type HttpOptions = ClientOptions & {
  /** Address of the web app. */
  readonly url: string;
  readonly token: string;
  readonly fetch?: typeof fetch;
};

/** A client of a web app's `/mcp`. */
export async function connectByHttp({ url, token, ...options }: HttpOptions): Promise<McpClient> {
  const created = createClient(options);
  const address = new URL('/mcp', url);
  const http = {
    requestInit: { headers: { Authorization: `Bearer ${token}` } },
    ...(options.fetch ? { fetch: options.fetch } : {}),
  };
  await (created.era === '2025'
    ? created.client.connect(new OldHttpTransport(address, http))
    : created.client.connect(new NewHttpTransport(address, http)));
  return useClient(created, () => created.client.close());
}
