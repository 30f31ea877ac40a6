import { z } from 'zod';

export const eras = ['2025-11-25', '2026-07-28'] as const;
export type Era = (typeof eras)[number];

export type McpRequest = {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
};

export type McpAnswer = {
  readonly status: number;
  /** Headers and body, as they came. */
  readonly all: string;
  readonly body: string;
  readonly challenge: string;
  /** `ok`, the code of a tool's fault, or the number of a protocol error. */
  readonly code: string;
};

const named: Readonly<Record<string, 'name' | 'uri'>> = {
  'tools/call': 'name',
  'prompts/get': 'name',
  'resources/read': 'uri',
};

type Sending = { readonly era: Era; readonly token: string | null };

/** One request of a client of that era, as it goes over the wire. */
export function callMcp(
  url: string,
  { request: { method, params }, ...how }: Sending & { readonly request: McpRequest },
): Promise<McpAnswer> {
  const isModern = how.era === '2026-07-28';
  const given = isModern ? { ...params, _meta: metaOf(how.era) } : params;
  return sendMcp(url, { ...how, body: { jsonrpc: '2.0', id: 1, method, params: given } });
}

const headedSchema = z.object({
  method: z.string(),
  params: z.object({ name: z.string().optional(), uri: z.string().optional() }).optional(),
});

function headersOf({ era, token }: Sending, body: unknown): Record<string, string> {
  const { data } = headedSchema.safeParse(body);
  const name = data?.params?.[named[data.method] ?? 'uri'];
  const isModern = era === '2026-07-28' && data !== undefined;
  return {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    'mcp-protocol-version': era,
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    ...(isModern ? { 'mcp-method': data.method } : {}),
    ...(isModern && name !== undefined ? { 'mcp-name': name } : {}),
  };
}

const post = (url: string, { body, ...how }: Sending & { readonly body: unknown }) => ({
  address: new URL('/mcp', url),
  init: { method: 'POST', headers: headersOf(how, body), body: JSON.stringify(body) },
});

/** Any body, with the headers that go with it. */
export async function sendMcp(
  url: string,
  sending: Sending & { readonly body: unknown },
): Promise<McpAnswer> {
  const { address, init } = post(url, sending);
  const response = await fetch(address, init);
  const body = await response.text();
  const lines = [...response.headers].map((pair) => pair.join(': '));
  return {
    status: response.status,
    all: [...lines, '', body].join('\n'),
    body,
    challenge: response.headers.get('www-authenticate') ?? '',
    code: codeOf(body),
  };
}

/** What comes in while a client of 2026 listens for changes at these addresses. */
export async function listenMcp(url: string, token: string, resourceSubscriptions: string[]) {
  const era = '2026-07-28';
  const leaving = new AbortController();
  const params = { notifications: { resourceSubscriptions }, _meta: metaOf(era) };
  const body = { jsonrpc: '2.0', id: 1, method: 'subscriptions/listen', params };
  const { address, init } = post(url, { era, token, body });
  const response = await fetch(address, { ...init, signal: leaving.signal });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let heard = '';
  let tell = (): void => undefined;
  const reading = (async () => {
    for (;;) {
      const piece = await reader?.read();
      if (!piece || piece.done) return;
      heard += piece.value;
      tell();
    }
  })().catch(() => undefined);
  return {
    text: () => heard,
    /** Waits until what was heard fits. */
    until: (fits: (text: string) => boolean) =>
      new Promise<void>((resolve) => {
        tell = () => void (fits(heard) && resolve());
        tell();
      }),
    /** Everything that was heard. */
    async close() {
      leaving.abort();
      await reading;
      return heard;
    },
  };
}

const metaOf = (era: Era) => ({
  'io.modelcontextprotocol/protocolVersion': era,
  'io.modelcontextprotocol/clientInfo': { name: 'matrix', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': {},
});

const messageSchema = z.union([
  z.object({ error: z.object({ code: z.int() }) }),
  z.object({
    result: z.looseObject({
      isError: z.boolean().optional(),
      content: z.array(z.looseObject({ text: z.string().optional() })).optional(),
    }),
  }),
]);
const faultSchema = z.object({ error: z.looseObject({ code: z.string() }) });

function codeOf(body: string): string {
  // An answer may come as the one event of a stream.
  const text = /^data: (?<data>\{.*)$/mu.exec(body)?.groups?.['data'] ?? body;
  const message = messageSchema.safeParse(parseJson(text));
  if (!message.success) return 'unreadable';
  if ('error' in message.data) return String(message.data.error.code);
  const { isError = false, content = [] } = message.data.result;
  return isError ? faultSchema.parse(parseJson(content.at(-1)?.text ?? '')).error.code : 'ok';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
