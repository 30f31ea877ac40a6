import { eq } from 'drizzle-orm';

import { loginMethods, loginProofs, logins, loginSessions } from '../../drizzle/schema/sign-in.ts';
import { identities } from '../../drizzle/schema/people.ts';
import { startDiscord, type DiscordEmulator } from '../../sandbox/discord/discord.ts';
import { wallClock } from '../../sandbox/clock.ts';
import { formFields, type Seen, type Visitor } from './visitor.ts';
import { createWorld, type World } from './world.ts';

export type Provider = 'google' | 'discord';

/** A world in which people sign in with Google and with Discord. */
export async function createProviderWorld(): Promise<{ world: World; discord: DiscordEmulator }> {
  const discord = await startDiscord({
    clock: wallClock,
    token: 'test-discord',
    clientSecret: 'test-discord-client',
  });
  const world = await createWorld({
    settings: {
      DISCORD_API_URL: discord.apiUrl,
      DISCORD_APPLICATION_ID: discord.applicationId,
      DISCORD_CLIENT_SECRET: discord.clientSecret,
    },
  });
  return { world, discord };
}

/** Presses the button of a provider, and stands before its page. */
export async function goTo(visitor: Visitor, provider: Provider, next = ''): Promise<Seen> {
  const page = await visitor.open(`/sign-in${next && `?next=${encodeURIComponent(next)}`}`);
  return visitor.press(page, `/sign-in/${provider}`);
}

/** Where the provider's page sends the browser back to, without going there. */
export async function answer(
  { url, text }: Seen,
  account: string,
  decision: 'allow' | 'deny' = 'allow',
): Promise<string> {
  const { pathname, origin } = new URL(url);
  const response = await fetch(new URL(pathname, origin), {
    method: 'POST',
    body: new URLSearchParams({ ...formFields(text, pathname), account, decision }),
    headers: { origin },
    redirect: 'manual',
  });
  const back = response.headers.get('location');
  if (back === null) throw new Error(`the provider refused: ${await response.text()}`);
  return back;
}

/** The whole way: the button, the provider's page, and back. */
export async function signInWith(
  visitor: Visitor,
  provider: Provider,
  account: string,
  next = '',
): Promise<Seen> {
  return visitor.open(await answer(await goTo(visitor, provider, next), account));
}

/** What is kept of an address: its login, its ways to sign in, its sessions, its accounts. */
export async function keptOf({ app }: World, email: string) {
  const { db } = app.database;
  const [login] = await db.select().from(logins).where(eq(logins.email, email));
  const id = login?.id ?? '';
  const methods = await db.select().from(loginMethods).where(eq(loginMethods.userId, id));
  const sessions = await db.select().from(loginSessions).where(eq(loginSessions.userId, id));
  const owned = await db.select().from(identities).where(eq(identities.subject, id));
  return {
    login,
    methods,
    providers: methods.map(({ providerId }) => providerId).toSorted(),
    sessions: sessions.length,
    accountId: owned[0]?.accountId ?? null,
  };
}

/** How much is kept of everybody. */
export async function countLogins({ app }: World) {
  const { db } = app.database;
  return {
    logins: await db.$count(logins),
    sessions: await db.$count(loginSessions),
    proofs: await db.$count(loginProofs),
  };
}

/** Nobody has ever signed in. */
export async function forgetLogins({ app }: World): Promise<void> {
  await app.database.db.delete(logins);
  await app.database.db.delete(loginProofs);
}
