import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { openAccount } from '../../core/account/open.ts';
import { signInWords } from '../../core/messages/sign-in.ts';
import type { DiscordEmulator } from '../../sandbox/discord/discord.ts';
import { answer, createProviderWorld, goTo, keptOf, signInWith } from '../../test/kit/providers.ts';
import {
  createVisitor,
  formFields,
  goodPassword,
  signUp,
  type Visitor,
} from '../../test/kit/visitor.ts';
import type { World } from '../../test/kit/world.ts';

let world: World;
let discord: DiscordEmulator;
beforeAll(async () => {
  ({ world, discord } = await createProviderWorld());
});
afterAll(async () => {
  await world.close();
  await discord.close();
});

const visit = (language = 'en'): Visitor => createVisitor(world.publicUrl, { language });
const person = (email: string, emailVerified = true) =>
  world.emulators.google.addPerson({ name: `Name of ${email}`, email, emailVerified });
const pathOf = (url: string): string => new URL(url).pathname;
/** Where a first visit without a wish ends. */
const welcome = '/dashboard?welcome=1';
const words = signInWords.en.problems.provider_refused;
const linkMails = (email: string) =>
  world.emulators.mail.mails(email).filter(({ subject }) => subject.includes('new way to sign in'));

describe('Google', () => {
  test('opens an account at the first time and finds it again at the second', async () => {
    const kim = person('kim@example.org');
    const page = await signInWith(visit(), 'google', kim.id);
    expect([page.status, pathOf(page.url)]).toEqual([200, '/dashboard']);
    const first = await keptOf(world, kim.email);
    expect(first).toMatchObject({
      login: { name: kim.name, emailVerified: true },
      providers: ['google'],
      sessions: 1,
    });
    expect(first.accountId).toMatch(/^acc_/);

    expect((await signInWith(visit(), 'google', kim.id)).status).toBe(200);
    const second = await keptOf(world, kim.email);
    expect([second.accountId, second.methods]).toEqual([first.accountId, first.methods]);
    expect(second.sessions).toBe(2);
    await world.drain();
    expect(world.emulators.mail.mails(kim.email)).toEqual([]);
  });

  test('keeps nothing of what Google gave but who somebody is there', async () => {
    const lee = person('lee@example.org');
    await signInWith(visit(), 'google', lee.id);
    const { methods } = await keptOf(world, lee.email);
    expect(methods).toMatchObject([
      { accountId: lee.id, accessToken: null, refreshToken: null, idToken: null, password: null },
    ]);
    expect(world.emulators.google.grants).toBe(0);
  });

  test('becomes the second way into a login whose address is proved, and its owner is written to', async () => {
    const ada = person('ada@example.org');
    await signUp(world, visit(), ada.email);
    const before = await keptOf(world, ada.email);
    const page = await signInWith(visit(), 'google', ada.id);
    expect(pathOf(page.url)).toBe('/dashboard');
    const after = await keptOf(world, ada.email);
    expect(after.providers).toEqual(['credential', 'google']);
    expect([after.login?.id, after.accountId]).toEqual([before.login?.id, before.accountId]);
    await world.drain();
    const [mail, ...others] = linkMails(ada.email);
    expect(others).toEqual([]);
    expect(mail?.text).toContain('with Google');
    expect(mail?.text).toContain(`${world.publicUrl}/account`);

    await signInWith(visit(), 'google', ada.id);
    await world.drain();
    expect(linkMails(ada.email)).toHaveLength(1);
  });

  test('does not come to a login that somebody registered before with an address that they never proved', async () => {
    const eve = person('victim@example.org');
    const stranger = visit();
    const form = await stranger.open('/sign-up');
    const typed = { email: eve.email, password: goodPassword, repeat: goodPassword };
    await stranger.press(form, '/sign-up', typed);
    const visitor = visit();
    const page = await signInWith(visitor, 'google', eve.id);
    expect(page.text).toContain(words);
    expect(pathOf(page.url)).toBe('/sign-in');
    const kept = await keptOf(world, eve.email);
    expect([kept.providers, kept.sessions]).toEqual([['credential'], 0]);
    expect((await visitor.open('/dashboard')).url).toContain('/sign-in');
    await world.drain();
    expect(linkMails(eve.email)).toEqual([]);
  });

  test('with an address that Google has not proved neither links nor opens anything', async () => {
    const known = person('proved@example.org', false);
    await signUp(world, visit(), known.email);
    const linked = await signInWith(visit(), 'google', known.id);
    expect(linked.text).toContain(words);
    expect((await keptOf(world, known.email)).providers).toEqual(['credential']);

    const unknown = person('unknown@example.org', false);
    const opened = await signInWith(visit(), 'google', unknown.id);
    expect(opened.text).toContain(words);
    expect((await keptOf(world, unknown.email)).login).toBeUndefined();
    await world.drain();
    expect(world.emulators.mail.mails(unknown.email)).toEqual([]);
  });
});

