import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';

import { tokenList } from '../../core/token/list.ts';
import {
  allow,
  callTool,
  createProof,
  exchangeFields,
  askToken,
  questionAddress,
  registerProgram,
  stranger,
  tokensIn,
  type Program,
} from '../kit/programs.ts';
import { contextOfLogin } from '../kit/signed-up.ts';
import { createVisitor, formFields, signUp, type Visitor } from '../kit/visitor.ts';
import { createWorld, type World } from '../kit/world.ts';

let world: World;
let origin: string;
let ana: Visitor;
let ben: Visitor;
let program: Program;

beforeAll(async () => {
  world = await createWorld();
  origin = world.publicUrl;
  ana = createVisitor(origin);
  ben = createVisitor(origin);
  await signUp(world, ana, 'ana@example.org');
  await signUp(world, ben, 'ben@example.org');
  program = await registerProgram(origin);
});
afterAll(() => world.close());
afterEach(() => vi.useRealTimers());

type Asked = { readonly csrf: string; readonly question: string; readonly verifier: string };

/** What the page holds on which somebody is asked. */
async function questionFor(visitor: Visitor, scope = 'read'): Promise<Asked> {
  const { verifier, challenge } = createProof();
  const changes = { scope, prompt: 'consent' };
  const page = await visitor.open(questionAddress(origin, { program, challenge, changes }));
  const { csrf = '', question = '' } = formFields(page.text, '/consent');
  return { csrf, question, verifier };
}

const press = (visitor: Visitor, { csrf, question }: Asked, headers = {}) =>
  visitor.post('/consent', { csrf, question, decision: 'allow' }, headers);

/** The programs of somebody, as they are listed to them. */
async function programsOf(email: string): Promise<string[]> {
  const context = await contextOfLogin(world, email);
  const { tokens } = tokenList.output.parse(await world.must(tokenList, {}, context));
  return tokens.filter(({ kind }) => kind === 'program').map(({ name }) => name);
}

describe('an answer is not taken', () => {
  const changed = (question: string, name: string, value: string): string => {
    const query = new URLSearchParams(question);
    query.set(name, value);
    return query.toString();
  };

  test.each<[string, (asked: Asked) => Asked]>([
    ['without the word of the page', (asked) => ({ ...asked, csrf: '' })],
    ['with a word that was made up', (asked) => ({ ...asked, csrf: 'a'.repeat(43) })],
    ['to no question', (asked) => ({ ...asked, question: '' })],
    [
      'to a question that nobody signed',
      (asked) => ({ ...asked, question: asked.question.replace(/&sig=[^&]*/u, '') }),
    ],
    ['to one with two signatures', (asked) => ({ ...asked, question: `${asked.question}&sig=x` })],
    [
      'to one that asks for more',
      (asked) => ({ ...asked, question: changed(asked.question, 'scope', 'read publish') }),
    ],
    [
      'to one that leads elsewhere',
      (asked) => ({
        ...asked,
        question: changed(asked.question, 'redirect_uri', 'https://evil.example/'),
      }),
    ],
    [
      'to one of another program',
      (asked) => ({ ...asked, question: changed(asked.question, 'client_id', 'client_x') }),
    ],
    [
      'to one with another proof key',
      (asked) => ({
        ...asked,
        question: changed(asked.question, 'code_challenge', createProof().challenge),
      }),
    ],
    [
      'to one that lasts longer',
      (asked) => ({ ...asked, question: changed(asked.question, 'exp', '99999999999') }),
    ],
  ])('%s', async (_what, change) => {
    const asked = await questionFor(ana);
    const after = await press(ana, change(asked));
    expect(after.status).toBe(403);
    expect(after.text).not.toContain('code=');
    expect(after.url).toBe(`${origin}/consent`);
  });

  test('to a question that is older than ten minutes, nor is it shown', async () => {
    const asked = await questionFor(ana);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 601_000 });
    expect((await press(ana, asked)).status).toBe(403);
    expect((await ana.open(`/consent?${asked.question}`)).status).toBe(403);
  });

  test('of somebody who is not signed in', async () => {
    const asked = await questionFor(ana);
    const after = await press(stranger(origin), asked);
    expect(after.url).toContain('/sign-in');
    expect(after.text).not.toContain('code=');
  });

  test('with the word of another person’s page', async () => {
    const [asked, others] = [await questionFor(ana), await questionFor(ben)];
    expect((await press(ana, { ...asked, csrf: others.csrf })).status).toBe(403);
  });

  test.each([
    ['another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
    ['another site in an old browser', { origin: 'https://evil.example' }],
    ['a frame without an origin', { origin: 'null' }],
    ['a neighbour', { 'sec-fetch-site': 'same-site' }],
  ])('from a page of %s', async (_site, headers) => {
    expect((await press(ana, await questionFor(ana), headers)).status).toBe(403);
  });
});

