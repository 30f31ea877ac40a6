import { z } from 'zod';

/** A request as bytes on the wire: for what no real client sends. */
export type RawRequest = {
  readonly token?: string | undefined;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it is when it is a text, else as JSON. */
  readonly body?: unknown;
};

/** Sends to the `/mcp` of a web app; `query` with its question mark. */
export function postRaw(url: string, request: RawRequest, query = ''): Promise<Response> {
  const { token, method = 'POST', headers, body } = request;
  return fetch(`${url}/mcp${query}`, {
    method,
    headers: {
      Accept: 'application/json, text/event-stream',
      'Content-Type': 'application/json',
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
}

type Params = Readonly<Record<string, unknown>>;
type Elicitation = Readonly<Record<string, object>>;

/** A request of 2026, which carries all that it needs. */
export function modern(
  method: string,
  params: Params,
  elicitation: Elicitation | null = null,
): Pick<RawRequest, 'headers' | 'body'> {
  const { name, uri } = params;
  const target = name ?? uri;
  return {
    headers: {
      'MCP-Protocol-Version': '2026-07-28',
      'Mcp-Method': method,
      ...(typeof target === 'string' ? { 'Mcp-Name': target } : {}),
    },
    body: {
      ...legacy(method, {
        ...params,
        _meta: {
          'io.modelcontextprotocol/protocolVersion': '2026-07-28',
          'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '1' },
          'io.modelcontextprotocol/clientCapabilities': elicitation ? { elicitation } : {},
        },
      }),
    },
  };
}

/** The message of a request of 2025. */
export const legacy = (method: string, params: Params, id: number | string = 1) => ({
  jsonrpc: '2.0',
  id,
  method,
  params,
});

const messageSchema = z.looseObject({
  result: z
    .looseObject({
      isError: z.boolean().optional(),
      resultType: z.string().optional(),
      requestState: z.string().optional(),
      content: z.array(z.looseObject({ text: z.string().optional() })).optional(),
    })
    .optional(),
  error: z.looseObject({ code: z.number() }).optional(),
});

/** The last message of an answer, whether it came as JSON or as events. */
export async function messageOf(response: Response): Promise<z.infer<typeof messageSchema>> {
  const text = await response.text();
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream');
  const lines = text.split('\n').filter((line) => line.startsWith('data: {'));
  return messageSchema.parse(JSON.parse(isStream ? (lines.at(-1)?.slice(6) ?? '') : text));
}

/** The code of a call that failed as calls do. */
export async function codeOf(response: Response): Promise<string | undefined> {
  const { result } = await messageOf(response);
  return /"code":"(\w+)"/.exec(result?.content?.at(-1)?.text ?? '')?.[1];
}
