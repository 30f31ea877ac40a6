import type { Timers } from '../../core/timers.ts';
import type { Check, CheckName, Finding, Tools } from './check.ts';
import { clockCheck } from './clock.ts';
import { databaseCheck } from './database.ts';
import { discordCheck } from './discord.ts';
import { codecsCheck, diskCheck, storageCheck } from './machine.ts';
import { mailCheck } from './mail.ts';
import { apifyCheck, falCheck, geminiCheck, runwayCheck } from './makers.ts';
import { isLive, type ServiceName } from './service.ts';
import { signInCheck } from './sign-in.ts';
import { stripeCheck } from './stripe.ts';
import { codeOf } from './text.ts';
import { settingsCheck, webCheck } from './web.ts';
import { youtubeCheck } from './youtube.ts';

/** How long one check may take. @internal */
export const limitMs = 10_000;

export type Result = { readonly name: CheckName } & Finding;

const checks: readonly Check[] = [
  settingsCheck,
  databaseCheck,
  storageCheck,
  diskCheck,
  codecsCheck,
  webCheck,
  discordCheck,
  falCheck,
  runwayCheck,
  apifyCheck,
  geminiCheck,
  youtubeCheck,
  stripeCheck,
  mailCheck,
  signInCheck,
];

/** Makes all checks side by side, each within its time, and then compares the clocks of who answered. */
export async function examine(tools: Tools, timers: Timers): Promise<Result[]> {
  const looked = await Promise.all(checks.map((check) => withinLimit(check, tools, timers)));
  return [...looked, await withinLimit(clockCheck, tools, timers)];
}

async function withinLimit({ name, run }: Check, tools: Tools, timers: Timers): Promise<Result> {
  const { words } = tools;
  const stop = new AbortController();
  const late = Promise.withResolvers<Finding>();
  const cancel = timers.schedule(limitMs, () => {
    late.resolve({
      state: 'failed',
      what: words.tooSlow({ seconds: limitMs / 1000 }),
      switchesOff: offOf(tools, name),
      howToGetIt: words.lookAtSlow(),
    });
    stop.abort();
  });
  try {
    return {
      name,
      ...(await Promise.race([attempt(run, tools, name, stop.signal), late.promise])),
    };
  } finally {
    cancel();
  }
}

/** A check that breaks is a finding like any other: the rest has still to be seen. */
async function attempt(
  run: Check['run'],
  tools: Tools,
  name: CheckName,
  signal: AbortSignal,
): Promise<Finding> {
  try {
    return await run(tools, signal);
  } catch (error) {
    return {
      state: 'failed',
      what: tools.words.brokeOff({ code: codeOf(error) }),
      switchesOff: offOf(tools, name),
      howToGetIt: tools.words.lookAtSlow(),
    };
  }
}

const isService = (tools: Tools, name: CheckName): name is ServiceName =>
  name in tools.words.services;

function offOf(tools: Tools, name: CheckName): string | null {
  if (isService(tools, name) && isLive(tools.config, name)) return tools.words.services[name].off;
  return name === 'database' ? tools.words.databaseOff() : null;
}
