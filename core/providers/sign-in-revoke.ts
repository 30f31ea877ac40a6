import { z } from 'zod';

import type { Library } from './sign-in-library.ts';

const unknownToken = z.object({
  error: z.literal('invalid_request'),
  error_description: z.literal('token not found'),
});

/**
 * Revocation as RFC 7009 has it, which better-auth 1.7.5 misses twice: a wrong hint makes it give up
 * (section 2.1: the search goes on), and a token that is unknown or ended already is an error (2.2: it is
 * none).
 */
export async function revokeToken({ handle }: Library, request: Request): Promise<Response> {
  const fields = new URLSearchParams(await request.text());
  fields.delete('token_type_hint');
  const { url, headers } = request;
  const answer = await handle(
    new Request(url, { method: 'POST', headers, body: fields.toString() }),
  );
  if (answer.status !== 400) return answer;
  const body: unknown = await answer.clone().json();
  return unknownToken.safeParse(body).success ? new Response(null, { status: 200 }) : answer;
}
