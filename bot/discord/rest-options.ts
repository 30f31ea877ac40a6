import type { Config } from '../../core/config.ts';

const discordUrl = 'https://discord.com/api';

/**
 * Where every client of Discord's REST is pointed; one that is made without this goes to the
 * internet. discord.js appends the version.
 */
export function discordRestOptions(config: Pick<Config, 'DISCORD_API_URL'>): {
  readonly api: string;
  readonly version: '10';
  readonly cdn?: string;
  readonly mediaProxy?: string;
} {
  const api = config.DISCORD_API_URL.replace(/\/+$/u, '');
  if (api === discordUrl) return { api, version: '10' };
  const cdn = new URL('/cdn', api).href;
  return { api, version: '10', cdn, mediaProxy: cdn };
}
