import { createHash } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { approvalLink } from '../core/consent/link.ts';
import type { Context, Services, Surface } from '../core/context.ts';
import { isFault } from '../core/fault.ts';
import { defineOperation, perform, type Outcome } from '../core/operation.ts';
import { createWorld, type World } from '../test/kit/world.ts';
import { createWebApp } from './app.ts';
import { scriptElement } from './page/assets.ts';
import { serveWeb, type WebServer } from './serve.ts';

let world: World;
let services: Services;
let web: WebServer;
const ran: unknown[] = [];

const notePublish = defineOperation({
  name: 'note_publish',
  summary: { en: 'Publish a note.', zh: '发布一条便签。' },
  effect: 'publish',
  audience: 'everyone',
  needs: [],
  decidedByPerson: ['privacy', 'made_for_kids', 'days', 'footer'],
  input: z.object({
    text: z.string().describe('What it says'),
    privacy: z.enum(['private', 'public']).default('private').describe('Who can see it'),
    made_for_kids: z.boolean().default(false).describe('Whether it is made for children'),
    days: z.literal([7, 30]).default(7).describe('How long it stays'),
    footer: z.string().max(5).optional().describe('A "last" line'),
  }),
  output: z.object({ text: z.string() }),
  preview: async ({ text }) => ({ title: text, lines: [['<b>Text</b>', text]] as const, cost: 2 }),
  run: async (input) => {
    ran.push(input);
    return { text: input.text };
  },
  say: ({ text }) => text,
});

beforeAll(async () => {
  world = await createWorld();
  const address = { url: '' };
  services = { ...world.services, publicUrl: () => address.url };
  web = await serveWeb(
    createWebApp(services, { operations: [notePublish], instanceId: 'run_x' }),
    0,
  );
  address.url = web.url;
});
afterAll(async () => {
  await web.close();
  await world.close();
});
beforeEach(() => void ran.splice(0));

const contextOf = async (surface: Surface, account?: string): Promise<Context> => {
  const { actor, locale, timeZone, signal } = await world.context(surface, account);
  return { ...services, actor, locale, timeZone, signal };
};

const codeOf = (outcome: Outcome) => (outcome.ok ? 'ok' : outcome.fault.code);

/** Asks as a model would (or as a person elsewhere) and answers with the approval and its link. */
async function ask(input: Record<string, unknown>, surface: Surface = 'mcp') {
  const context = await contextOf(surface);
  const outcome = await perform(notePublish, input, context);
  if (outcome.ok || !isFault(outcome.fault, 'approval_required')) throw new Error('not asked');
  const { id, link } = outcome.fault.params;
  const sig = new URL(link ?? '').searchParams.get('sig') ?? '';
  return { id, link: link ?? '', sig, again: () => perform(notePublish, input, context) };
}

