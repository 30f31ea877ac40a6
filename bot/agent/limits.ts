import type { Services } from '../../core/context.ts';
import { nextReset, readUsage, type Usage } from '../../core/conversation/usage.ts';
import { Fault } from '../../core/fault.ts';
import type { Locale } from '../../core/messages/catalogue.ts';

const million = 1_000_000;

/** What a use of the model has cost in US dollars; null while its prices are not set. */
function costUsd(services: Pick<Services, 'config'>, used: Usage): number | null {
  const { GEMINI_INPUT_USD: input, GEMINI_OUTPUT_USD: output } = services.config;
  if (input === undefined || output === undefined) return null;
  return (used.inputTokens * input + used.outputTokens * output) / million;
}

/** Fault `agent_limit` when an account's tokens or dollars of this UTC day are used up, else null. */
export async function limitFault(
  services: Services,
  person: {
    readonly accountId: string;
    readonly locale: Locale;
    readonly timeZone: string;
    readonly commands: string;
  },
): Promise<Fault | null> {
  const used = await readUsage(services, person.accountId);
  const { AGENT_DAILY_TOKENS, AGENT_DAILY_USD } = services.config;
  const isOverTokens = used.inputTokens + used.outputTokens >= AGENT_DAILY_TOKENS;
  const usd = costUsd(services, used);
  const isOverUsd = AGENT_DAILY_USD !== undefined && usd !== null && usd >= AGENT_DAILY_USD;
  if (!isOverTokens && !isOverUsd) return null;
  const now = services.clock.now();
  const reset = nextReset(now);
  const resetsAt = new Intl.DateTimeFormat(person.locale === 'zh' ? 'zh-CN' : 'en-GB', {
    timeZone: person.timeZone,
    dateStyle: 'medium',
    timeStyle: 'short',
  }).format(reset);
  const seconds = Math.ceil((reset.getTime() - now.getTime()) / 1000);
  return new Fault(
    'agent_limit',
    { resetsAt, commands: person.commands },
    { retryAfterSeconds: seconds },
  );
}
