import type { z } from 'zod';

import { describeSchema, plainText, typeOf, type SchemaNode } from './json-schema.ts';

const width = 100;

/** `.env.example`: every setting with what it means, its choices or bounds, and its default. */
export function renderSettingsExample(settings: z.ZodObject): string {
  const { properties = {}, required = [] } = describeSchema(settings, 'input');
  const blocks = Object.entries(properties).map(([name, field]) =>
    [
      ...wrap(field.description ?? '', width - 2).map((line) => `# ${line}`),
      ...detailOf(field),
      `${required.includes(name) ? '' : '#'}${name}=${defaultOf(field)}`,
    ].join('\n'),
  );
  return [
    '# Settings of Jilo. Copy this file to .env and take away the # before what you want to change.',
    '# A setting that is commented out has the value shown; one without a value is not set.',
    '# This file is generated: change core/config.ts, then run `npm run generate`.',
    '',
    `${blocks.join('\n\n')}\n`,
  ].join('\n');
}

const defaultOf = (field: SchemaNode): string =>
  field.default === undefined ? '' : plainText(field.default);

/** Choices and bounds, where the plain type says less than a person needs. */
function detailOf(field: SchemaNode): string[] {
  const type = typeOf(field);
  return type === 'string' || type === 'uri' ? [] : [`# (${type})`];
}

/** Breaks `text` at spaces into lines of at most `limit` characters. */
function wrap(text: string, limit: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= limit)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