describe('Discord', () => {
  test('leads to the account that the bot knows somebody by', async () => {
    const mo = discord.person('Mo', { email: 'mo@example.org' });
    const identity = { provider: 'discord', subject: mo.id };
    const known = await openAccount(world.app, identity, { displayName: 'Mo', locale: 'en' });
    const page = await signInWith(visit(), 'discord', mo.id);
    expect([page.status, pathOf(page.url)]).toEqual([200, '/dashboard']);
    expect(await keptOf(world, 'mo@example.org')).toMatchObject({
      login: { name: 'Mo' },
      providers: ['discord'],
      accountId: known.id,
    });
  });

  test('leads the bot to the account of whoever was on the web first', async () => {
    const sam = discord.person('Sam', { email: 'sam@example.org' });
    await signInWith(visit(), 'discord', sam.id);
    const { accountId, methods } = await keptOf(world, 'sam@example.org');
    const identity = { provider: 'discord', subject: sam.id };
    const met = await openAccount(world.app, identity, { displayName: 'Sam', locale: 'en' });
    expect(met.id).toBe(accountId);
    expect(methods).toMatchObject([
      { accountId: sam.id, accessToken: null, refreshToken: null, idToken: null },
    ]);
    await signInWith(visit(), 'discord', sam.id);
    expect((await keptOf(world, 'sam@example.org')).accountId).toBe(accountId);
  });

  test.each([
    ['no address', { email: null }],
    ['an address that nobody has proved', { email: 'loose@example.org', emailVerified: false }],
  ])('with %s is refused', async (_what, options) => {
    const ann = discord.person(`Ann ${options.email}`, options);
    const page = await signInWith(visit(), 'discord', ann.id);
    expect(page.text).toContain(words);
    expect((await keptOf(world, 'loose@example.org')).login).toBeUndefined();
  });
});

describe.each(['google', 'discord'] as const)('by %s', (provider) => {
  let visits = 0;
  const accountOf = (): string => {
    const email = `${provider}-${(visits += 1)}@example.org`;
    return provider === 'google' ? person(email).id : discord.person(email, { email }).id;
  };

  test.each(['en', 'zh'] as const)('whoever says no there is told so in %s', async (language) => {
    const visitor = visit(language);
    const page = await goTo(visitor, provider, '/account?from=there');
    const back = await visitor.open(await answer(page, accountOf(), 'deny'));
    expect(pathOf(back.url)).toBe('/sign-in');
    expect(formFields(back.text, '/sign-in')).toMatchObject({ next: '/account?from=there' });
    expect(back.text).toContain(signInWords[language].problems.provider_refused);
    expect((await visitor.open('/dashboard')).url).toContain('/sign-in');
  });

  test.each([
    ['/account?from=there', '/account?from=there'],
    ['/nothing/a%2Fb?c=~(*)!', '/nothing/a%2Fb?c=~(*)!'],
    ['https://evil.example/', welcome],
    ['//evil.example/', welcome],
    ['/\\evil.example', welcome],
  ])('%s leads to %s', async (next, expected) => {
    const page = await signInWith(visit(), provider, accountOf(), next);
    expect(page.url).toBe(`${world.publicUrl}${expected}`);
  });
});
