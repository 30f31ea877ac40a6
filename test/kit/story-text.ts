/** What differs from run to run is replaced by what a reader can follow: ids by numbers, moments by distances. */
export function readable(text: string, startedAt: Date): string {
  const numbers = new Map<string, string>();
  const counts = new Map<string, number>();
  const name = (id: string, kind: string): string => {
    const known = numbers.get(id);
    if (known) return known;
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    const given = `${kind}_${count}`;
    numbers.set(id, given);
    return given;
  };
  return (
    text
      .replaceAll(/\b([a-z]{3})\\?_([0-9a-hjkmnp-tv-z]{16})\b/g, (_, kind: string, id: string) =>
        name(id, kind),
      )
      .replaceAll(/https:\/\/discord\.com\/channels\/[\d/]+/g, 'https://discord.com/channels/…')
      .replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, 'http://jilo.test')
      .replaceAll(/(http:\/\/jilo\.test[^\s?)>]*)\?[^\s)>]*/g, '$1?…')
      // How often a message was edited on the way depends on how fast the machine is.
      .replaceAll(/^(\S.*)(?: \(edited\)|; edited)(?=[:)])/gm, '$1')
      .replaceAll(/<#\d+>/g, '#channel')
      .replaceAll(/\b\d{17,20}\b/g, '…')
      .replaceAll(/([^█░]{1,8}?)\1{19,}/g, '$1…')
      .replaceAll(/<t:(\d+):[a-zA-Z]>/g, (_, seconds: string) =>
        distance(Number(seconds) * 1000 - startedAt.getTime()),
      )
  );
}

const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
] as const;

/** How far a moment is from the beginning of the journey. */
function distance(milliseconds: number): string {
  const size = Math.abs(milliseconds);
  const [unit, length] = units.find(([, each]) => size >= each) ?? ['s', 1000];
  return `⟨${milliseconds < 0 ? '-' : '+'}${Math.round(size / length)} ${unit}⟩`;
}
