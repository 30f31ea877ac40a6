import type { Config } from '../../core/config.ts';
import { providerNames, type SignInProvider } from '../../core/ports/sign-in.ts';
import { authPath } from '../../core/token/resource.ts';
import { combine, ok, type Check, type Finding, type Tools } from './check.ts';
import { isLive, publicUrlOf } from './service.ts';

const needs = {
  google: { service: 'youtube', settings: ['GOOGLE_CLIENT_ID', 'GOOGLE_CLIENT_SECRET'] },
  discord: { service: 'discord', settings: ['DISCORD_APPLICATION_ID', 'DISCORD_CLIENT_SECRET'] },
} as const satisfies Record<SignInProvider, object>;

/** With whose accounts people may sign in, and where Google and Discord have to send them back to. */
export const signInCheck: Check = {
  name: 'signIn',
  run: async (tools) => combine([wayOf(tools, 'google'), wayOf(tools, 'discord')], tools.locale),
};

function wayOf({ config, words }: Tools, provider: SignInProvider): Finding {
  const { service, settings } = needs[provider];
  const names: readonly (keyof Config)[] = settings;
  const url = new URL(`${authPath}/callback/${provider}`, publicUrlOf(config)).href;
  const called = { provider: providerNames[provider], url };
  const lacks = names.filter((name) => config[name] === undefined);
  if (lacks.length === 0) return ok(words.signInFine(called));
  const howToGetIt = words.signInGet[provider](called);
  if (config.NODE_ENV !== 'production' && !isLive(config, service))
    return { state: 'sandbox', what: words.sandbox(), switchesOff: null, howToGetIt };
  return {
    state: 'missing',
    what: words.notSet({ names: lacks }),
    switchesOff: words.signInOff(called),
    howToGetIt,
  };
}
