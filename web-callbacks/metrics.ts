import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';

import { Router, type Request, type RequestHandler } from 'express';
import { z } from 'zod';

import type { Services } from '../core/context.ts';
import { equalInConstantTime } from '../core/crypto.ts';
import type { JobCounts, QueueState } from '../core/health.ts';
import { callOutcomes, providers } from '../core/provider-calls.ts';
import manifest from '../package.json' with { type: 'json' };
import {
  createCounter,
  createHistogram,
  expositionType,
  writeExposition,
  type Metric,
} from './exposition.ts';
import { noteRefusal } from './refusals.ts';

/** A queue that takes longer than this is shown as one that does not answer. */
const answerLimitMs = 2000;
const durationBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** What is counted of requests, and the page that shows it with the rest. */
export type Metrics = { readonly measure: RequestHandler; readonly routes: Router };

/**
 * `GET /metrics`: numbers about this process and its queue for Prometheus, without anything about
 * people, money or content. Only for this machine itself and for a bearer of METRICS_TOKEN; for everybody
 * else there is no such page.
 */
export function createMetrics(services: Services): Metrics {
  const { clock } = services;
  const requests = createCounter({
    name: 'jilo_http_requests_total',
    help: 'Requests that were answered, or left by whoever asked.',
  });
  const durations = createHistogram(
    {
      name: 'jilo_http_request_duration_seconds',
      help: 'From the head of a request to the end of its answer.',
    },
    durationBounds,
  );
  const readLag = createLagReader();
  const routes = Router();
  routes.get('/metrics', async (request, response, next) => {
    if (!mayRead(services, request)) {
      // It is as if there were no such page, but a token that was tried is told to the log.
      if (request.get('authorization') !== undefined)
        noteRefusal(services, request, { response, status: 404, code: 'metrics' });
      return next();
    }
    const metrics = [
      requests.read(),
      durations.read(),
      ...queueMetrics(await readQueue(services)),
      ...providerMetrics(services),
      ...processMetrics(),
      ...readLag(),
    ];
    response.set({ 'Content-Type': expositionType, 'Cache-Control': 'no-store' });
    return response.send(writeExposition(metrics));
  });
  return {
    routes,
    measure: (request, response, next) => {
      const begun = clock.now().getTime();
      response.once('close', () => {
        const method = methods.has(request.method) ? request.method : 'other';
        const route = routeOf(request);
        const status = response.writableFinished ? String(response.statusCode) : 'left';
        requests.add({ method, route, status });
        durations.observe({ method, route }, (clock.now().getTime() - begun) / 1000);
      });
      next();
    },
  };
}

const routed = z.object({ route: z.object({ path: z.string() }) });

/** The route as it is registered: an address itself holds ids and secrets. */
const routeOf = (request: Request): string => routed.safeParse(request).data?.route.path ?? 'none';

function mayRead({ config }: Services, request: Request): boolean {
  const { METRICS_TOKEN } = config;
  const given = /^Bearer (?<token>\S+)$/i.exec(request.get('authorization') ?? '')?.groups?.[
    'token'
  ];
  if (given !== undefined)
    return METRICS_TOKEN !== undefined && equalInConstantTime(given, METRICS_TOKEN);
  return isFromHere(request);
}

const forwarded = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip'];
const ownNames = new Set(['localhost', '127.0.0.1', '[::1]']);

/** A proxy on this machine speaks for others, and a page can lead a browser here under a name of its own. */
function isFromHere(request: Request): boolean {
  const address = request.socket.remoteAddress ?? '';
  const host = request.get('host') ?? '';
  return (
    /^(?:127\.|::ffff:127\.|::1$)/.test(address) &&
    ownNames.has(URL.parse(`http://${host}`)?.hostname ?? '') &&
    forwarded.every((name) => request.get(name) === undefined)
  );
}

