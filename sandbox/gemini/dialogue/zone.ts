/** The person's clock, from the request's `Now:` line. */
export type Now = {
  readonly at: Date;
  /** An IANA name, or an offset such as +08:00. */
  readonly zone: string;
};

/** What a clock on the wall shows. */
export type Wall = {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  /** May pass 23: the next day. */
  readonly hour: number;
  readonly minute: number;
};

const minuteMs = 60_000;

/** Reads `Now: 2026-11-22T16:05:00+08:00 (Asia/Shanghai)`; without one, the given time in UTC. */
export function readNow(instructions: string, fallback: Date): Now {
  const line = /^\W*now\W+(?<iso>\d{4}-\d\d-\d\dT\S+)(?:\s*\((?<zone>[^)]+)\))?/imu.exec(
    instructions,
  );
  const iso = line?.groups?.['iso'] ?? '';
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return { at: fallback, zone: 'UTC' };
  const offset = /[+-]\d\d:\d\d$/u.exec(iso)?.[0] ?? 'UTC';
  const named = line?.groups?.['zone'] ?? offset;
  return { at, zone: isZone(named) ? named : offset };
}

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

export function wallOf({ at, zone }: Now): Wall {
  const parts = new Intl.DateTimeFormat('en', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  }).formatToParts(at);
  const read = (type: string) => Number(parts.find((part) => part.type === type)?.value ?? 0);
  return {
    year: read('year'),
    month: read('month'),
    day: read('day'),
    hour: read('hour'),
    minute: read('minute'),
  };
}

const asUtc = ({ year, month, day, hour, minute }: Wall): number =>
  Date.UTC(year, month - 1, day, hour, minute);

/** The moment at which the wall clock of that zone shows this. */
export function momentOf(wall: Wall, zone: string): Date {
  const wanted = asUtc(wall);
  let at = wanted;
  // Twice, because the offset may change between the first guess and the moment itself.
  for (let round = 0; round < 2; round += 1) {
    at += wanted - asUtc(wallOf({ at: new Date(at), zone }));
  }
  return new Date(at);
}

const two = (value: number): string => String(Math.abs(value)).padStart(2, '0');

/** Such as 2026-11-22T20:00:00+08:00. */
export function formatMoment({ at, zone }: Now): string {
  const wall = wallOf({ at, zone });
  const rounded = Math.floor(at.getTime() / minuteMs) * minuteMs;
  const offset = (asUtc(wall) - rounded) / minuteMs;
  const sign = offset < 0 ? '-' : '+';
  const hours = Math.trunc(Math.abs(offset) / 60);
  return `${wall.year}-${two(wall.month)}-${two(wall.day)}T${two(wall.hour)}:${two(wall.minute)}:00${sign}${two(hours)}:${two(offset % 60)}`;
}
