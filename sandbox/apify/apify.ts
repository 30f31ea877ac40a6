import type { SandboxClock } from '../clock.ts';
import { serveRoutes, type Emulator, type EmulatorAnswer, type EmulatorRequest } from '../http.ts';
import { orderOf } from './actors.ts';
import { generateItems } from './generate.ts';
import { drawImage, isPictureShown } from './image.ts';
import { createMischief, type Misbehaviour } from './mischief.ts';
import {
  fail,
  getInput,
  getItems,
  getRun,
  startRun,
  abortRun,
  listRuns,
  type Desk,
} from './desk.ts';
import { actorOf, RunBook } from './run-book.ts';
import { keyOfVideo, revisitItems } from './revisit.ts';
import { countPaidItems, type Run } from './runs.ts';

export type ApifyOptions = {
  readonly port?: number;
  readonly clock: SandboxClock;
  /** The only token that is accepted. */
  readonly token: string;
  /** How long a run takes, on the clock. */
  readonly runMs: number;
  readonly seed: number;
  /** Keeps runs and datasets over restarts. */
  readonly stateFile?: string;
  /** Served as the dataset of every run, instead of made-up items. */
  readonly replay?: readonly unknown[];
  /** The plan's limit of runs at a time; the free plan has 25. */
  readonly maxConcurrentRuns?: number;
};

export type ApifyEmulator = Emulator & {
  /** How many runs were started, whatever became of the answers. */
  readonly starts: number;
  /** The runs so far, newest first. */
  runs(): readonly Readonly<Run>[];
  /** Makes the next `times` (1) requests or runs of a sort go wrong. */
  misbehave(misbehaviour: Misbehaviour): void;
  /** Resolves when so many runs have been started since the beginning. */
  waitForStarts(count: number): Promise<void>;
  /** Resolves when so many polls of runs have arrived since the beginning. */
  waitForPolls(count: number): Promise<void>;
};

/** Starts a stand-in for api.apify.com on loopback: four actors, their runs, datasets and refusals. */
export async function startApify(options: ApifyOptions): Promise<ApifyEmulator> {
  const mischief = createMischief(options.clock);
  let url = '';
  const makeItems = (run: Run): readonly unknown[] => {
    if (options.replay) return options.replay;
    const actor = actorOf(run);
    const order = orderOf(actor, run.input);
    const how = { seed: options.seed, now: options.clock.now(), imagesUrl: `${url}/images` };
    const items =
      'addresses' in order
        ? revisitItems(order, { ...how, find: (key) => book.videos.get(key) })
        : generateItems(order, {
            ...how,
            remember: (video) => book.videos.set(keyOfVideo(video), video.origin),
          });
    return items.slice(0, countPaidItems(actor, run.maxTotalChargeUsd));
  };
  const { clock, runMs, stateFile } = options;
  const book = new RunBook({ clock, runMs, stateFile, makeItems });
  const desk: Desk = { book, mischief, maxConcurrentRuns: options.maxConcurrentRuns ?? 25 };
  const routes = [...routesOf(desk, options.token), pictureRoute(clock)];
  const server = await serveRoutes(routes, notFound, options.port);
  ({ url } = server);
  return {
    url,
    get starts() {
      return book.starts;
    },
    runs: () => book.list(),
    misbehave: (misbehaviour) => mischief.add(misbehaviour),
    waitForStarts: (count) => book.waitUntil(() => book.starts >= count),
    waitForPolls: (count) => book.waitUntil(() => book.polls >= count),
    close: async () => {
      book.close();
      await server.close();
    },
  };
}

const notFound = fail(
  404,
  'page-not-found',
  'We have bad news: there is no API endpoint at this URL.',
);

type Handler = (desk: Desk, request: EmulatorRequest) => Promise<EmulatorAnswer> | EmulatorAnswer;

function routesOf(desk: Desk, token: string): Parameters<typeof serveRoutes>[0] {
  const guarded = (method: string, path: RegExp, handle: Handler) => ({
    method,
    path,
    handle: (request: EmulatorRequest) => checkToken(request, token) ?? handle(desk, request),
  });
  return [
    guarded('POST', /^\/v2\/(?:actors|acts)\/(?<actor>[^/]+)\/runs$/u, startRun),
    guarded('GET', /^\/v2\/(?:actors|acts)\/(?<actor>[^/]+)\/runs$/u, listRuns),
    guarded('GET', /^\/v2\/actor-runs\/(?<id>[^/]+)$/u, getRun),
    guarded('POST', /^\/v2\/actor-runs\/(?<id>[^/]+)\/abort$/u, abortRun),
    guarded('GET', /^\/v2\/datasets\/(?<id>[^/]+)-data\/items$/u, getItems),
    guarded('GET', /^\/v2\/key-value-stores\/(?<id>[^/]+)-kvs\/records\/INPUT$/u, getInput),
  ];
}

/** The pictures lie on the platforms' own hosts, which know no token. */
function pictureRoute(clock: SandboxClock): Parameters<typeof serveRoutes>[0][number] {
  return {
    method: 'GET',
    path: /^\/images\/(?<name>[\w-]+)\.png$/u,
    handle: ({ params, url }) => {
      const name = params['name'] ?? '';
      if (!isPictureShown(name, url.searchParams, clock.now()))
        return { status: 403, body: 'URL signature expired' };
      return { status: 200, headers: { 'content-type': 'image/png' }, body: drawImage(name) };
    },
  };
}

function checkToken(request: EmulatorRequest, token: string): EmulatorAnswer | null {
  const given =
    /^Bearer (?<token>.+)$/iu.exec(request.header('authorization') ?? '')?.groups?.['token'] ??
    request.url.searchParams.get('token');
  if (given === null) {
    return fail(401, 'token-not-provided', 'Authentication token was not provided');
  }
  if (given === token) return null;
  return fail(
    401,
    'user-or-token-not-found',
    'User was not found or authentication token is not valid',
  );
}
