import { BlockList, isIP } from 'node:net';

/**
 * The media hosts of fal, Runway, Discord or the video platforms over https; `public`: every named host of the
 * internet over https; `loopback`: this machine over http, for the sandbox.
 */
export type DownloadHosts = 'fal' | 'runway' | 'discord' | 'platforms' | 'public' | 'loopback';

const publicHosts: Readonly<Record<Exclude<DownloadHosts, 'loopback'>, RegExp>> = {
  fal: /^(?:[a-z0-9-]{1,63}\.){0,3}fal\.media$/,
  /** Task outputs and previews; seen in answers of the API, 2024 to 2026, and in no list of Runway's own. */
  runway: /^(?:dnznrvs05pmza|d2jqrm6oza8nb6)\.cloudfront\.net$/,
  discord: /^(?:cdn\.discordapp\.com|media\.discordapp\.net)$/,
  /** TikTok, YouTube and Instagram: the pictures of their videos. */
  public:
    /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$/,
  platforms:
    /^(?:(?:[a-z0-9-]{1,63}\.){1,3}(?:tiktokcdn(?:-us|-eu)?\.com|cdninstagram\.com|fbcdn\.net)|i\.ytimg\.com)$/,
};

/** Addresses on which a public media host never is (IANA special-purpose registries, 2026). */
const special = new BlockList();
for (const [network, prefix] of [
  ...([
    ['0.0.0.0', 8],
    ['10.0.0.0', 8],
    ['100.64.0.0', 10],
    ['127.0.0.0', 8],
  ] as const),
  ...([
    ['169.254.0.0', 16],
    ['172.16.0.0', 12],
    ['192.0.0.0', 24],
    ['192.0.2.0', 24],
  ] as const),
  ...([
    ['192.88.99.0', 24],
    ['192.168.0.0', 16],
    ['198.18.0.0', 15],
  ] as const),
  ...([
    ['198.51.100.0', 24],
    ['203.0.113.0', 24],
    ['224.0.0.0', 4],
    ['240.0.0.0', 4],
  ] as const),
  // Azure answers its own machines there, although the number itself is public.
  ['168.63.129.16', 32],
] as const) {
  special.addSubnet(network, prefix, 'ipv4');
}
/** Inside 2000::/3: Teredo and other protocol assignments, documentation, 6to4. */
for (const [network, prefix] of [
  ...([
    ['2001::', 23],
    ['2001:db8::', 32],
    ['2002::', 16],
    ['3fff::', 20],
  ] as const),
] as const) {
  special.addSubnet(network, prefix, 'ipv6');
}
const globalUnicast = new BlockList();
globalUnicast.addSubnet('2000::', 3, 'ipv6');

/**
 * Whether an IP address belongs to the public internet; IPv4 in IPv6 clothes does not count, nor does an
 * address that names an interface.
 */
export function isPublicAddress(address: string): boolean {
  const family = address.includes('%') ? 0 : isIP(address);
  if (family === 4) return !special.check(address, 'ipv4');
  if (family === 6) return globalUnicast.check(address, 'ipv6') && !special.check(address, 'ipv6');
  return false;
}

/**
 * Whether something may be fetched from this address: https on port 443 without credentials at a host of
 * the service; `loopback` means http on this machine.
 */
export function isAllowedUrl(address: string, hosts: DownloadHosts): boolean {
  // Backslashes, spaces and letters outside ASCII are read differently from one parser to the next.
  if (!/^[!-[\]-~]+$/.test(address) || !URL.canParse(address)) return false;
  const { protocol, username, password, hostname, port } = new URL(address);
  if (username !== '' || password !== '') return false;
  if (hosts === 'loopback') {
    return protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(hostname);
  }
  return protocol === 'https:' && port === '' && publicHosts[hosts].test(hostname);
}
