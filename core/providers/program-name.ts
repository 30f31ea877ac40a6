const longest = 80;

/** They turn round what stands beside them, or cannot be seen at all. */
const unseen = /[\p{Cf}\p{Co}\p{Cs}\p{Default_Ignorable_Code_Point}\u{2800}]/gu;

/** The name that a program gives itself as people may be shown it; null where nothing is left of it. */
export function programName(said: string): string | null {
  const plain = said
    .replace(/\p{Cc}/gu, ' ')
    .replace(unseen, '')
    .replace(/\s+/gu, ' ')
    .trim();
  return Array.from(plain).slice(0, longest).join('').trim() || null;
}
