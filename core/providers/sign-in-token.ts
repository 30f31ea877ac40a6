import { isKnownProgram, readLetInAt } from '../account/sign-in-store.ts';
import { secondsAfter } from '../clock.ts';
import type { Services } from '../context.ts';
import { sha256Base64Url } from '../crypto.ts';
import type { Library } from './sign-in-library.ts';

/** What refresh tokens begin with. */
export const refreshPrefix = 'jilo_rt_';

/** So long after a person let a program in it has to ask them anew; the library renews for ever. */
const mostSeconds = 365 * 86_400;

/**
 * The token address as RFC 6749 has it in section 5.2: a program that is not known is told so, and
 * registers once more. better-auth 1.7.5 looks for the token first, which went with the program.
 */
export async function giveToken(
  services: Services,
  { handle }: Library,
  request: Request,
): Promise<Response> {
  const body = await request.text();
  const { url, headers } = request;
  const sent = new URLSearchParams(body);
  const named = namedIn(headers) ?? sent.get('client_id');
  if (named !== null && !URL.canParse(named) && !(await isKnownProgram(services, named)))
    return unknownProgram(headers);
  if (await isLetInTooLongAgo(services, sent.get('refresh_token'))) return askAnew();
  return handle(new Request(url, { method: 'POST', headers, body }));
}

/** RFC 6749, section 2.3.1: both halves are written as in a form. */
function namedIn(headers: Headers): string | null {
  const [scheme = '', sent = ''] = (headers.get('authorization') ?? '').split(' ', 2);
  if (scheme.toLowerCase() !== 'basic') return null;
  const [id = ''] = Buffer.from(sent, 'base64').toString('utf8').split(':', 1);
  return new URLSearchParams(`id=${id}`).get('id');
}

async function isLetInTooLongAgo(services: Services, token: string | null): Promise<boolean> {
  if (token === null) return false;
  const at = await readLetInAt(services, sha256Base64Url(token.slice(refreshPrefix.length)));
  return at !== null && secondsAfter(at, mostSeconds) <= services.clock.now();
}

const askAnew = (): Response =>
  Response.json(
    { error: 'invalid_grant', error_description: 'ask the person anew' },
    { status: 400, headers: { 'cache-control': 'no-store' } },
  );

const unknownProgram = (headers: Headers): Response =>
  Response.json(
    { error: 'invalid_client', error_description: 'no such client is registered' },
    {
      status: 401,
      ...(headers.has('authorization') ? { headers: { 'www-authenticate': 'Basic' } } : {}),
    },
  );
