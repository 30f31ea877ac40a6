import { once } from 'node:events';
import { createServer } from 'node:http';

import { Client, InMemoryTransport } from '@modelcontextprotocol/client';
import type { CallToolResult } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import type { Browser, FrameLocator, Page } from 'playwright-core';
import { z } from 'zod';

import { buildServer } from '../../mcp-server/server.ts';
import type { Service } from '../../mcp-server/service.ts';
import { appCapabilities } from '../../mcp-server/ui/apps.ts';

/** A client program that shows apps, connected to this service. */
export async function connectAppClient(service: Service) {
  const [ours, theirs] = InMemoryTransport.createLinkedPair();
  const connection = serveStdio(({ era }) => buildServer(service, { era, notifies: false }), {
    transport: ours,
  });
  const client = new Client(
    { name: 'apps', version: '1' },
    { capabilities: appCapabilities, versionNegotiation: { mode: 'auto' } },
  );
  await client.connect(theirs);
  return {
    client,
    async close() {
      await client.close();
      await connection.close();
    },
  };
}

/** A call of a tool, whose answer the app is shown. */
export type AppCall = { readonly name: string; readonly input: Record<string, unknown> };

export type AppOptions = {
  readonly width: number;
  readonly theme?: 'light' | 'dark';
  readonly locale?: string;
  /** What the host offers; everything by default. */
  readonly capabilities?: object;
  /** Changes an answer on its way to the app. */
  readonly spoil?: (answer: CallToolResult) => CallToolResult;
};

const messageSchema = z.looseObject({
  id: z.union([z.number(), z.string()]).optional(),
  method: z.string().optional(),
  params: z.record(z.string(), z.unknown()).optional(),
  result: z.unknown().optional(),
  error: z.unknown().optional(),
});
type Message = z.infer<typeof messageSchema>;

const callSchema = z.object({
  name: z.string(),
  arguments: z.record(z.string(), z.unknown()).default({}),
});

/** An app in a browser, within a page that plays the host. */
export type ShownApp = {
  readonly page: Page;
  readonly app: FrameLocator;
  /** Every message of the app, in its order. */
  readonly said: Message[];
  /** What the browser refused or complained of. */
  readonly troubles: string[];
  /** Addresses other than the web app's that something wanted to load. */
  readonly outside: string[];
  calls(): AppCall[];
  /** Sends the app a message as the host. */
  tell(message: Message): Promise<void>;
  close(): Promise<void>;
};

const everything = {
  openLinks: {},
  serverTools: {},
  updateModelContext: { text: {} },
  message: { text: {} },
};

/** A page that comes from loopback may show what lies there; one that the test makes up may not. */
async function serveHost(html: string, policy: string) {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.setHeader('content-security-policy', policy);
    response.end(html);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return {
    url: `http://127.0.0.1:${port}/host`,
    close: async () => void (await new Promise((resolve) => server.close(resolve))),
  };
}

/** The frame may run scripts and nothing else, and every message goes through the test. */
const hostPage = (
  html: string,
): string => `<!doctype html><html><head><meta charset="utf-8"><title>Host</title>
<style>body { margin: 0 } iframe { display: block; width: 100%; height: 300px; border: 0 }</style></head>
<body><iframe sandbox="allow-scripts" title="App" srcdoc="${html.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"></iframe>
<script>
const frame = document.querySelector('iframe');
window.tell = (message) => frame.contentWindow.postMessage({ jsonrpc: '2.0', ...message }, '*');
addEventListener('message', async (event) => {
  if (event.source !== frame.contentWindow) return;
  if (event.data.method === 'ui/notifications/size-changed') frame.style.height = event.data.params.height + 'px';
  for (const message of await window.hear(event.data)) window.tell(message);
});
</script></body></html>`;