const post = (
  id: string,
  form: Record<string, string>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> =>
  fetch(`${web.url}/approvals/${id}`, {
    method: 'POST',
    body: new URLSearchParams(form),
    headers: { origin: web.url, ...headers },
  });

describe('the page', () => {
  test('shows what is asked, small, uncached and without anything that could run but its own script', async () => {
    const { link } = await ask({ text: 'a quiet note' });
    const response = await fetch(link);
    const whole = await response.text();
    const page = whole.replace(scriptElement('forms'), '');
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(Buffer.byteLength(whole)).toBeLessThan(50_000);
    expect(page).not.toMatch(/<script|\son\w+=|javascript:|https?:\/\//i);
    for (const text of ['a quiet note', 'Quota', 'Asked by', 'MCP', 'Valid until', '08:15 UTC'])
      expect(page).toContain(text);
    expect(page).toMatch(/value="approve"[^>]*>\s*Approve/);
    expect(page).toMatch(/value="decline"[^>]*>\s*Decline/);
  });

  test('allows exactly its own style and script, its own form, and no frame', async () => {
    const { link } = await ask({ text: 'policy' });
    const response = await fetch(link);
    const policy = response.headers.get('content-security-policy') ?? '';
    const page = await response.text();
    const hashOf = (mark: RegExp) =>
      createHash('sha256')
        .update(mark.exec(page)?.[1] ?? '')
        .digest('base64');
    const style = hashOf(/<style>([\s\S]*)<\/style>/);
    const script = hashOf(/<script type="module">([\s\S]*)<\/script>/);
    expect(policy.split(';').toSorted()).toEqual([
      "base-uri 'none'",
      "connect-src 'self'",
      "default-src 'none'",
      "form-action 'self'",
      "frame-ancestors 'none'",
      "img-src 'self'",
      "media-src 'self'",
      `script-src 'sha256-${script}'`,
      `style-src 'sha256-${style}'`,
    ]);
    expect(response.headers.get('x-frame-options')).toBe('DENY');
    expect(response.headers.get('referrer-policy')).toBe('same-origin');
  });

  test('escapes everything that a model or a stranger wrote', async () => {
    const text = `<script>alert(1)</script><img src=x onerror=1>"'\`&</style>`;
    const page = await (await fetch((await ask({ text })).link)).text();
    expect(page).not.toContain('<script>');
    expect(page).not.toContain('<img');
    expect(page).not.toContain('<b>Text');
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page).toContain('&quot;&#39;&#96;&amp;&lt;/style&gt;');
    expect(page.match(/<\/style>/g)).toHaveLength(1);
  });

  test('speaks the language of the browser', async () => {
    const { link } = await ask({ text: 'in Chinese' });
    const read = async (language: string) =>
      (await fetch(link, { headers: { 'accept-language': language } })).text();
    expect(await read('zh-Hans-CN,zh;q=0.9,en;q=0.5')).toMatch(/lang="zh-CN"[\s\S]*批准/);
    expect(await read('en-GB,zh;q=0.3')).toContain('Approve');
    expect(await read('fr')).toContain('Approve');
  });

  test('draws what only a person decides, set to the safe values', async () => {
    const whole = await (await fetch((await ask({ text: 'fields' })).link)).text();
    const page = whole.replace(scriptElement('forms'), '');
    expect(page).toMatch(/Visibility[\s\S]*<select name="choose_privacy">/);
    expect(page).toMatch(
      /<option value="private" selected>Private<\/option>\s*<option value="public">Public</,
    );
    expect(page).toMatch(/Made for children[\s\S]*type="checkbox" name="choose_made_for_kids"/);
    expect(page).not.toContain('checked');
    expect(page).toMatch(
      /<option value="7" selected>Last 7 days<\/option>\s*<option value="30">Last 30 days</,
    );
    expect(page).toContain('A &quot;last&quot; line');
  });

  test('draws no such field for a person, who has filled them in', async () => {
    const { link } = await ask({ text: 'by a person', privacy: 'public' }, 'discord');
    const page = await (await fetch(link)).text();
    expect(page).toContain('Discord');
    expect(page).not.toContain('choose_');
  });

  test('decides nothing however often it is looked at', async () => {
    const { link, again } = await ask({ text: 'looking' });
    for (const query of ['', '&decision=approve', '&decision=approve&choose_privacy=public'])
      for (const method of ['GET', 'HEAD'])
        expect((await fetch(link + query, { method })).status).toBe(200);
    expect(codeOf(await again())).toBe('approval_required');
  });
});

describe('a decision', () => {
  test('to approve lets exactly one call through, with the choices', async () => {
    const { id, sig, link, again } = await ask({ text: 'approved' });
    const response = await post(id, {
      sig,
      decision: 'approve',
      choose_privacy: 'public',
      choose_made_for_kids: 'on',
      choose_days: '30',
      choose_footer: '',
      choose_text: 'smuggled',
    });
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('Approved.');
    expect(await (await fetch(link)).text()).toContain('Approved.');
    expect(codeOf(await again())).toBe('ok');
    expect(ran).toEqual([{ text: 'approved', privacy: 'public', made_for_kids: true, days: 30 }]);
    expect((await fetch(link)).status).toBe(410);
    expect(codeOf(await again())).toBe('approval_required');
  });

  test('without choices takes the safe values', async () => {
    const { id, sig, again } = await ask({ text: 'safe' });
    expect((await post(id, { sig, decision: 'approve' })).status).toBe(200);
    await again();
    expect(ran).toEqual([{ text: 'safe', privacy: 'private', made_for_kids: false, days: 7 }]);
  });

  test("leaves a person's own fields alone", async () => {
    const { id, sig, again } = await ask({ text: 'own', privacy: 'public' }, 'terminal');
    await post(id, { sig, decision: 'approve', choose_privacy: 'private' });
    await again();
    expect(ran).toMatchObject([{ privacy: 'public' }]);
  });

  test('to decline starts nothing', async () => {
    const { id, sig, link, again } = await ask({ text: 'declined' });
    const response = await post(id, { sig, decision: 'decline', choose_privacy: 'nonsense' });
    expect(await response.text()).toContain('Declined.');
    expect(await (await fetch(link)).text()).toContain('Declined.');
    expect(codeOf(await again())).toBe('approval_refused');
    expect(ran).toEqual([]);
  });

  test('is made once: of many presses one counts, the others get 410', async () => {
    const { id, sig } = await ask({ text: 'pressed often' });
    const presses = Array.from({ length: 10 }, (_, n) =>
      post(id, { sig, decision: n % 2 ? 'approve' : 'decline' }),
    );
    const statuses = (await Promise.all(presses)).map(({ status }) => status);
    expect(statuses.toSorted((a, b) => a - b)).toEqual([
      200,
      ...Array.from({ length: 9 }, () => 410),
    ]);
  });

  test.each<[string, Record<string, string>]>([
    ['a choice that is none', { choose_privacy: 'everyone' }],
    ['a number that is none', { choose_days: '9' }],
    ['a text that is too long', { choose_footer: 'longer than five' }],
    ['no decision', { decision: '' }],
  ])('with %s is refused with 400 and stays open', async (what, form) => {
    const { id, sig, link } = await ask({ text: what });
    expect((await post(id, { sig, decision: 'approve', ...form })).status).toBe(400);
    expect(await (await fetch(link)).text()).toContain('value="approve"');
  });

  test.each<[string, Record<string, string>]>([
    ['another site', { origin: 'https://evil.example' }],
    ['an opaque page', { origin: 'null' }],
    ['another port', { origin: 'http://127.0.0.1:1' }],
    ['a cross-site request of a browser', { 'sec-fetch-site': 'cross-site' }],
  ])('sent from %s is refused', async (what, headers) => {
    const { id, sig, again } = await ask({ text: what });
    expect((await post(id, { sig, decision: 'approve' }, headers)).status).toBe(403);
    expect(codeOf(await again())).toBe('approval_required');
  });

  test('needs no Origin header, which old clients do not send', async () => {
    const { id, sig } = await ask({ text: 'old client' });
    const body = new URLSearchParams({ sig, decision: 'approve' });
    const response = await fetch(`${web.url}/approvals/${id}`, { method: 'POST', body });
    expect(response.status).toBe(200);
  });

  test('is not taken as JSON, nor with more than 16 KiB', async () => {
    const { id, sig } = await ask({ text: 'shapes' });
    const json = { 'content-type': 'application/json', origin: web.url };
    const body = JSON.stringify({ sig, decision: 'approve' });
    const url = `${web.url}/approvals/${id}`;
    expect((await fetch(url, { method: 'POST', body, headers: json })).status).toBe(403);
    const large = { sig, decision: 'approve', choose_footer: 'x'.repeat(17_000) };
    expect((await post(id, large)).status).toBe(413);
  });
});

describe('who may decide', () => {
  test("no one without the signature, or with another approval's", async () => {
    const mine = await ask({ text: 'mine' });
    const other = await ask({ text: 'other' });
    const forged = [`${web.url}/approvals/${mine.id}`, mine.link.replace(mine.sig, other.sig)];
    for (const link of [...forged, `${mine.link}x`, `${mine.link}&sig=${mine.sig}`])
      expect((await fetch(link)).status, link).toBe(403);
    expect((await post(mine.id, { sig: other.sig, decision: 'approve' })).status).toBe(403);
    expect((await post(mine.id, { decision: 'approve' })).status).toBe(403);
    expect(codeOf(await mine.again())).toBe('approval_required');
  });

  test('no one after a quarter of an hour', async () => {
    const { id, sig, link } = await ask({ text: 'expired' });
    await world.advance(15 * 60);
    const page = await fetch(link);
    expect(page.status).toBe(410);
    expect(await page.text()).toContain('This approval cannot be used');
    expect((await post(id, { sig, decision: 'approve' })).status).toBe(410);
  });

  test('no one for an approval that does not exist, even with our signature', async () => {
    expect((await fetch(approvalLink(services, 'apr_none') ?? '')).status).toBe(410);
  });

  test('no one for an operation that is no longer offered', async () => {
    const other = await serveWeb(createWebApp(services, { operations: [], instanceId: 'y' }), 0);
    const { link } = await ask({ text: 'gone' });
    expect((await fetch(link.replace(web.url, other.url))).status).toBe(410);
    await other.close();
  });
});
