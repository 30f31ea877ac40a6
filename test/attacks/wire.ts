import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';

export type Asking = {
  readonly method?: string;
  /** As it stands in the first line; otherwise that of the address. */
  readonly path?: string;
  /** One that is given twice has two values; `host` replaces that of the address. */
  readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body?: string | Buffer;
};

export type Reply = {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
};

/** One request on a connection of its own: `fetch` would tidy up its path and its headers. */
export async function ask(url: string | URL, asking: Asking = {}): Promise<Reply> {
  const { hostname, port, host, pathname, search } = new URL(url);
  const { method = 'GET', path = `${pathname}${search}`, headers = {}, body } = asking;
  const lines = Object.entries({ host, ...headers }).flatMap(([name, value]) =>
    [value ?? []].flat().flatMap((one) => [name, one]),
  );
  if (body !== undefined) lines.push('content-length', String(Buffer.byteLength(body)));
  const outgoing = request({ hostname, port, path, method, headers: lines, agent: false });
  outgoing.end(body);
  const [incoming]: IncomingMessage[] = await once(outgoing, 'response');
  if (!incoming) throw new Error('no answer came');
  let text = '';
  for await (const part of incoming.setEncoding('utf8')) text += String(part);
  return { status: incoming.statusCode ?? 0, headers: incoming.headers, text };
}

/** The same for a form, as a page sends it. */
export const submit = (
  url: string | URL,
  fields: Readonly<Record<string, string>>,
  headers: Asking['headers'] = {},
): Promise<Reply> =>
  ask(url, {
    method: 'POST',
    body: new URLSearchParams(fields).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  });

/** Everything of an answer in which something could stand. */
export const wholeOf = ({ headers, text }: Reply): string => `${JSON.stringify(headers)}\n${text}`;
