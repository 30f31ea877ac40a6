import { z } from 'zod';

import { FarEndFault, type Answer } from './call.ts';
import { combine, ok, type Finding, type Tools } from './check.ts';
import { at, serviceCheck } from './service.ts';
import { plain } from './text.ts';

const applicationSchema = z.object({
  id: z.string().regex(/^\d{5,25}$/),
  name: z.string(),
  interactions_endpoint_url: z.string().nullish(),
  approximate_guild_count: z.int().nonnegative().optional(),
});
type Application = z.infer<typeof applicationSchema>;

const gatewaySchema = z.object({ session_start_limit: z.object({ remaining: z.int() }) });

/** View Channels, Send Messages, Send Messages in Threads, Attach Files, Read Message History. */
const permissions = (1n << 10n) | (1n << 11n) | (1n << 38n) | (1n << 15n) | (1n << 16n);

const read = <T>(schema: z.ZodType<T>, { body, host, status }: Answer): T => {
  const { data } = schema.safeParse(body);
  if (data === undefined) throw new FarEndFault('strange', host, { status });
  return data;
};

/** Whether Discord lets the bot in, whose application it is, and whether commands would reach it. */
export const discordCheck = serviceCheck('discord', async (tools, signal) => {
  const { caller, config, locale } = tools;
  const headers = { authorization: `Bot ${config.DISCORD_TOKEN ?? ''}` };
  const ask = (path: string) =>
    caller.ask({ url: at(config.DISCORD_API_URL, `/v10${path}`), headers, signal });
  const [answer, gatewayAnswer] = await Promise.all([
    ask('/applications/@me'),
    ask('/gateway/bot'),
  ]);
  const application = read(applicationSchema, answer);
  const { session_start_limit: left } = read(gatewaySchema, gatewayAnswer);
  return combine(
    [present(tools, application), ...problemsOf(tools, application, left.remaining)],
    locale,
  );
});

function present({ words }: Tools, application: Application): Finding {
  const name = plain(application.name);
  const servers = application.approximate_guild_count;
  if (servers !== 0) return ok(words.discordFine({ name, servers: servers ?? 0 }));
  const url = `https://discord.com/oauth2/authorize?client_id=${application.id}&scope=bot+applications.commands&permissions=${permissions}`;
  return {
    state: 'warning',
    what: words.discordNowhere({ name }),
    switchesOff: null,
    howToGetIt: words.discordInvite({ url }),
  };
}

function problemsOf(
  { words, config }: Tools,
  { id, interactions_endpoint_url: endpoint }: Application,
  connectionsLeft: number,
): Finding[] {
  const failed = (what: string, howToGetIt: string): Finding => ({
    state: 'failed',
    what,
    switchesOff: words.services.discord.off,
    howToGetIt,
  });
  const expected = config.DISCORD_APPLICATION_ID;
  return [
    ...(expected !== undefined && expected !== id
      ? [failed(words.discordOtherId(), words.discordSetId({ id }))]
      : []),
    ...(endpoint ? [failed(words.discordEndpoint(), words.discordClear())] : []),
    ...(connectionsLeft < 1 ? [failed(words.discordUsedUp(), words.discordWait())] : []),
  ];
}
