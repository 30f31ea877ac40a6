import { z } from 'zod';

import { FarEndFault, type Answer } from './call.ts';
import { ok, type Check, type Finding, type Tools } from './check.ts';
import { at, isLive, publicUrlOf } from './service.ts';

const healthSchema = z.object({ status: z.string(), instance: z.string() });

/** Addresses that lead no further than a house. */
const inside =
  /^(?:localhost|127\.[\d.]+|\[::1\]|0\.0\.0\.0|10\.[\d.]+|192\.168\.[\d.]+|172\.(?:1[6-9]|2\d|3[01])\.[\d.]+|169\.254\.[\d.]+|.+\.(?:local|internal|localhost))$/;

/** Whether others can reach the address at all. */
const isOutside = (url: string): boolean => !inside.test(new URL(url).hostname);

/** Whether the settings fit together. */
export const settingsCheck: Check = {
  name: 'settings',
  async run({ config, words }) {
    const { NODE_ENV, PUBLIC_URL, JILO_SECRET } = config;
    if (NODE_ENV === 'production') return ok(words.production());
    if (PUBLIC_URL === undefined || !isOutside(PUBLIC_URL))
      return ok(words.development({ secret: JILO_SECRET !== undefined }));
    return {
      state: 'warning',
      what: words.publicButEmulated(),
      switchesOff: null,
      howToGetIt: words.setProduction(),
    };
  },
};

/** Whether the public address is one, and leads to the Jilo that runs here. */
export const webCheck: Check = {
  name: 'web',
  async run(tools, signal) {
    const { config, words } = tools;
    const url = publicUrlOf(config);
    const isProduction = config.NODE_ENV === 'production';
    if (config.PUBLIC_URL === undefined) return local(tools, url);
    if (isProduction && !(url.startsWith('https:') && isOutside(url)))
      return failed(tools, words.webPlain({ url }), words.webGet());
    try {
      const health = at(url, '/healthz');
      return judge(tools, await tools.caller.ask({ url: health, signal, accept: [200, 503] }));
    } catch (error) {
      if (error instanceof FarEndFault) return silent(tools, error);
      throw error;
    }
  },
};

function local({ config, words }: Tools, url: string): Finding {
  const isCalledBack = isLive(config, 'fal') || isLive(config, 'stripe');
  return {
    state: isCalledBack ? 'missing' : 'sandbox',
    what: words.webLocal({ url }),
    switchesOff: isCalledBack ? words.webLocalOff() : words.webSandboxOff(),
    howToGetIt: words.webGet(),
  };
}

const failed = ({ words }: Tools, what: string, howToGetIt: string): Finding => ({
  state: 'failed',
  what,
  switchesOff: words.webLocalOff(),
  howToGetIt,
});

function judge(tools: Tools, { body }: Answer): Finding {
  const { config, words, runtime } = tools;
  const url = publicUrlOf(config);
  const read = healthSchema.safeParse(body);
  if (!read.success) return failed(tools, words.webNotOurs({ url }), words.webLead());
  const { status, instance } = read.data;
  if (status !== 'ok') return failed(tools, words.webDown({ url }), words.lookAtDatabase());
  if (instance === runtime?.instance) return ok(words.webFine({ url }));
  return {
    state: 'warning',
    what: words.webOther({ url }),
    switchesOff: null,
    howToGetIt: words.webOtherGet(),
  };
}

function silent(tools: Tools, { trouble, code, status }: FarEndFault): Finding {
  const { config, words, runtime } = tools;
  const url = publicUrlOf(config);
  if (runtime) {
    const why = trouble === 'silent' ? code : String(status);
    return failed(tools, words.webSilent({ url, code: why }), words.webLead());
  }
  if (trouble !== 'silent') return failed(tools, words.webNotOurs({ url }), words.webLead());
  return {
    state: 'warning',
    what: words.webNotRunning({ url }),
    switchesOff: null,
    howToGetIt: words.webStart(),
  };
}
