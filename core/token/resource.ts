import { requirePublicUrl, type Services } from '../context.ts';

/** Below it people's programs are let in: the issuer of RFC 8414. */
export const authPath = '/auth';

const addressAt = (publicUrl: string): string => new URL('/mcp', publicUrl).href;

/** The address at which this installation speaks MCP; null while no web app runs. */
export function mcpResource(services: Pick<Services, 'publicUrl'>): string | null {
  const url = services.publicUrl();
  return url === null ? null : addressAt(url);
}

/** The same where there has to be one. @throws Fault `service_missing` when no web app runs. */
export const requireMcpResource = (services: Services): string =>
  addressAt(requirePublicUrl(services));
