import { createServer, type Server } from 'node:http';

import type { Express, Request } from 'express';
import { z } from 'zod';

/** Where `createWebApp` leaves the address to listen on. */
export const listenHostSetting = 'listen host';

/** Where `serveWeb` leaves the signal of its closing. */
const closingSetting = 'closing';

/** Aborts when the server of this request closes: an answer that has no end of its own ends then. */
export const closingOf = ({ app }: Request): AbortSignal =>
  z.instanceof(AbortSignal).parse(app.get(closingSetting));

/** How long answers in flight are waited for when the app closes. */
const graceMs = 5000;
/** A request has to be whole by then. */
const requestLimitMs = 30_000;

export type WebServer = { readonly url: string; close(): Promise<void> };

/**
 * Serves the web app; port 0 takes a free one.
 * @throws Error naming PORT and the next step when the port cannot be used.
 */
export async function serveWeb(app: Express, port: number): Promise<WebServer> {
  const host = z.string().parse(app.get(listenHostSetting));
  const server = createServer(app);
  server.requestTimeout = requestLimitMs;
  const closing = new AbortController();
  app.set(closingSetting, closing.signal);
  await listen(server, port, host);
  const { port: taken } = z.object({ port: z.int() }).parse(server.address());
  const name = host === '0.0.0.0' ? 'localhost' : host;
  return {
    url: `http://${name}:${taken}`,
    close() {
      closing.abort();
      return close(server);
    },
  };
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

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}
