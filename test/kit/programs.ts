import { createHash, randomBytes } from 'node:crypto';

import { z } from 'zod';

import { createVisitor, type Seen, type Visitor } from './visitor.ts';

/** A program that wants to act for people over MCP, as it registered. */
export type Program = {
  readonly clientId: string;
  readonly redirectUri: string;
};

const registered = z.object({ client_id: z.string() });

export const claudeCallback = 'https://claude.ai/api/mcp/auth_callback';

/** Registers a program. @throws ZodError when it is refused. */
export async function registerProgram(
  origin: string,
  metadata: Readonly<Record<string, unknown>> = {},
): Promise<Program> {
  const response = await sendRegistration(origin, metadata);
  const { client_id: clientId } = registered.parse(await response.json());
  const [redirectUri = ''] = z
    .array(z.string())
    .parse(metadata['redirect_uris'] ?? [claudeCallback]);
  return { clientId, redirectUri };
}

/** What a program like Claude sends, with what differs. */
export const sendRegistration = (
  origin: string,
  metadata: Readonly<Record<string, unknown>>,
): Promise<Response> =>
  fetch(`${origin}/auth/oauth2/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      client_name: 'Claude',
      redirect_uris: [claudeCallback],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
      ...metadata,
    }),
  });

/** A proof of RFC 7636: what is kept, and what is shown. */
export function createProof(): { readonly verifier: string; readonly challenge: string } {
  const verifier = randomBytes(32).toString('base64url');
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}

export type Question = {
  readonly program: Program;
  readonly challenge: string;
  /** What differs from a good question; null leaves a parameter out. */
  readonly changes?: Readonly<Record<string, string | null>>;
};

/** The address that a program sends people to. */
export function questionAddress(
  origin: string,
  { program, challenge, changes = {} }: Question,
): string {
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: program.clientId,
    redirect_uri: program.redirectUri,
    scope: 'read spend',
    state: 'state-of-the-program',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    resource: `${origin}/mcp`,
  });
  for (const [name, value] of Object.entries(changes))
    if (value === null) query.delete(name);
    else query.set(name, value);
  return `${origin}/auth/oauth2/authorize?${query.toString()}`;
}

/** Opens the question of a program and presses Allow; the address that the program is called at. */
export async function allow(visitor: Visitor, address: string): Promise<URL> {
  const page = await visitor.open(address);
  const after: Seen = page.text.includes('action="/consent"')
    ? await visitor.press(page, '/consent', { decision: 'allow' })
    : page;
  return new URL(after.url);
}

/** Asks the token address. */
export const askToken = (
  origin: string,
  fields: Readonly<Record<string, string>>,
): Promise<Response> =>
  fetch(`${origin}/auth/oauth2/token`, { method: 'POST', body: new URLSearchParams(fields) });

const tokensSchema = z.object({
  access_token: z.string(),
  refresh_token: z.string(),
  expires_in: z.number(),
  scope: z.string(),
});
export type Tokens = z.infer<typeof tokensSchema>;

/** The tokens of an answer. @throws ZodError for a refusal. */
export const tokensIn = async (response: Response): Promise<Tokens> =>
  tokensSchema.parse(await response.json());

/** The code with everything that its exchange needs. */
export type Exchange = {
  readonly program: Program;
  readonly code: string;
  readonly verifier: string;
};

export const exchangeFields = ({ program, code, verifier }: Exchange): Record<string, string> => ({
  grant_type: 'authorization_code',
  code,
  client_id: program.clientId,
  redirect_uri: program.redirectUri,
  code_verifier: verifier,
});

/** Lets a program in: everything up to its tokens. */
export async function letIn(
  origin: string,
  visitor: Visitor,
  program: Program,
  changes: Question['changes'] = {},
): Promise<Tokens> {
  const { verifier, challenge } = createProof();
  const called = await allow(visitor, questionAddress(origin, { program, challenge, changes }));
  const code = called.searchParams.get('code') ?? '';
  return tokensIn(await askToken(origin, exchangeFields({ program, code, verifier })));
}

/** Calls a tool over MCP with a token. */
export const callTool = (
  origin: string,
  token: string,
  name = 'quota_show',
  input: Readonly<Record<string, unknown>> = {},
): Promise<Response> =>
  fetch(`${origin}/mcp`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name, arguments: input },
    }),
  });

/** Somebody else's browser, with nothing in it. */
export const stranger = (origin: string): Visitor => createVisitor(origin);
