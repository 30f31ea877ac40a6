/** A file that one gate must refuse, and what the gate must say about it. */
export type Plant = {
  readonly path: string;
  readonly text: string;
  /** Appended to the file that is there, instead of a file of its own. */
  readonly append?: true;
  /** Each must match one line of the report; `PATH` stands for the path. */
  readonly says: readonly RegExp[];
};

const lint = (rule: string): RegExp => new RegExp(`^PATH:\\d+:\\d+: .*\\(${rule}\\)`);
const house = (rule: string): RegExp => new RegExp(`PATH:\\d+ ${rule}`);

const imports = lint('no-restricted-imports');
const many = Array.from({ length: 301 }, (_, index) => `export const value${index} = ${index};\n`);
const longFunction = `export function long(): number {\n  let sum = 0;\n${'  sum += 1;\n'.repeat(71)}  return sum;\n}\n`;

const importPlants: readonly Plant[] = [
  {
    path: 'drizzle/planted.ts',
    text: "export * from '../core/clock.ts';\n",
    says: [imports, house('import/folder')],
  },
  {
    path: 'core/video/planted-surface.ts',
    text: "import { createWebApp } from '../../web-callbacks/app.ts';\nexport const app = createWebApp;\n",
    says: [imports, house('import/folder')],
  },
  {
    path: 'core/video/planted-provider.ts',
    text: "export type { createFal } from '../providers/fal.ts';\n",
    says: [imports, house('import/provider')],
  },
  {
    path: 'core/video/planted-provider-type.ts',
    text: "export type Fal = typeof import('../providers/fal.ts');\n",
    says: [house('import/provider')],
  },
  {
    path: 'core/video/planted-package.ts',
    text: "export const apify = await import('apify-client');\n",
    says: [imports, house('import/package')],
  },
  {
    path: 'core/video/planted-queue.ts',
    text: "import { PgBoss } from 'pg-boss';\nexport const boss = PgBoss;\n",
    says: [house('import/package')],
  },
  {
    path: 'core/video/planted-unknown.ts',
    text: "import pad from 'left-pad';\nexport const padded = pad;\n",
    says: [house('import/unowned')],
  },
  {
    path: 'core/video/planted-computed.ts',
    text: 'export const load = (name: string): Promise<unknown> => import(name);\n',
    says: [house('import/computed')],
  },
  {
    path: 'core/planted-test-kit.ts',
    text: "export * from '../test/kit/database.ts';\n",
    says: [imports, house('import/test')],
  },
  {
    path: 'core/providers/planted.ts',
    text: "import helmet from 'helmet';\nexport const h = helmet;\n",
    says: [imports, house('import/package')],
  },
  {
    path: 'core/providers/apify-planted.ts',
    text: "export const fal = await import('@fal-ai/client');\n",
    says: [house('import/package')],
  },
  {
    path: 'core/providers/fal-planted.ts',
    text: "import { Input } from 'mediabunny';\nexport const input = Input;\n",
    says: [imports, house('import/package')],
  },
  {
    path: 'core/providers/media-planted.ts',
    text: "import { fal } from '@fal-ai/client';\nexport const f = fal;\n",
    says: [imports, house('import/package')],
  },
  {
    path: 'mcp-server/planted.ts',
    text: "export * from '../web-callbacks/app.ts';\n",
    says: [imports, house('import/folder')],
  },
  {
    path: 'mcp-server/planted-package.ts',
    text: "import express from 'express';\nexport const e = express;\n",
    says: [imports, house('import/package')],
  },
  {
    path: 'web-callbacks/planted.ts',
    text: "export * from '../mcp-server/server.ts';\n",
    says: [imports, house('import/folder')],
  },
  {
    path: 'web-callbacks/planted-database.ts',
    text: "export * from '../drizzle/client.ts';\n",
    says: [imports, house('import/folder')],
  },
  {
    path: 'web-callbacks/planted-package.ts',
    text: "import { Client } from '@modelcontextprotocol/sdk/client/index.js';\nexport const c = Client;\n",
    says: [imports, house('import/package')],
  },
  {
    path: 'sandbox/planted.ts',
    text: "export type { Clock } from '../core/clock.ts';\n",
    says: [imports, house('import/folder')],
  },
  {
    path: 'scripts/planted.ts',
    text: "import postgres from 'postgres';\nexport const p = postgres;\n",
    says: [imports, house('import/package')],
  },
  {
    path: 'bench/planted.ts',
    text: "import { pino } from 'pino';\nexport const p = pino;\n",
    says: [imports, house('import/package')],
  },
  {
    path: 'cellar/planted.ts',
    text: 'export const forgotten = 1;\n',
    says: [/cellar: not in the script check:lint/, /cellar: not in tsconfig/],
  },
];

