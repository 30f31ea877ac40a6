import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import type { AnyOperation } from '../../core/operation.ts';
import { operations } from '../../core/operations.ts';
import { videoShow } from '../../core/video/show.ts';
import { faultsOfPolicies, policies } from '../../scripts/authorisation/policies.ts';
import { routes } from '../../scripts/authorisation/routes.ts';
import { renderAuthorisationPage } from '../../scripts/generate/authorisation-page.ts';
import { leaksIn } from './secrets.ts';

test('every operation has its row, and every row its operation', () => {
  expect(faultsOfPolicies(operations, policies)).toEqual([]);
});

const fresh: AnyOperation = { ...videoShow, name: 'video_frame' };

test('a new operation without a row says what to add', () => {
  expect(faultsOfPolicies([...operations, fresh], policies)).toEqual([
    'video_frame: add its row to scripts/authorisation/policies.ts: which fields hold the id of a thing, what it reaches without one, and what its owner gets',
  ]);
  const page = () => renderAuthorisationPage([fresh], { policies, routes });
  expect(page).toThrow('video_frame: add its row');
});

test('a row that misses an id, names a field that there is not, or outlives its operation says so', () => {
  const row = { besides: 'account', own: 'ok' } as const;
  const missing = { ...policies, video_frame: row };
  expect(faultsOfPolicies([...operations, fresh], missing)).toEqual([
    'video_frame: its field video takes an id; say of what in its row in scripts/authorisation/policies.ts',
  ]);
  const ids = { video: 'video', clip: 'video' } as const;
  const wrong = { ...policies, video_frame: { ...row, ids } };
  expect(faultsOfPolicies([...operations, fresh], wrong)).toEqual([
    'video_frame: it has no field clip; take it out of its row in scripts/authorisation/policies.ts',
  ]);
  expect(faultsOfPolicies(operations, missing)).toEqual([
    'video_frame: there is no such operation; remove its row from scripts/authorisation/policies.ts',
  ]);
});

test('the page is as it is generated', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/authorisation.md'), 'utf8');
  expect(page).toBe(renderAuthorisationPage(operations, { policies, routes }));
});

test('a leak is seen plainly and as base64, and what was sent may come back', () => {
  const secrets = new Map([['prompt', 'w12345678901234']]);
  const chart = Buffer.from('{"a":"w12345678901234"}').toString('base64url');
  expect(leaksIn('a w12345678901234', 'x', secrets)).toEqual(['prompt (w12345678901234)']);
  expect(leaksIn(`/charts/${chart}.png`, 'x', secrets)).toEqual(['prompt (w12345678901234)']);
  expect(leaksIn('a w12345678901234', 'w12345678901234', secrets)).toEqual([]);
  expect(leaksIn('a w1234567890123', 'x', secrets)).toEqual([]);
});
