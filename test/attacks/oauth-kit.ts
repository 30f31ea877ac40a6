import { z } from 'zod';

import {
  allow,
  askToken,
  createProof,
  exchangeFields,
  questionAddress,
  type Exchange,
  type Program,
  type Question,
} from '../kit/programs.ts';
import type { Visitor } from '../kit/visitor.ts';
import { ask, type Reply } from './wire.ts';

const refusal = z.object({ error: z.string() });

/** What a token address refuses with: its status and the code of RFC 6749. */
export async function refusalOf(response: Response): Promise<readonly [number, string]> {
  const { error } = refusal.parse(await response.json());
  return [response.status, error];
}

/** A program's question that the person has allowed: everything that the exchange needs. */
export async function askForCode(
  origin: string,
  visitor: Visitor,
  program: Program,
  changes: Question['changes'] = {},
): Promise<Exchange> {
  const { verifier, challenge } = createProof();
  const called = await allow(visitor, questionAddress(origin, { program, challenge, changes }));
  return { program, code: z.string().parse(called.searchParams.get('code')), verifier };
}

/** Exchanges a code, with what differs from the good exchange; null leaves a field out. */
export function exchange(
  origin: string,
  given: Exchange,
  changes: Readonly<Record<string, string | null>> = {},
): Promise<Response> {
  const fields = { ...exchangeFields(given), ...changes };
  return askToken(
    origin,
    Object.fromEntries(
      Object.entries(fields).flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
    ),
  );
}

/** Where the authorisation server sends a browser that asks this, one step at a time as on the wire. */
export async function sentTo(
  origin: string,
  visitor: Visitor,
  address: string,
): Promise<Reply & { readonly place: URL }> {
  const cookie = [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  let place = new URL(address);
  let reply = await ask(place, { path: address.slice(origin.length), headers: { cookie } });
  while (reply.headers.location?.startsWith('/auth/oauth2/authorize')) {
    place = new URL(reply.headers.location, origin);
    reply = await ask(place, { headers: { cookie } });
  }
  return { ...reply, place: new URL(reply.headers.location ?? place.href, origin) };
}