const sourcePlants: readonly Plant[] = [
  {
    path: 'core/video/planted-time.ts',
    text: 'export const at = Date.now() + performance.now();\n',
    says: [lint('no-restricted-properties'), house('clock')],
  },
  {
    path: 'core/video/planted-date.ts',
    text: 'export const at = new Date();\n',
    says: [house('clock')],
  },
  {
    path: 'core/video/planted-chance.ts',
    text: "import { randomUUID } from 'node:crypto';\nexport const id = randomUUID() + Math.random();\n",
    says: [imports, lint('no-restricted-properties'), house('randomness')],
  },
  {
    path: 'web-callbacks/planted-environment.ts',
    text: "export const path = process.env['PATH'];\n",
    says: [lint('no-process-env'), house('environment')],
  },
  {
    path: 'web-callbacks/planted-environment-taken.ts',
    text: 'const { env } = process;\nexport const path = env;\n',
    says: [house('environment')],
  },
  {
    path: 'mcp-server/planted-door.ts',
    text: "import { quotaShow } from '../core/quota/show.ts';\nexport const open = (context: never) => quotaShow.run({}, context);\n",
    says: [house('door')],
  },
  {
    path: 'core/planted-any.ts',
    text: 'export const anything: any = 1;\n',
    says: [lint('no-explicit-any'), house('any')],
  },
  {
    path: 'core/planted-non-null.ts',
    text: 'export const length = (text: string | null): number => text!.length;\n',
    says: [lint('no-non-null-assertion'), house('non-null')],
  },
  {
    path: 'core/planted-assertion.ts',
    text: 'export const text = (value: unknown): string => value as string;\n',
    says: [lint('consistent-type-assertions'), house('assertion')],
  },
  {
    path: 'core/planted-default.ts',
    text: 'export default 1;\n',
    says: [lint('no-default-export'), house('default-export')],
  },
  {
    path: 'core/plantedName.ts',
    text: 'export const named = 1;\n',
    says: [lint('filename-case'), house('name')],
  },
  {
    path: 'core/planted-size.ts',
    text: many.join(''),
    says: [lint('max-lines'), house('size')],
  },
  { path: 'core/planted-long.ts', text: longFunction, says: [lint('max-lines-per-function')] },
  {
    path: 'core/planted-promise.ts',
    text: 'Promise.resolve(1);\n',
    says: [lint('no-floating-promises')],
  },
  {
    path: 'core/planted-console.ts',
    text: "console.log('planted');\n",
    says: [lint('no-console')],
  },
  {
    path: 'core/planted-cycle.ts',
    text: "import { back } from './planted-cycle-back.ts';\nexport const forth = (): number => back();\n",
    says: [lint('no-cycle')],
  },
  {
    path: 'core/planted-cycle-back.ts',
    text: "import { forth } from './planted-cycle.ts';\nexport const back = (): number => forth();\n",
    says: [lint('no-cycle')],
  },
  {
    path: 'core/planted-sleep.test.ts',
    text: "import { expect, test } from 'vitest';\n\ntest.only('sleeps', async () => {\n  await new Promise((settle) => setTimeout(settle, 1));\n  expect(1).toBe(1);\n});\n\ntest.skip('rests', () => {\n  expect(1).toBe(2);\n});\n",
    says: [lint('no-restricted-globals'), lint('no-focused-tests'), lint('no-disabled-tests')],
  },
  {
    path: 'docs/planted.md',
    text: 'TODO\n\n/home/someone/notes\n\nhttps://registry.example.org/\n',
    says: [/PATH:1 words: a note/, /PATH:3 words: a path/, /PATH:5 words: a package registry/],
  },
];

const otherPlants: readonly Plant[] = [
  { path: 'core/planted-format.ts', text: 'export  const  odd = "1"', says: [/^PATH \(/] },
  {
    path: 'core/planted-types.ts',
    text: "export const wrong: number = 'text';\n",
    says: [/^PATH\(1,14\): error TS2322/],
  },
  { path: 'core/planted-file.ts', text: 'export const idle = 1;\n', says: [/^PATH\s*$/] },
  {
    path: 'core/clock.ts',
    append: true,
    text: 'export const plantedUnused = 1;\nexport const plantedForTests = 2;\n',
    says: [/^plantedUnused\s+PATH/, /^plantedForTests\s+PATH/],
  },
  {
    path: 'test/planted.test.ts',
    text: "import { expect, test } from 'vitest';\n\nimport { plantedForTests } from '../core/clock.ts';\n\ntest('planted failure', () => {\n  expect(plantedForTests).toBe(3);\n});\n",
    says: [/FAIL\s+(?:\|?\s*short\s*\|?\s+)?PATH > planted failure/],
  },
  {
    path: 'test/planted-unlisted.test.ts',
    text: "import { expect, test } from 'vitest';\nimport type { Pad } from 'left-pad';\n\ntest('pads', () => {\n  expect<Pad | null>(null).toBeNull();\n});\n",
    says: [/^left-pad\s+PATH/],
  },
  { path: 'docs/operations.md', append: true, text: '\n', says: [/^PATH is stale/] },
  { path: '.env.example', append: true, text: '\n', says: [/^PATH is stale/] },
  { path: 'drizzle/schema.sql', append: true, text: '\n', says: [/^PATH is stale/] },
  {
    path: 'drizzle/schema/people.ts',
    append: true,
    text: "\nexport const planted = pgTable('planted', { id: text('id').primaryKey() });\n",
    says: [/^drizzle\/migrations lacks a change/],
  },
];

/** One wrong file for each rule of each gate. */
export const plants: readonly Plant[] = [...importPlants, ...sourcePlants, ...otherPlants];
