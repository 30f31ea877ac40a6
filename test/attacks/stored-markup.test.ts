import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { approvalLink } from '../../core/consent/link.ts';
import type { Context } from '../../core/context.ts';
import { isFault } from '../../core/fault.ts';
import { perform, type AnyOperation } from '../../core/operation.ts';
import { publicationCreate } from '../../core/publication/create.ts';
import { trendSearch } from '../../core/trend/search.ts';
import { trendShow } from '../../core/trend/show.ts';
import { videoGenerate } from '../../core/video/generate.ts';
import { channels } from '../../drizzle/schema/publishing.ts';
import { startApify, type ApifyEmulator } from '../../sandbox/apify/apify.ts';
import { wallClock } from '../../sandbox/clock.ts';
import { scriptElement } from '../../web-callbacks/page/assets.ts';
import { html } from '../../web-callbacks/pages.ts';
import { connectChannel, makeReadyVideo } from '../kit/trips.ts';
import { createWorld, type World } from '../kit/world.ts';
import { connectLink } from './pages.ts';
import { ask } from './wire.ts';

/*
 * Titles of trends elsewhere: the pages that MCP clients show, in a real browser, test/long/mcp-apps.test.ts;
 * what a title orders a model to do, test/journeys/trend-injections.test.ts; marks of chat,
 * bot/discord/cards/; pictures, which are drawn anew, core/providers/media-pictures.test.ts.
 */

/** What a stranger writes as the title of a video. */
const titles = [
  '<script>alert(1)</script>',
  '</title><script>alert(1)</script>',
  '</style><script>alert(1)</script>',
  '</dd></dl><form action=https://evil.example><button>Approve</button></form>',
  '<img src=x onerror=alert(1)>',
  '<svg/onload=alert(1)>',
  '<svg><animate onbegin=alert(1) attributeName=x></svg>',
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '<a href="javascript:alert(1)">Approve</a>',
  '<base href=https://evil.example/>',
  '<meta http-equiv=refresh content="0;url=https://evil.example">',
  '<link rel=stylesheet href=https://evil.example/a.css>',
  '<style>*{background:url(https://evil.example)}</style>',
  '<input name=decision value=approve autofocus onfocus=alert(1)>',
  '<textarea><!-- a boat',
  '<!--><script>alert(1)</script>-->',
  '<![CDATA[<script>alert(1)</script>]]>',
  '" autofocus onfocus=alert(1) x="',
  "' onmouseover='alert(1)",
  '` onmouseover=`alert(1)',
  '"><script>alert(1)</script>',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '&#60;script&#62;alert(1)&#60;/script&#62;',
  '\u{FF1C}script\u{FF1E}alert(1)\u{FF1C}/script\u{FF1E}',
  '<scr\u{0}ipt>alert(1)</scr\u{0}ipt>',
  '<<script>script>alert(1)<</script>/script>',
  '${alert(1)} {{constructor.constructor("alert(1)")()}} <%= 1 %>',
  '\u{202E}<tpircs>',
] as const;

let world: World;
let apify: ApifyEmulator;
/** What the actors bring next. */
const dataset: unknown[] = [];
let searches = 0;
let video: string;
let channel: string;
let harmless: Record<Page, string>;
beforeAll(async () => {
  const clock = {
    now: () => world.now(),
    schedule: (_: number, task: () => void) => wallClock.schedule(0, task),
  };
  apify = await startApify({ clock, token: 'test-apify', runMs: 0, seed: 1, replay: dataset });
  world = await createWorld({ settings: { APIFY_API_URL: apify.url } });
  video = await makeReadyVideo(world);
  channel = await connectChannel(world);
  harmless = await pagesWith(await storedTitle('A paper boat crosses a puddle', 'harmless'));
});
afterAll(async () => {
  await world.close();
  await apify.close();
});

/** Lets a search find a video of that title; the title as the product keeps and gives it. */
async function storedTitle(title: string, keyword: string): Promise<string> {
  searches += 1;
  const id = `x${String(searches).padStart(10, '0')}`;
  const url = `https://www.youtube.com/shorts/${id}`;
  const numbers = { viewCount: 10_000, likes: 500, date: '2026-11-20T08:00:00.000Z' };
  const item = { id, type: 'shorts', url, title, text: title, channelName: title, ...numbers };
  dataset.splice(0, dataset.length, item);
  const context = await world.context('mcp');
  const found = await world.must(trendSearch, { keyword, platforms: 'youtube' }, context);
  const [trend] = trendSearch.output.parse(found).trends;
  if (!trend) throw new Error('the search found nothing');
  const shown = await world.must(trendShow, { trend: trend.id }, context);
  return trendShow.output.parse(shown).title;
}

