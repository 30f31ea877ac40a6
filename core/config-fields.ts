import { z } from 'zod';

/** An address with its scheme: `localhost:8787` alone would read as one of the scheme `localhost`. */
export const webAddress = z.url({ protocol: /^https?$/ });
export const address = (fallback: string) => webAddress.default(fallback);
export const secret = z.string().min(1).optional();
