import type { ClientCapabilities } from '@modelcontextprotocol/server';
import { z } from 'zod';

import type { Crypto } from '../core/crypto.ts';
import type { Ids } from '../core/ids.ts';
import { appCapabilities, showsApps } from './ui/apps.ts';

const kinds = ['none', 'form', 'url', 'both'] as const;
type Kind = (typeof kinds)[number];

const statementSchema = z.object({
  id: z.string(),
  account: z.string(),
  elicitation: z.enum(kinds),
  apps: z.boolean(),
});

const capabilities: Readonly<Record<Kind, ClientCapabilities>> = {
  none: {},
  form: { elicitation: { form: {} } },
  url: { elicitation: { url: {} } },
  both: { elicitation: { form: {}, url: {} } },
};

/** Whose the session is, and what it is signed with. */
type Keys = { readonly account: string; readonly crypto: Crypto };

/** What one connection of a client of 2025 says of itself. */
export type Session = {
  /** Its own, so that its requests are not taken for those of another client of the account. */
  readonly id: string;
  readonly client: ClientCapabilities;
};

/**
 * The session id of a client of 2025: a signed statement of how it can ask its person, and whether it
 * shows apps. It comes back with every request, so no process has to remember it.
 */
export function writeSession(
  { account, crypto, ids }: Keys & { readonly ids: Ids },
  client: ClientCapabilities,
): string {
  const statement = JSON.stringify({
    id: ids.next('mcp'),
    account,
    elicitation: kindOf(client),
    apps: showsApps(client),
  });
  const text = Buffer.from(statement).toString('base64url');
  return `${text}.${crypto.sign('mcp-session', text)}`;
}

function kindOf({ elicitation }: ClientCapabilities): Kind {
  if (!elicitation) return 'none';
  const { form, url } = elicitation;
  if (form && url) return 'both';
  // A client that names no kind means forms: there was no other kind when it was written.
  return url ? 'url' : 'form';
}

/** The statement of a session id; null for one that is absent, forged, or another account's. */
export function readSession({ account, crypto }: Keys, session: string | null): Session | null {
  const [text = '', signature = ''] = (session ?? '').split('.', 2);
  if (!crypto.verify(signature, 'mcp-session', text)) return null;
  const statement = statementSchema.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
  const { id, elicitation, apps } = statement;
  if (statement.account !== account) return null;
  return { id, client: { ...capabilities[elicitation], ...(apps ? appCapabilities : {}) } };
}