test('whoever answers another person’s question allows it for themselves alone', async () => {
  const own = await registerProgram(origin, { client_name: 'Passed on' });
  const { verifier, challenge } = createProof();
  const page = await ana.open(questionAddress(origin, { program: own, challenge }));
  const { question = '' } = formFields(page.text, '/consent');
  const shown = await ben.open(`/consent?${question}`);
  expect(shown.text).toContain('ben@example.org');
  expect(shown.text).not.toContain('ana@example.org');
  const { csrf = '' } = formFields(shown.text, '/consent');
  const called = new URL((await press(ben, { csrf, question, verifier })).url);
  const code = called.searchParams.get('code') ?? '';
  const tokens = await tokensIn(
    await askToken(origin, exchangeFields({ program: own, code, verifier })),
  );
  expect((await callTool(origin, tokens.access_token)).status).toBe(200);
  expect(await programsOf('ben@example.org')).toContain('Passed on');
  expect(await programsOf('ana@example.org')).not.toContain('Passed on');
});

describe('a program that asks for more than it was allowed', () => {
  test('is asked about anew, and gets nothing in between', async () => {
    const own = await registerProgram(origin, { client_name: 'More' });
    const ask = (scope: string, prompt: string | null = null) => {
      const changes = { scope, prompt };
      return questionAddress(origin, { program: own, challenge: createProof().challenge, changes });
    };
    const first = await allow(ana, ask('read'));
    expect(first.searchParams.has('code')).toBe(true);
    // What was allowed before is not asked about again.
    expect((await ana.open(ask('read'))).url).toContain('code=');
    const more = await ana.open(ask('read publish'));
    expect(more.text).toContain('action="/consent"');
    const silent = new URL((await ana.open(ask('read publish', 'none'))).url);
    expect(silent.searchParams.get('error')).toBe('consent_required');
  });

  test('gets no scope that we do not have', async () => {
    const { challenge } = createProof();
    for (const scope of ['admin', 'read admin', 'openid', 'profile', '*', 'READ']) {
      const address = questionAddress(origin, { program, challenge, changes: { scope } });
      const { searchParams } = new URL((await ana.open(address)).url);
      expect(searchParams.get('error')).toBe('invalid_scope');
    }
  });
});

describe('the page', () => {
  const shownAs = async (client_name: string) => {
    const own = await registerProgram(origin, { client_name });
    const { challenge } = createProof();
    return ana.open(questionAddress(origin, { program: own, challenge }));
  };

  test('is not framed, not kept, and runs no script but its own', async () => {
    const { headers, status } = await shownAs('Claude');
    expect(status).toBe(200);
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('content-security-policy')).not.toContain('unsafe');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('referrer-policy')).toBe('same-origin');
  });

  test('no answer on the way is kept by a cache', async () => {
    const still = createVisitor(origin, { follow: false });
    for (const [name, value] of ana.cookies) still.cookies.set(name, value);
    const { challenge } = createProof();
    const address = questionAddress(origin, { program, challenge, changes: { prompt: 'consent' } });
    const first = await still.open(address);
    const second = await still.open(first.headers.get('location') ?? '');
    const third = await still.open(second.headers.get('location') ?? '');
    const answer = await still.press(third, '/consent', { decision: 'allow' });
    for (const { headers } of [second, third, answer])
      expect(headers.get('cache-control')).toBe('no-store');
    expect(answer.text).toContain('code=');
  });

  test.each([
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    '</title><script>alert(1)</script>',
    '&lt;script&gt;alert(1)&lt;/script&gt;',
    '${7*7}`;alert(1)//',
  ])('shows the name %s as words', async (name) => {
    const { text } = await shownAs(name);
    expect(text).not.toContain(name);
    expect(text).not.toMatch(/<(?:script>alert|img|svg)/u);
    expect(text).toContain('alert(1)');
  });

  test('shows neither turned letters nor hidden ones, and 80 letters at most', async () => {
    const turned = await shownAs('\u202eedualC\u2066 by\u200b A\u0000\u0007\r\nJilo\u{e0041}');
    expect(turned.text).toContain('edualC by A Jilo <span');
    const long = await shownAs('x'.repeat(10_000));
    expect(long.text).toContain(`${'x'.repeat(80)} <span`);
    expect(long.text).not.toContain('x'.repeat(81));
  });

  test('says of every name that the program says so itself', async () => {
    expect((await shownAs('Jilo (checked)')).text).toContain('nobody has checked it');
  });
});
