import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { parseConfig, type Config } from './config.ts';
import { createIds, systemIds } from './ids.ts';
import { forgetPreviousSecret, loadSecrets, replaceSecret } from './secret.ts';

let folder: string;
let config: Config;
const file = (name: string) => join(folder, name);
const set = 'a secret that the operator has set';
const older = 'the one that was set before it is long';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'jilo-secret-'));
  config = parseConfig({ JILO_DATA_DIR: folder });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const load = (of: Config = config) => loadSecrets(of, systemIds);
const replace = (ids = systemIds) => replaceSecret(config, ids);

describe('the secret of an installation', () => {
  it('is created once, for its owner only', () => {
    const { current, previous } = load();
    expect(current).toMatch(/^[\w-]{43}$/);
    expect(previous).toEqual([]);
    expect(load().current).toBe(current);
    expect(statSync(file('secret')).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['secret']);
  });

  it('is what is set, and then no file is made', () => {
    const both = {
      JILO_DATA_DIR: folder,
      JILO_SECRET: set,
      JILO_SECRET_PREVIOUS: `${older}, ${set}`,
    };
    expect(load(parseConfig(both))).toEqual({ current: set, previous: [older, set] });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('of the folder may have older ones that are set as well', () => {
    const { current } = load();
    replace();
    const later = parseConfig({ JILO_DATA_DIR: folder, JILO_SECRET_PREVIOUS: older });
    expect(load(later).previous).toEqual([current, older]);
  });
});

describe('replacing it', () => {
  it('keeps the one before until it is forgotten', () => {
    const before = load().current;
    replace();
    const after = load();
    expect(after.current).not.toBe(before);
    expect(after.previous).toEqual([before]);
    expect(statSync(file('secret')).mode & 0o777).toBe(0o600);
    expect(statSync(file('secret.previous')).mode & 0o777).toBe(0o600);
    forgetPreviousSecret(config);
    expect(load()).toEqual({ current: after.current, previous: [] });
    forgetPreviousSecret(config);
    expect(readdirSync(folder)).toEqual(['secret']);
  });

  it('that has begun is gone on with, and not begun again', () => {
    const before = load().current;
    replace();
    const after = load();
    replace();
    expect(load()).toEqual(after);
    expect(after.previous).toEqual([before]);
  });

  it('that broke off before the new secret was there makes it now', () => {
    const before = load().current;
    writeFileSync(file('secret.previous'), before);
    expect(load()).toEqual({ current: before, previous: [before] });
    replace();
    expect(load().current).not.toBe(before);
    expect(load().previous).toEqual([before]);
  });

  // `random` is asked for the name of a draft, for the secret, and for the name of its draft.
  it.each([1, 2, 3])('that dies at its step %i never loses the secret before', (step) => {
    const before = load().current;
    let asked = 0;
    const dying = createIds((count) => {
      asked += 1;
      if (asked === step) throw new Error('the machine is off');
      return systemIds.random(count);
    });
    expect(() => replace(dying)).toThrow('the machine is off');
    const { current, previous } = load();
    expect([current, ...previous]).toContain(before);
    replace();
    expect(load().previous).toEqual([before]);
    expect(readFileSync(file('secret'), 'utf8')).toBe(load().current);
  });

  it('leaves one that is set alone', () => {
    replaceSecret(parseConfig({ JILO_DATA_DIR: folder, JILO_SECRET: set }), systemIds);
    expect(readdirSync(folder)).toEqual([]);
  });
});