/** As hosts write it from what the server declares about its document. */
function policyOf(declared: unknown): string {
  const schema = z.object({
    ui: z.object({
      csp: z.object({
        connectDomains: z.array(z.string()).max(0),
        resourceDomains: z.array(z.string()),
      }),
    }),
  });
  const places = schema.parse(declared).ui.csp.resourceDomains.join(' ');
  return [
    "default-src 'none'",
    `script-src 'self' 'unsafe-inline' ${places}`,
    `style-src 'self' 'unsafe-inline' ${places}`,
    `img-src 'self' data: ${places}`,
    `media-src 'self' data: ${places}`,
    "connect-src 'none'",
    'frame-src *',
  ].join('; ');
}

const contentSchema = z.object({ text: z.string(), _meta: z.unknown() });
const uiSchema = z.object({ _meta: z.object({ ui: z.object({ resourceUri: z.string() }) }) });

/** Calls a tool as a model would and shows its answer in the document that the tool names. */
export async function showApp(
  browser: Browser,
  client: Client,
  call: AppCall,
  options: AppOptions,
): Promise<ShownApp> {
  const { tools } = await client.listTools();
  const { _meta: toolMeta } = uiSchema.parse(tools.find(({ name }) => name === call.name));
  const { contents } = await client.readResource({ uri: toolMeta.ui.resourceUri });
  const { text, _meta: declared } = contentSchema.parse(contents[0]);
  const profile = await browser.newContext({
    viewport: { width: options.width, height: 844 },
    // The host's word has to win over the browser's.
    colorScheme: options.theme === 'dark' ? 'light' : 'dark',
    ...(options.theme ? {} : { colorScheme: 'light' as const }),
  });
  profile.setDefaultTimeout(20_000);
  const page = await profile.newPage();
  const said: Message[] = [];
  const troubles: string[] = [];
  const outside: string[] = [];
  page.on('console', (line) => void (line.type() === 'error' && troubles.push(line.text())));
  page.on('pageerror', (error) => troubles.push(error.message));
  const server = await serveHost(hostPage(text), policyOf(declared));
  await page.route('**/*', async (route) => {
    const url = route.request().url();
    const isOurs = /^http:\/\/127\.0\.0\.1:\d+\/media\//.test(url);
    if (isOurs || url === server.url) return route.continue();
    outside.push(url);
    return route.abort();
  });
  const hear = (data: unknown) => {
    const message = messageSchema.parse(data);
    said.push(message);
    return answer(message, { client, call, options });
  };
  await page.exposeFunction('hear', hear);
  await page.goto(server.url);
  return {
    page,
    app: page.frameLocator('iframe'),
    said,
    troubles,
    outside,
    calls: () =>
      said
        .filter(({ method }) => method === 'tools/call')
        .map(({ params }) => {
          const { name, arguments: input } = callSchema.parse(params);
          return { name, input };
        }),
    tell: async (message) => {
      await page.evaluate(`window.tell(${JSON.stringify(message)})`);
    },
    async close() {
      await profile.close();
      await server.close();
    },
  };
}

type Hearing = {
  readonly client: Client;
  readonly call: AppCall;
  readonly options: AppOptions;
};

/** What the host says to a message of the app. */
async function answer(
  { id, method, params }: Message,
  { client, call, options }: Hearing,
): Promise<Message[]> {
  const { spoil = (result) => result } = options;
  const perform = async ({ name, input }: AppCall) =>
    spoil(await client.callTool({ name, arguments: input }));
  if (method === 'ui/initialize') {
    const result = {
      protocolVersion: '2026-01-26',
      hostInfo: { name: 'test', version: '1' },
      hostCapabilities: options.capabilities ?? everything,
      hostContext: {
        ...(options.theme ? { theme: options.theme } : {}),
        locale: options.locale ?? 'en-US',
      },
    };
    return [{ id, result }];
  }
  if (method === 'ui/notifications/initialized')
    return [
      { method: 'ui/notifications/tool-input', params: { arguments: call.input } },
      { method: 'ui/notifications/tool-result', params: { ...(await perform(call)) } },
    ];
  if (method === 'tools/call') {
    const { name, arguments: input } = callSchema.parse(params);
    return [{ id, result: await perform({ name, input }) }];
  }
  return id !== undefined && method !== undefined ? [{ id, result: {} }] : [];
}
