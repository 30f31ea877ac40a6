import { z } from 'zod';

import { stripeEvents, stripeVersion } from '../../core/stripe-messages.ts';
import { FarEndFault, type Answer } from './call.ts';
import type { Finding, Tools } from './check.ts';
import { plain } from './text.ts';

const endpointsSchema = z.object({
  data: z.array(
    z.object({
      url: z.string(),
      status: z.string(),
      enabled_events: z.array(z.string()),
      api_version: z.string().nullish(),
    }),
  ),
});
type Endpoint = z.infer<typeof endpointsSchema>['data'][number];

/** What is wrong with the way in which Stripe would tell us of payments. */
export function lookAtWebhook({ config, words }: Tools, { status, body, host }: Answer): Finding[] {
  const { PUBLIC_URL } = config;
  const off = words.stripeHookOff();
  if (PUBLIC_URL === undefined)
    return [
      {
        // While developing, Stripe's own command line may hand the messages on.
        state: 'warning',
        what: words.stripeHookLocal(),
        switchesOff: off,
        howToGetIt: words.webGet(),
      },
    ];
  if (status === 403)
    return [
      {
        state: 'warning',
        what: words.stripeHookUnread(),
        switchesOff: null,
        howToGetIt: words.stripeHookRead(),
      },
    ];
  const read = endpointsSchema.safeParse(body);
  if (!read.success) throw new FarEndFault('strange', host, { status });
  const url = new URL('/webhooks/stripe', PUBLIC_URL).href;
  const howToGetIt = words.stripeHookGet({ url, version: stripeVersion });
  return faultsOf(read.data.data, url, words).map((what) => ({
    state: 'failed',
    what,
    switchesOff: off,
    howToGetIt,
  }));
}

function faultsOf(endpoints: readonly Endpoint[], url: string, words: Tools['words']): string[] {
  const ours = endpoints.filter((endpoint) => endpoint.url === url);
  const endpoint = ours.find(({ status }) => status === 'enabled') ?? ours[0];
  if (!endpoint) return [words.stripeNoHook({ url })];
  if (endpoint.status !== 'enabled') return [words.stripeHookDisabled({ url })];
  const events = stripeEvents.filter((event) => !isHeard(endpoint, event));
  const is = plain(endpoint.api_version ?? '?');
  return [
    ...(events.length > 0 ? [words.stripeHookEvents({ events })] : []),
    ...(is === stripeVersion ? [] : [words.stripeHookVersion({ is, wanted: stripeVersion })]),
  ];
}

/** An endpoint may ask for everything or, as `customer.subscription.*`, for a family. */
const isHeard = (endpoint: Endpoint, event: string): boolean =>
  endpoint.enabled_events.some((wanted) =>
    wanted.endsWith('*') ? event.startsWith(wanted.slice(0, -1)) : wanted === event,
  );
