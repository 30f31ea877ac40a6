import { createServer, type Server, type ServerResponse } from 'node:http';

import type { Express, Request } from 'express';
import { z } from 'zod';

/** Where `createWebApp` leaves the address to listen on. */
export const listenHostSetting = 'listen host';

/** Where `serveWeb` leaves the signal of its closing. */
const closingSetting = 'closing';

/** Aborts when the server of this request closes: an answer that has no end of its own ends then. */
export const closingOf = ({ app }: Request): AbortSignal =>
  z.instanceof(AbortSignal).parse(app.get(closingSetting));

/** How long a server waits for what; in milliseconds. */
export type ServeLimits = {
  /** The head of a request has to be whole by then. */
  readonly headersMs: number;
  /** A request has to be whole by then. */
  readonly requestMs: number;
  /** A connection may be idle for so long; proxies keep theirs for a minute. */
  readonly keepAliveMs: number;
  /** So often connections are held against these limits. */
  readonly checkMs: number;
  /** When the server closes, answers that have no end of their own are ended after so long. */
  readonly politeMs: number;
  /** And so long after that whatever is not over is cut off. */
  readonly cutMs: number;
};

const usualLimits: ServeLimits = {
  headersMs: 10_000,
  requestMs: 30_000,
  keepAliveMs: 65_000,
  checkMs: 1000,
  politeMs: 3000,
  cutMs: 2000,
};

export type WebServer = { readonly url: string; close(): Promise<void> };

/**
 * Serves the web app; port 0 takes a free one.
 * @throws Error naming PORT and the next step when the port cannot be used.
 */
export async function serveWeb(
  app: Express,
  port: number,
  limits: ServeLimits = usualLimits,
): Promise<WebServer> {
  const host = z.string().parse(app.get(listenHostSetting));
  const server = createServer(
    {
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      keepAliveTimeout: limits.keepAliveMs,
      connectionsCheckingInterval: limits.checkMs,
    },
    app,
  );
  const closing = new AbortController();
  app.set(closingSetting, closing.signal);
  const answers = trackAnswers(server);
  await listen(server, port, host);
  const { port: taken } = z.object({ port: z.int() }).parse(server.address());
  const name = host === '0.0.0.0' ? 'localhost' : host;
  return {
    url: `http://${name}:${taken}`,
    close() {
      closing.abort();
      return close(server, answers, limits);
    },
  };
}

/** The answers that are not over. */
function trackAnswers(server: Server): ReadonlySet<ServerResponse> {
  const answers = new Set<ServerResponse>();
  server.on('request', (_request, response) => {
    answers.add(response);
    response.once('close', () => {
      answers.delete(response);
      // Its connection is idle now, and a server that closes waits for it otherwise.
      if (!server.listening) server.closeIdleConnections();
    });
  });
  return answers;
}

const advice: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is taken: stop what listens there, or set PORT to a free one such as PORT=8788',
  EACCES: 'may not be used by this user: set PORT to one above 1023 such as PORT=8787',
};

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const next = 'code' in error ? advice[String(error.code)] : undefined;
      reject(next ? new Error(`Port ${port} ${next}.`, { cause: error }) : error);
    });
    server.listen(port, host, resolve);
  });
}

/** Takes no connection any more, lets what is under way finish, and ends what does not end by itself. */
function close(
  server: Server,
  answers: ReadonlySet<ServerResponse>,
  { politeMs, cutMs }: ServeLimits,
): Promise<void> {
  return new Promise((resolve) => {
    const polite = setTimeout(() => endStreams(answers), politeMs);
    const cut = setTimeout(() => server.closeAllConnections(), politeMs + cutMs);
    server.close(() => {
      clearTimeout(polite);
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
    for (const answer of answers) if (!answer.headersSent) answer.setHeader('Connection', 'close');
  });
}

/** A reader of events that is ended, and not cut off, knows that it may come back. */
function endStreams(answers: ReadonlySet<ServerResponse>): void {
  for (const answer of answers)
    if (String(answer.getHeader('content-type')).startsWith('text/event-stream')) answer.end();
}
