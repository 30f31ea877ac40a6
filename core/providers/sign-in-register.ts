import { z } from 'zod';

import { programName } from './program-name.ts';
import type { Library } from './sign-in-library.ts';

const mostAddresses = 20;
const longestAddress = 2000;

/**
 * What we take in of RFC 7591; the rest goes unread. Scopes are not kept: people allow them, and a program
 * that registered with fewer could never ask for more.
 */
const registration = z.object({
  redirect_uris: z.array(z.string().max(longestAddress)).min(1).max(mostAddresses).optional(),
  client_name: z.string().optional(),
  client_uri: z
    .url({ protocol: /^https?$/ })
    .max(longestAddress)
    .optional()
    .catch(undefined),
  application_type: z.unknown().optional(),
  token_endpoint_auth_method: z.unknown().optional(),
  grant_types: z.unknown().optional(),
  response_types: z.unknown().optional(),
});

/** Keys at an address of a program's choice would make us call it, so programs prove themselves without keys. */
const keys = z.union([
  z.looseObject({ token_endpoint_auth_method: z.literal('private_key_jwt') }),
  z.looseObject({ jwks: z.json() }),
  z.looseObject({ jwks_uri: z.json() }),
]);

const isLoopback = (address: string): boolean => {
  const { protocol, hostname } = URL.parse(address) ?? {};
  return protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(hostname ?? '');
};

/**
 * Registers a program, whoever's browser asks. One that only comes back to this machine is a native one,
 * which programs do not say (better-auth#10913: it would be refused as a web program without https).
 */
export async function registerProgram({ handle }: Library, request: Request): Promise<Response> {
  const said = parse(await request.text());
  const read = registration.safeParse(said);
  if (!read.success) return refuse('the description of the program cannot be read');
  if (keys.safeParse(said).success)
    return refuse('use token_endpoint_auth_method none with PKCE; keys are not taken');
  const { client_name: name, redirect_uris: addresses = [], ...rest } = read.data;
  const isNative = rest.application_type === undefined && addresses.length > 0;
  const shown = name === undefined ? null : programName(name);
  const body = {
    ...rest,
    ...(addresses.length > 0 ? { redirect_uris: addresses } : {}),
    ...(shown === null ? {} : { client_name: shown }),
    ...(isNative && addresses.every(isLoopback) ? { application_type: 'native' } : {}),
  };
  return handle(
    new Request(request.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  );
}

const refuse = (error_description: string): Response =>
  Response.json({ error: 'invalid_client_metadata', error_description }, { status: 400 });

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
