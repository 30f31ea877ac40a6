import { z } from 'zod';

import { Fault } from '../fault.ts';
import { hideAddresses } from '../mail-address.ts';

const provider = 'Mail';

/**
 * Why there was no answer that is any use. `silent`: no connection, or it broke. `plain`: no TLS, or none
 * that can be trusted. `refused`: it does not let us in. `busy`: later. `failed`: for good.
 */
export type SmtpTrouble = {
  readonly kind: 'silent' | 'plain' | 'refused' | 'busy' | 'failed';
  /** Of the client or of the system, such as `ECONNREFUSED`. */
  readonly code: string;
  /** 0 when nothing came. */
  readonly status: number;
  /** For operators: what the server said, without an address in full. */
  readonly text: string;
};

/** What the client's errors hold; anything else is a defect of ours. */
const failureSchema = z.object({
  message: z.string(),
  code: z.string(),
  responseCode: z.int().optional(),
  command: z.string().optional(),
  /** What the system or the TLS library said, where the client put a code of its own over it. */
  originalCode: z.string().optional(),
});
type Failure = z.infer<typeof failureSchema>;

/** The client's codes for a connection that was not made or broke. */
const broken = new Set(['ECONNECTION', 'ETIMEDOUT', 'ESOCKET', 'EDNS', 'EPROTOCOL', 'ESTREAM']);
/** Its codes for a mail that it does not even offer. */
const unusable = new Set(['EENVELOPE', 'EMESSAGE']);
/** Certificates that do not hold, and a far end that speaks no TLS. */
const untrusted = /CERT|^ERR_(?:TLS|SSL)_|^UNABLE_TO_|^EPROTO$/;
/** Sign in first, encrypt first, or not with these. */
const letIn = new Set([530, 534, 535, 538]);

/**
 * What went wrong, from an error of the client; null when it is none. A reply of 503 tells of the session
 * and not of the mail, so that the next one may go through (RFC 5321, 4.2.4).
 */
export function readTrouble(error: unknown): SmtpTrouble | null {
  const { data } = failureSchema.safeParse(error);
  const status = data?.responseCode ?? 0;
  const kind = data ? kindOf(data, status) : null;
  if (!data || !kind) return null;
  return { kind, code: data.originalCode ?? data.code, status, text: textOf(data, status) };
}

function kindOf(failure: Failure, status: number): SmtpTrouble['kind'] | null {
  const { code, originalCode = code } = failure;
  if (code === 'ETLS' || untrusted.test(originalCode)) return 'plain';
  if (letIn.has(status)) return 'refused';
  if (status >= 400 && (status < 500 || status === 503)) return 'busy';
  if (isLogin(failure)) return 'refused';
  if (status >= 500 || unusable.has(code)) return 'failed';
  return broken.has(code) ? 'silent' : null;
}

const isLogin = ({ code, command = '' }: Failure): boolean =>
  code === 'EAUTH' || code === 'ENOAUTH' || command.startsWith('AUTH');

/** A server may repeat what it was sent to sign in with, so its words of that are left out. */
function textOf(failure: Failure, status: number): string {
  const { message, code, originalCode = code, command = 'CONN' } = failure;
  const said = isLogin(failure) ? '' : `: ${hideAddresses(message).slice(0, 300)}`;
  const verb = command.split(' ')[0] ?? '';
  return `${status === 0 ? originalCode : `${status} (${code})`} after ${verb}${said}`;
}

/** The fault of what went wrong. The cause holds neither the mail nor what we sign in with. */
export function faultForTrouble({ kind, text }: SmtpTrouble): Fault {
  const cause = new Error(`The mail server: ${text}`);
  if (kind === 'silent' || kind === 'busy')
    return new Fault('provider_busy', { provider }, { cause });
  if (kind === 'plain' || kind === 'refused')
    return new Fault('provider_locked', { provider }, { cause });
  return new Fault('provider_failed', { provider }, { cause });
}
