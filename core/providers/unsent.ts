import { z } from 'zod';

/** What Node and its HTTP clients say where a connection was not made; the errors inside are those of each address. */
const failureSchema = z.object({
  code: z.unknown().optional(),
  syscall: z.unknown().optional(),
  errors: z.array(z.unknown()).optional(),
  cause: z.unknown().optional(),
});

/** Looking the name up, or opening the connection: nothing of a request has left by then. */
const beforeSending: readonly unknown[] = ['connect', 'getaddrinfo'];
const clientsDeep = 6;

/**
 * Whether a request failed before a byte of it could leave: the name was not found, or nobody took the
 * connection. Only then is it certain that the other side has done nothing.
 */
export function isUnsent(error: unknown, depth = clientsDeep): boolean {
  const { data } = failureSchema.safeParse(error);
  if (!data || depth === 0) return false;
  if (beforeSending.includes(data.syscall) || data.code === 'UND_ERR_CONNECT_TIMEOUT') return true;
  const { errors = [], cause } = data;
  if (errors.length > 0) return errors.every((one) => isUnsent(one, depth - 1));
  return isUnsent(cause, depth - 1);
}