const kinds = ['prompt', 'description', 'tags', 'title', 'channel', 'account'] as const;
type Page = (typeof kinds)[number];
const refusedAsInput = 'refused as input';

/** Asks as a program does, and opens the page on which a person would decide. */
async function approvalPage(
  operation: AnyOperation,
  input: object,
  context: Context,
): Promise<string> {
  const outcome = await perform(operation, input, context);
  if (outcome.ok) throw new Error('nobody was asked');
  if (isFault(outcome.fault, 'invalid_input')) return refusedAsInput;
  if (!isFault(outcome.fault, 'approval_required')) throw outcome.fault;
  const page = await ask(approvalLink(world.app, outcome.fault.params.id) ?? '');
  expect(page.status).toBe(200);
  return page.text;
}

/** Every page of ours that shows words of others, with these words. */
async function pagesWith(words: string): Promise<Record<Page, string>> {
  const context = await world.context('mcp');
  // What is said by others than a caller, such as a name, comes without it.
  const storable = words.replaceAll('\0', '');
  const wish = { prompt: `A boat. ${words}`, model: 'kling', seconds: 15 };
  const publish = { video, title: 'Boats' };
  const page = (more: object) => approvalPage(publicationCreate, { ...publish, ...more }, context);
  const prompt = await approvalPage(videoGenerate, wish, context);
  const description = await page({ description: words });
  const tags = await page({ tags: words });
  const title = await page({ title: words });
  await world.app.database.db
    .update(channels)
    .set({ title: storable.slice(0, 90) })
    .where(eq(channels.id, channel));
  const link = await connectLink(world, storable);
  return {
    prompt,
    description,
    tags,
    title,
    channel: await page({}),
    account: (await ask(link)).text,
  };
}

/** The marks of a page, without what differs from one to the next. */
const marksOf = (page: string): string[] =>
  (page.match(/<[^>]*>/gu) ?? []).map((mark) =>
    mark.replaceAll(/\b(value|action|datetime)="[^"]*"/gu, '$1'),
  );

describe.each(titles.map((title, at) => [title, at] as const))('the title %j', (title, at) => {
  test('adds no mark to any page, and none of them runs anything', async () => {
    const stored = await storedTitle(title, `boats ${at}`);
    // Nothing is left of a title that is a mark and no more.
    expect(stored).not.toMatch(/<[a-z/]/iu);
    const pages = await pagesWith(stored);
    // Whatever the store has made of it, the pages bear it as it was written as well.
    const raw = await pagesWith(title);
    for (const kind of kinds)
      for (const page of [pages[kind], raw[kind]]) {
        if (page === refusedAsInput) continue;
        expect([kind, marksOf(page)]).toEqual([kind, marksOf(harmless[kind])]);
        // The one script of ours is the same on every page, to the byte.
        const others = page.replace(scriptElement('forms'), '');
        expect(others).not.toMatch(/<script|\son\w+=[^&]*>|<[^>]*javascript:/iu);
      }
    expect(raw.account).not.toBe(refusedAsInput);
  });

  test('stays text wherever a page puts it', () => {
    const text = '<p title="">x</p>';
    const drawn = html`<p title="${title}">${title}</p>`.text;
    expect(marksOf(drawn.replace(/title="[^"]*"/u, 'title=""'))).toEqual(marksOf(text));
    expect(drawn.match(/<[^>]*>/gu)).toHaveLength(2);
  });

  test('in an address comes back on no page', async () => {
    const word = encodeURIComponent(title);
    for (const path of [
      `/${word}`,
      `/media/videos/${word}.mp4?exp=1&sig=${word}`,
      `/progress/${word}?exp=1&sig=${word}`,
      `/approvals/${word}?sig=${word}`,
      `/billing/done?checkout=${word}&sig=${word}`,
      `/oauth/google/start?state=${word}`,
      `/oauth/google/callback?error=${word}&error_description=${word}`,
      `/oauth/google/callback?state=${word}&code=${word}`,
    ]) {
      const reply = await ask(world.publicUrl, { path, headers: { accept: 'text/html' } });
      expect(reply.status).toBeGreaterThanOrEqual(400);
      expect(reply.status).toBeLessThan(500);
      expect(reply.text).not.toMatch(/alert|evil\.example|<script/iu);
      expect(reply.headers['content-security-policy']).toContain("default-src 'none'");
    }
  });
});

test('the pages are there, and show the words', async () => {
  expect(kinds.filter((kind) => harmless[kind] === refusedAsInput)).toEqual([]);
  for (const kind of kinds) expect(harmless[kind]).toContain('A paper boat crosses a puddle');
});
