/** A value without what Postgres keeps in no text: NUL, and half a surrogate pair. */
export function storable(value: unknown): unknown {
  if (typeof value === 'string') return storableText(value);
  if (Array.isArray(value)) return value.map(storable);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) =>
      item === undefined ? [] : [[storableText(key), storable(item)]],
    ),
  );
}

export const storableText = (text: string): string => text.toWellFormed().replaceAll('\0', '');
