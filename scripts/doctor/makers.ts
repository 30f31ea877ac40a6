import { z } from 'zod';

import { FarEndFault } from './call.ts';
import { combine, ok } from './check.ts';
import { at, serviceCheck } from './service.ts';
import { plain } from './text.ts';

/** A request that nobody has ever made: asking for it tells whether the key is let in, and costs nothing. */
const nobodysRequest = '00000000-0000-4000-8000-000000000000';

/** Whether fal lets the key in, and whether the keys of its callbacks can be fetched. */
export const falCheck = serviceCheck('fal', async (tools, signal) => {
  const { caller, config, words, locale } = tools;
  const jwks = at(config.FAL_REST_URL, '/.well-known/jwks.json');
  const [{ host }, keys] = await Promise.all([
    caller.ask({
      url: at(config.FAL_QUEUE_URL, `/fal-ai/minimax/requests/${nobodysRequest}/status`),
      headers: { authorization: `Key ${config.FAL_KEY ?? ''}` },
      signal,
      accept: [200, 202, 400, 404, 422],
    }),
    caller.ask({ url: jwks, signal }).catch((error: unknown) => {
      if (error instanceof FarEndFault) return null;
      throw error;
    }),
  ]);
  const accepted = ok(words.keyAccepted({ host }));
  if (z.object({ keys: z.array(z.unknown()).min(1) }).safeParse(keys?.body).success)
    return accepted;
  const restHost = new URL(jwks).host;
  const noKeys = {
    state: 'failed',
    what: words.falKeys({ host: restHost }),
    switchesOff: words.falKeysOff(),
    howToGetIt: words.lookAtNetwork({ host: restHost }),
  } as const;
  return combine([accepted, noKeys], locale);
});

const organizationSchema = z.object({ creditBalance: z.number() });

/** Whether Runway lets the secret in, and whether there are credits. */
export const runwayCheck = serviceCheck('runway', async (tools, signal) => {
  const { caller, config, words } = tools;
  const { body, host, status } = await caller.ask({
    url: at(config.RUNWAY_API_URL, '/v1/organization'),
    headers: {
      authorization: `Bearer ${config.RUNWAYML_API_SECRET ?? ''}`,
      'x-runway-version': '2024-11-06',
    },
    signal,
  });
  const read = organizationSchema.safeParse(body);
  if (!read.success) throw new FarEndFault('strange', host, { status });
  const { creditBalance: credits } = read.data;
  if (credits > 0) return ok(words.runwayFine({ credits }));
  return {
    state: 'failed',
    what: words.runwayEmpty(),
    switchesOff: words.services.runway.off,
    howToGetIt: words.runwayBuy(),
  };
});

const userSchema = z.object({
  data: z.object({
    username: z.string(),
    plan: z.object({ id: z.string() }).optional(),
  }),
});

/** Whether Apify knows the token. */
export const apifyCheck = serviceCheck('apify', async (tools, signal) => {
  const { caller, config, words } = tools;
  const { body, host, status } = await caller.ask({
    url: at(config.APIFY_API_URL, '/v2/users/me'),
    headers: { authorization: `Bearer ${config.APIFY_TOKEN ?? ''}` },
    signal,
  });
  const read = userSchema.safeParse(body);
  if (!read.success) throw new FarEndFault('strange', host, { status });
  const { username, plan } = read.data.data;
  return ok(words.apifyFine({ user: plain(username), plan: plain(plan?.id ?? '?') }));
});

const errorSchema = z.object({
  error: z.object({ details: z.array(z.object({ reason: z.string().optional() })).default([]) }),
});

/** Whether Gemini lets the key in, and has the model for it. */
export const geminiCheck = serviceCheck('gemini', async (tools, signal) => {
  const { caller, config, words } = tools;
  const { GEMINI_MODEL: model } = config;
  const { body, host, status } = await caller.ask({
    url: at(config.GEMINI_API_URL, `/v1beta/models/${encodeURIComponent(model)}`),
    headers: { 'x-goog-api-key': config.GOOGLE_GENERATIVE_AI_API_KEY ?? '' },
    signal,
    accept: [200, 400, 404],
  });
  if (status === 200) return ok(words.geminiFine({ model: plain(model) }));
  if (status === 404)
    return {
      state: 'failed',
      what: words.geminiModel({ model: plain(model) }),
      switchesOff: words.services.gemini.off,
      howToGetIt: words.geminiSet(),
    };
  const details = errorSchema.safeParse(body).data?.error.details ?? [];
  const isKey = details.some(({ reason }) => reason === 'API_KEY_INVALID');
  throw new FarEndFault(isKey ? 'refused' : 'strange', host, { status });
});
