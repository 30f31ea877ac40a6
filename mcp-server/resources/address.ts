/** What stands behind an address. */
export type Address =
  | { readonly kind: 'video' | 'trend' | 'publication' | 'poster'; readonly id: string }
  | { readonly kind: 'ledger' }
  | { readonly kind: 'month'; readonly month: string };

/** What an id of each kind looks like: the letters that ids are made of, and no others. */
const shapes = [
  [/^jilo:\/\/videos\/(vid_[0-9a-hjkmnp-tv-z]{16})$/u, 'video'],
  [/^jilo:\/\/videos\/(vid_[0-9a-hjkmnp-tv-z]{16})\/poster$/u, 'poster'],
  [/^jilo:\/\/trends\/(trd_[0-9a-hjkmnp-tv-z]{16})$/u, 'trend'],
  [/^jilo:\/\/publications\/(pub_[0-9a-hjkmnp-tv-z]{16})$/u, 'publication'],
] as const;

const monthShape = /^jilo:\/\/ledger\/(\d{4}-(?:0[1-9]|1[0-2]))$/u;

/** Reads an address as it is, decoding nothing; null for every other text. */
export function parseAddress(uri: string): Address | null {
  if (uri === 'jilo://ledger') return { kind: 'ledger' };
  const month = monthShape.exec(uri)?.[1];
  if (month !== undefined) return { kind: 'month', month };
  for (const [shape, kind] of shapes) {
    const id = shape.exec(uri)?.[1];
    if (id !== undefined) return { kind, id };
  }
  return null;
}

/** The address of a thing: what `parseAddress` reads. */
export function uriOf(address: Address): string {
  if (address.kind === 'ledger') return 'jilo://ledger';
  if (address.kind === 'month') return `jilo://ledger/${address.month}`;
  if (address.kind === 'poster') return `jilo://videos/${address.id}/poster`;
  const folder = { video: 'videos', trend: 'trends', publication: 'publications' } as const;
  return `jilo://${folder[address.kind]}/${address.id}`;
}
