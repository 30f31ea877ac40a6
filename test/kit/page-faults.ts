import axe from 'axe-core';
import { z } from 'zod';

import type { Visit } from '../../scripts/web-visit.ts';

const found = z.array(
  z.object({
    id: z.string(),
    impact: z.string().nullable(),
    nodes: z.array(
      z.object({ target: z.array(z.unknown()), failureSummary: z.string().optional() }),
    ),
  }),
);

/** Small targets are a rule of WCAG 2.2 that is off by default. */
const runAxe = `axe.run(document, {
  resultTypes: ['violations'],
  rules: { 'target-size': { enabled: true } },
}).then(({ violations }) => violations.map(({ id, impact, nodes }) => ({
  id,
  impact,
  nodes: nodes.map(({ target, failureSummary }) => ({ target, failureSummary })),
})))`;

/** What axe-core calls serious or critical, in the colours that the page has now. */
async function findAxeFaults({ page }: Visit, colours: string): Promise<string[]> {
  const violations = found.parse(await page.evaluate(runAxe));
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(
        ({ target, failureSummary = '' }) =>
          `${id} (${colours}): ${target.join(' ')}: ${failureSummary.replaceAll(/\s+/g, ' ')}`,
      ),
    );
}

/** Everything that a person can reach with the tabulator, by what it is called. */
const listControls = `[...document.querySelectorAll(
  'a[href], button, input:not([type=hidden]), select, textarea, summary, video[controls]'
)].filter((one) => !one.disabled && one.checkVisibility()).map((one) => one.outerHTML.slice(0, 120))`;

const lookAtFocus = `(() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const { outlineStyle, outlineWidth } = getComputedStyle(one);
  return {
    name: one.outerHTML.slice(0, 120),
    place: [...document.querySelectorAll('*')].indexOf(one),
    isFilm: one.tagName === 'VIDEO',
    hasRing: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2,
  };
})()`;

const focusSchema = z
  .object({ name: z.string(), place: z.int(), isFilm: z.boolean(), hasRing: z.boolean() })
  .nullable();

const mostTabs = 200;

/** Goes round the page with the tabulator once. */
async function findKeyboardFaults({ page }: Visit): Promise<string[]> {
  const controls = z.array(z.string()).parse(await page.evaluate(listControls));
  const seen = new Map<number, { readonly name: string; readonly hasRing: boolean }>();
  let last = -1;
  for (let tabs = 0; tabs < mostTabs; tabs += 1) {
    await page.keyboard.press('Tab');
    const now = focusSchema.parse(await page.evaluate(lookAtFocus));
    // The player has stops of its own within it.
    if (now?.place === last && now.isFilm) continue;
    if (now && seen.has(now.place)) break;
    if (now) seen.set(now.place, now);
    last = now?.place ?? -1;
  }
  const reached = [...seen.values()];
  const names = reached.map(({ name }) => name);
  return [
    ...controls.filter((name) => !names.includes(name)).map((name) => `not reached: ${name}`),
    ...reached.filter(({ hasRing }) => !hasRing).map(({ name }) => `no focus ring: ${name}`),
  ];
}

/** Whether anything stands out at the side. */
async function findWidthFaults({ page }: Visit): Promise<string[]> {
  const width = z.number().parse(await page.evaluate('document.scrollingElement.scrollWidth'));
  const has = page.viewportSize()?.width ?? 0;
  return width > has ? [`${width} px wide in a window of ${has} px`] : [];
}

const mostBytes = 50_000;

/** The document with the script and the style in it; the person's own pictures and films come beside it. */
async function findWeightFaults({ page }: Visit): Promise<string[]> {
  const bytes = Buffer.byteLength(await page.content());
  return bytes > mostBytes ? [`${bytes} bytes`] : [];
}

/**
 * Everything that is wrong with the page for somebody who sees little, has no mouse, has a small screen or a slow
 * line; in light colours and in dark ones.
 */
export async function findPageFaults(visit: Visit): Promise<string[]> {
  const { page } = visit;
  const faults: string[] = [];
  await page.evaluate(`${axe.source};null`);
  for (const colours of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme: colours });
    faults.push(...(await findAxeFaults(visit, colours)));
  }
  faults.push(...(await findWidthFaults(visit)));
  faults.push(...(await findWeightFaults(visit)));
  faults.push(...(await findKeyboardFaults(visit)));
  return faults;
}
