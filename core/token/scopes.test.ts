import { expect, test } from 'vitest';

import { operations } from '../operations.ts';
import { isScope, scopeFor, scopes } from './scopes.ts';

test.each([
  ['read', 'read'],
  ['write', 'write'],
  ['destroy', 'write'],
  ['spend', 'spend'],
  ['publish', 'publish'],
] as const)('an operation of effect %s needs the scope %s', (effect, scope) => {
  expect(scopeFor(effect)).toBe(scope);
});

test.each(operations)('$name needs one scope', ({ effect }) => {
  expect(scopes).toContain(scopeFor(effect));
});

test('nothing else is a scope', () => {
  expect(scopes.map(isScope)).toEqual([true, true, true, true]);
  for (const name of ['', 'Read', 'destroy', 'toString', 'read '])
    expect(isScope(name)).toBe(false);
});
