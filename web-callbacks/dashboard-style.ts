import { createHash } from 'node:crypto';

import type { Response } from 'express';
import { z } from 'zod';

import { Html } from './pages.ts';

/** What the lists and pictures of the person's own pages need beyond the style of every page. */
const style = `
time{white-space:nowrap}
.lead{max-width:44rem;color:var(--dim)}
.split{display:grid;gap:1.25rem;grid-template-columns:minmax(0,1fr)}
@media(min-width:48rem){.split{grid-template-columns:minmax(0,2fr) minmax(0,3fr);align-items:center;gap:2rem}}
.chart{display:block;width:100%;height:auto;border-radius:.75rem}
.rows,.films,.steps{list-style:none}
.rows li{padding:.75rem 0;display:flex;gap:.5rem .9rem;align-items:center;border-top:1px solid var(--line)}
.rows li:first-child{padding-top:0;border-top:0}
.rows li:last-child{padding-bottom:0}
.rows .text{flex:1 1 auto;min-width:0;display:grid;gap:.15rem}
.rows .end{flex:none;display:flex;align-items:center;gap:.75rem}
.rows button{white-space:nowrap}
@media(max-width:30rem){.rows li:has(button){flex-wrap:wrap}.rows .text:has(+.end button){flex-basis:100%}.rows .end:has(button){width:100%;justify-content:space-between}}
.name{font-weight:600;display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:2;overflow:hidden}
.films{display:grid;gap:1.25rem 1rem;grid-template-columns:repeat(auto-fill,minmax(8.75rem,1fr))}
.films li{display:grid;gap:.4rem;align-content:start;min-width:0}
.films a{display:grid;gap:.5rem;color:inherit;text-decoration:none}
.films a:hover .name{text-decoration:underline}
.still{display:grid;place-items:center;width:100%;aspect-ratio:4/5;object-fit:cover;border-radius:.75rem;background:var(--calm-wash);color:var(--dim);font-size:.9rem}
.thumb{flex:none;width:3.25rem;height:4rem;object-fit:cover;border-radius:.5rem;background:var(--calm-wash)}
.totals{border:0;display:grid;gap:1rem;grid-template-columns:repeat(3,minmax(0,1fr))}
.totals div{display:flex;flex-direction:column;gap:.1rem;padding:0;border:0}
.totals dd{overflow:visible}
.steps{display:grid;gap:1rem;grid-template-columns:repeat(auto-fit,minmax(min(100%,17rem),1fr));counter-reset:step}
.steps>li{counter-increment:step;padding:1rem;display:grid;gap:.75rem;align-content:start;border:1px solid var(--line);border-radius:.75rem;background:var(--back)}
.steps h3::before{content:counter(step) '. '}
.steps dl{border:0;display:grid;gap:.6rem}
.steps dl div{display:block;padding:0;border:0}
.steps dt{font-size:.9rem}
.steps code{user-select:all}
.pair.even{align-items:stretch}
.even,.even .stack{gap:1.25rem}
.links{display:flex;flex-wrap:wrap;gap:.75rem}
.wrong{color:var(--bad);font-size:.9rem}
.hint{color:var(--dim);font-size:.9rem}
[aria-invalid]:not(fieldset){border-color:var(--bad)!important}
.ticks{gap:0}
.ticks legend{padding-bottom:.35rem}
.tick{justify-content:flex-start;flex-wrap:nowrap}
.tick input{flex:none}
.stack.tight{gap:.35rem}
.secret{user-select:all;overflow-wrap:anywhere}
`;

// Whole, so that no formatter of markup moves a byte that the hash is over.
const element = new Html(`<style>${style}</style>`);
const hash = `'sha256-${createHash('sha256').update(style).digest('base64')}'`;

/** Lets the policy of this answer take the style; the element for its head. */
export function withDashboardStyle(response: Response): Html {
  const policy = z.string().parse(response.getHeader('content-security-policy'));
  response.set('Content-Security-Policy', policy.replace('style-src', `style-src ${hash}`));
  return element;
}
