import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { renderSecurityPage } from '../../scripts/generate/security-page.ts';
import { securityAccounts as accounts } from '../../scripts/security/accounts.ts';
import { faultsOfSecurity } from '../../scripts/security/faults.ts';
import { chapters } from '../../scripts/security/requirements.ts';
import { readTestTitles } from './test-titles.ts';

const root = join(import.meta.dirname, '../..');
const { requirements, traces, reasons, pending } = accounts;

describe('the standard', () => {
  test('is here with every requirement of level 1 and 2, each once', () => {
    const ids = requirements.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    // As the published list of 5.0.0 has them.
    expect(requirements.filter(({ level }) => level === 1)).toHaveLength(70);
    expect(requirements.filter(({ level }) => level === 2)).toHaveLength(183);
    const named = new Set(ids.map((id) => Number(id.split('.')[0])));
    expect([...named]).toEqual(chapters.map((_, at) => at + 1));
    for (const { id, topic } of requirements)
      expect([id, topic]).toEqual([id, expect.stringMatching(/^\S.{5,60}$/u)]);
  });

  test('has exactly one answer for each of them: tests, or a reason', () => {
    expect(faultsOfSecurity(accounts)).toEqual([]);
    expect(Object.keys(traces).length).toBeGreaterThanOrEqual(60);
    for (const [id, reason] of Object.entries(reasons))
      expect([id, reason]).toEqual([id, expect.stringMatching(/^[A-Z][^|<>]{10,220}\.$/u)]);
  });

  test('waits for nothing', () => {
    expect(pending).toEqual([]);
  });

  test('says what to do about one that is forgotten, twice there, unknown, or empty', () => {
    const { '1.1.1': _, ...fewer } = traces;
    const lists = { ...accounts, pending: [] };
    const known = requirements.filter(({ id }) => id in traces || id in reasons);
    const given = { ...lists, requirements: known };
    expect(faultsOfSecurity(given)).toEqual([]);
    expect(faultsOfSecurity({ ...given, traces: fewer })).toEqual([
      '1.1.1: name its tests in scripts/security/traces.ts, or say in scripts/security/reasons.ts why there is none',
    ]);
    expect(faultsOfSecurity({ ...given, reasons: { ...reasons, '1.1.1': 'x' } })).toEqual([
      '1.1.1: stands in more than one list of scripts/security; leave it in one',
    ]);
    expect(faultsOfSecurity({ ...given, reasons: { ...reasons, '99.1.1': 'x' } })).toEqual([
      '99.1.1: there is no such requirement of level 1 or 2',
    ]);
    const empty = { ...traces, '1.1.1': { 'core/crypto.test.ts': [] } };
    expect(faultsOfSecurity({ ...given, traces: empty })).toEqual([
      '1.1.1: its row in scripts/security/traces.ts names no test',
    ]);
    expect(() => renderSecurityPage({ ...given, traces: fewer })).toThrow('1.1.1: name its tests');
  });
});

describe('the tests that prove it', () => {
  const proofs = Object.values(traces).flatMap((proof) => Object.entries(proof));
  const files = [...new Set(proofs.map(([file]) => file))];

  test.each(files)('%s has every test that is named', (file) => {
    expect(existsSync(join(root, file))).toBe(true);
    const titles = readTestTitles(root, file);
    const named = proofs.flatMap(([one, names]) => (one === file ? names : []));
    expect([...new Set(named)].filter((name) => !titles.has(name))).toEqual([]);
  });

  test('a title that is renamed, skipped or only said is missed', () => {
    const titles = readTestTitles(root, 'test/gate/security.test.ts');
    expect(titles).toContain('the standard > waits for nothing');
    expect(titles).toContain('the tests that prove it > %s has every test that is named');
    for (const other of [
      'waits for nothing',
      'the standard > waits for something',
      'the standard',
      'the standard > is here with every requirement of level 1 and 2',
    ])
      expect(titles).not.toContain(other);
  });
});

test('the page is as it is generated, and every file that it leads to is there', () => {
  const page = readFileSync(join(root, 'docs/security.md'), 'utf8');
  expect(page).toBe(renderSecurityPage(accounts));
  const links = [...page.matchAll(/\]\((?<target>[^)#]+)\)/gu)].map(
    ({ groups }) => groups?.['target'] ?? '',
  );
  expect(links.length).toBeGreaterThan(150);
  expect(links.filter((target) => !existsSync(join(root, 'docs', target)))).toEqual([]);
  expect(page).not.toMatch(/pending|https?:/iu);
});
