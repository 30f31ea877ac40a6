/** The code of an error or of what caused it, such as `ECONNREFUSED`; never its text, which may hold a secret. */
export function codeOf(error: unknown): string {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string' && /^[\w-]{3,60}$/.test(at.code))
      return at.code;
  }
  return error instanceof Error && /^\w{3,40}$/.test(error.name) ? error.name : 'Error';
}

/** Text of a far end as one short line, without what a terminal would obey. */
export const plain = (text: string): string =>
  text
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '')
    .trim()
    .slice(0, 60);
