import { parseArgs } from 'node:util';

import { z } from 'zod';

import { ConfigError } from '../core/config.ts';
import { modelIds } from '../core/video/models.ts';

const schema = z.object({
  keyword: z.string().trim().min(1).max(100).default('AI工具'),
  model: z.enum(modelIds).default('kling'),
  seconds: z.coerce
    .number()
    .pipe(z.literal([15, 30, 60]))
    .default(15),
  out: z.string().min(1).default('.jilo/demo'),
  json: z.boolean().default(false),
  trends: z.array(z.string()),
});

export type DemoOptions = z.infer<typeof schema>;

/**
 * Reads `--keyword K --model M --seconds 15|30|60 --out DIR --trends FILE... --json`.
 * @throws ConfigError naming every option that does not fit.
 */
export function readDemoOptions(words: readonly string[]): DemoOptions {
  try {
    const { values, positionals } = parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        keyword: { type: 'string' },
        model: { type: 'string' },
        seconds: { type: 'string' },
        out: { type: 'string' },
        json: { type: 'boolean' },
        trends: { type: 'string', multiple: true },
      },
    });
    const { trends = [], ...rest } = values;
    if (positionals.length > 0 && trends.length === 0)
      throw new TypeError(
        `"${positionals.join(' ')}" belongs to no option; files go after --trends`,
      );
    // A shell expands `--trends *.json` to one value and further words.
    const parsed = schema.safeParse({ ...rest, trends: [...trends, ...positionals] });
    if (parsed.success) return parsed.data;
    const problems = parsed.error.issues.map(
      (issue) => `--${issue.path.join('.')}: ${issue.message}`,
    );
    throw new TypeError(problems.join('\n'));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new ConfigError(error.message, { cause: error });
  }
}
