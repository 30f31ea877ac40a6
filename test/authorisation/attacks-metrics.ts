import type { Attack } from './attack-parts.ts';
import type { Scene } from './scene.ts';

/** The world's web app is on this machine, so whoever comes by a proxy is from elsewhere. */
export function metricsPage({ scene: { owner } }: { readonly scene: Scene }): Attack[] {
  const path = '/metrics';
  const via = (headers: Readonly<Record<string, string>>) => ({ path, headers, statuses: [404] });
  return [
    { what: 'nothing, from elsewhere', ...via({ 'x-forwarded-for': '203.0.113.9' }) },
    { what: 'somebody who says to be from here', ...via({ 'x-forwarded-for': '127.0.0.1' }) },
    { what: 'garbage', ...via({ authorization: 'Bearer x' }) },
    { what: 'no token', ...via({ authorization: 'Bearer undefined' }) },
    { what: "a person's token", ...via({ authorization: `Bearer ${owner.tokens.read}` }) },
  ];
}
