import { z } from 'zod';

/** What a field refers to, whether Stripe wrote the id or the whole thing there. */
export const idSchema = z.union([z.string(), z.looseObject({ id: z.string() })]).transform(idOf);

function idOf(value: string | { readonly id: string }): string {
  return typeof value === 'string' ? value : value.id;
}

/** The same for what may be missing. */
export const idOrNull = idSchema.nullish().transform((id) => id ?? null);

const latestSecond = 253_402_300_799;

/** Seconds since 1970, up to the year 9999. */
export const momentSchema = z
  .int()
  .min(0)
  .max(latestSecond)
  .transform((seconds) => new Date(seconds * 1000));

/** The same for what may be missing. */
export const momentOrNull = momentSchema.nullish().transform((moment) => moment ?? null);

export const metadataSchema = z
  .record(z.string(), z.string())
  .nullish()
  .transform((metadata) => metadata ?? {});

/** Has something in it. */
export const listOf = <T extends z.ZodType>(item: T) => z.looseObject({ data: z.array(item) });
