import type { Schema } from 'discord-api-spec/zod';

import { pushBounded, type World } from './world.ts';

/** What Discord's own schema refuses in an answer or dispatch is a defect of the emulator. */
export function checkSelf(
  world: World,
  where: string,
  schema: Schema | undefined,
  body: object | undefined,
): void {
  if (!schema || body === undefined) return;
  for (const item of Array.isArray(body) ? body.map((one: unknown) => one) : [body]) {
    const result = schema.safeParse(JSON.parse(JSON.stringify(item)));
    if (result.success) continue;
    const issues = JSON.stringify(result.error.issues.slice(0, 3));
    pushBounded(world.selfFaults, `${where}: ${issues}`);
  }
}

/** Fits when one of the schemas does; else says what the last one says. */
export function oneOf(first: Schema, ...others: readonly Schema[]): Schema {
  return {
    safeParse: (input) =>
      others.reduce(
        (result, schema) => (result.success ? result : schema.safeParse(input)),
        first.safeParse(input),
      ),
  };
}