/** null when it does not answer. */
function readQueue({ health }: Services): Promise<QueueState | null> {
  const late = setTimeout(answerLimitMs, null, { ref: false });
  return Promise.race([health.readQueue().catch(() => null), late]);
}

const gauge = (name: string, help: string, value: number | null): Metric => ({
  name,
  help,
  type: 'gauge',
  samples: value === null ? [] : [{ labels: {}, value }],
});

const jobStates = ['waiting', 'delayed', 'active', 'failed'] as const;

function queueMetrics(state: QueueState | null): Metric[] {
  const samplesOf = (job: JobCounts) =>
    jobStates.map((is) => ({ labels: { queue: job.name, state: is }, value: job[is] }));
  return [
    gauge('jilo_queue_up', 'Whether the queue answers: 1, or 0.', state ? 1 : 0),
    gauge(
      'jilo_queue_oldest_waiting_seconds',
      'How long the oldest job that may start has been waiting.',
      state && (state.oldestWaitingSeconds ?? 0),
    ),
    {
      name: 'jilo_jobs',
      help: 'Jobs of all processes; failed ones are kept for a while.',
      type: 'gauge',
      samples: state?.jobs.flatMap(samplesOf) ?? [],
    },
  ];
}

function providerMetrics({ health }: Services): Metric[] {
  const seen = providers.map((provider) => ({ provider, ...health.readProvider(provider) }));
  const calls = seen.flatMap(({ provider, calls: counts }) =>
    callOutcomes.map((outcome) => ({ labels: { provider, outcome }, value: counts[outcome] })),
  );
  const successes = seen.flatMap(({ provider, lastSuccessAt }) =>
    lastSuccessAt ? [{ labels: { provider }, value: lastSuccessAt.getTime() / 1000 }] : [],
  );
  return [
    {
      name: 'jilo_provider_calls_total',
      help: 'HTTP requests of this process to a provider, by how they ended.',
      type: 'counter',
      samples: calls,
    },
    {
      name: 'jilo_provider_last_success_timestamp_seconds',
      help: 'When a provider last answered this process, in Unix time.',
      type: 'gauge',
      samples: successes,
    },
  ];
}

function processMetrics(): Metric[] {
  const { rss, heapUsed, external } = process.memoryUsage();
  return [
    gauge('process_resident_memory_bytes', 'Memory that this process has.', rss),
    gauge('nodejs_heap_used_bytes', 'Of it, used by JavaScript.', heapUsed),
    gauge('nodejs_external_memory_bytes', 'Buffers and other memory outside the heap.', external),
    gauge('process_uptime_seconds', 'How long this process has been running.', process.uptime()),
    {
      name: 'jilo_build_info',
      help: 'Which version this is, always 1.',
      type: 'gauge',
      samples: [{ labels: { version: manifest.version, node: process.version }, value: 1 }],
    },
  ];
}

/** The event loop is looked at so often. */
const lookMs = 20;

/** How late the event loop was since the last look; it is measured from the first look on. */
function createLagReader(): () => Metric[] {
  let delay: ReturnType<typeof monitorEventLoopDelay> | null = null;
  return () => {
    if (delay === null) {
      delay = monitorEventLoopDelay({ resolution: lookMs });
      delay.enable();
      return [];
    }
    const { mean, max } = delay;
    const metrics = [
      gauge('nodejs_eventloop_lag_mean_seconds', 'How late the event loop was.', lagOf(mean)),
      gauge(
        'nodejs_eventloop_lag_p99_seconds',
        'How late at most in 99 of 100 looks.',
        lagOf(delay.percentile(99)),
      ),
      gauge('nodejs_eventloop_lag_max_seconds', 'How late at most.', lagOf(max)),
    ];
    delay.reset();
    return metrics;
  };
}

/** Node counts nanoseconds from look to look; without any, its mean is no number. */
const lagOf = (nanoseconds: number): number =>
  Number.isFinite(nanoseconds) ? Math.max(0, nanoseconds / 1e9 - lookMs / 1000) : 0;
