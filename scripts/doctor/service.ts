import type { Config } from '../../core/config.ts';
import { FarEndFault } from './call.ts';
import type { Check, CheckName, Finding, Tools } from './check.ts';
import type { DoctorWords } from './words/en.ts';

export type ServiceName = CheckName & keyof DoctorWords['services'];

/** What each service needs before it is used at all. */
const settings = {
  discord: ['DISCORD_TOKEN'],
  fal: ['FAL_KEY'],
  runway: ['RUNWAYML_API_SECRET'],
  apify: ['APIFY_TOKEN'],
  gemini: ['GOOGLE_GENERATIVE_AI_API_KEY'],
  youtube: ['GOOGLE_CLIENT_ID', 'GOOGLE_CLIENT_SECRET'],
  stripe: ['STRIPE_SECRET_KEY', 'STRIPE_WEBHOOK_SECRET'],
  mail: ['SMTP_URL', 'MAIL_FROM'],
} as const satisfies Record<ServiceName, readonly (keyof Config)[]>;

/** Whether the settings switch the service from its emulator to the real thing. */
export const isLive = (config: Config, service: ServiceName): boolean =>
  settings[service].every((name) => config[name] !== undefined);

/** The address of a setting with a path behind it. */
export const at = (base: string, path: string): string => `${base.replace(/\/+$/, '')}${path}`;

/** Where others reach the web app, or would. */
export const publicUrlOf = ({ PUBLIC_URL, PORT }: Config): string =>
  PUBLIC_URL ?? `http://127.0.0.1:${PORT}`;

/** A service that is looked at only when its keys are there. */
export function serviceCheck(name: ServiceName, look: Check['run']): Check {
  return {
    name,
    async run(tools, signal) {
      const absent = absentOf(tools, name);
      if (absent) return absent;
      try {
        return await look(tools, signal);
      } catch (error) {
        if (error instanceof FarEndFault) return troubleWith(tools, name, error);
        throw error;
      }
    },
  };
}

function absentOf({ config, words }: Tools, name: ServiceName): Finding | null {
  const { off, get } = words.services[name];
  const names: readonly (keyof Config)[] = settings[name];
  const lacks = names.filter((setting) => config[setting] === undefined);
  if (lacks.length === 0) return null;
  if (lacks.length < names.length)
    return {
      state: 'failed',
      what: words.halfSet({ lacks }),
      switchesOff: off,
      howToGetIt: words.setRest({ lacks }),
    };
  if (config.NODE_ENV === 'production')
    return {
      state: 'missing',
      what: words.notSet({ names: lacks }),
      switchesOff: off,
      howToGetIt: get,
    };
  return {
    state: 'sandbox',
    what: words.sandbox(),
    switchesOff: null,
    howToGetIt: get,
  };
}

/** What it means that a far end gave no usable answer. */
function troubleWith({ words }: Tools, name: ServiceName, fault: FarEndFault): Finding {
  const { off, get } = words.services[name];
  const { host, status, code } = fault;
  const names = settings[name];
  const failed = (what: string, howToGetIt: string): Finding => ({
    state: 'failed',
    what,
    switchesOff: off,
    howToGetIt,
  });
  const findings: Record<FarEndFault['trouble'], Finding> = {
    unusable: failed(words.unusable({ names }), words.copyAgain({ get })),
    refused: failed(words.refused({ host, names, status }), words.copyAgain({ get })),
    silent: failed(words.silent({ host, code }), words.lookAtNetwork({ host })),
    broken: failed(words.broken({ host, status }), words.later()),
    strange: failed(words.strange({ host, status }), words.lookAtAddress()),
    busy: { ...failed(words.busy({ host }), words.later()), state: 'warning' },
  };
  return findings[fault.trouble];
}
