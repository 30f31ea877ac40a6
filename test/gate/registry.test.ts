import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

import { decideApproval } from '../../core/consent/decide.ts';
import type { Surface } from '../../core/context.ts';
import { isFault } from '../../core/fault.ts';
import { catalogue } from '../../core/messages/catalogue.ts';
import { needsConsent, perform, type AnyOperation, type Outcome } from '../../core/operation.ts';
import { operations } from '../../core/operations.ts';
import { publications } from '../../drizzle/schema/publishing.ts';
import { videos } from '../../drizzle/schema/videos.ts';
import { describeSchema, type SchemaNode } from '../../scripts/generate/json-schema.ts';
import { createWorld, type World } from '../kit/world.ts';

const surfaces: readonly Surface[] = ['terminal', 'web', 'discord', 'mcp', 'agent'];
const guarded = operations.filter(needsConsent);

/** A value that fits a field, as far as its schema tells. */
function sampleOf(field: SchemaNode): unknown {
  if (field.default !== undefined) return field.default;
  if (field.enum) return field.enum[0];
  if (field.type === 'boolean') return false;
  if (field.type === 'number' || field.type === 'integer') return field.minimum ?? 1;
  return 'x'.repeat(Math.max(field.minLength ?? 1, 12));
}

/** Inputs to try: what is required alone, then with each further field, then with all of them. */
function inputsFor(operation: AnyOperation): Record<string, unknown>[] {
  const { properties = {}, required = [] } = describeSchema(operation.input, 'input');
  const hidden = operation.decidedByPerson ?? [];
  const fields = Object.entries(properties).filter(([name]) => !hidden.includes(name));
  const samples = fields.map(([name, field]): [string, unknown] => [name, sampleOf(field)]);
  const base = samples.filter(([name]) => required.includes(name));
  return [base, ...samples.map((extra) => [...base, extra]), samples].map((entries) =>
    Object.fromEntries(entries),
  );
}

/** The operation with its own schema and effect, whose work is only counted. */
function watch(operation: AnyOperation) {
  const run = vi.fn<(input: unknown) => Promise<never>>().mockRejectedValue(new Error('ran'));
  const preview = () => Promise.resolve({ title: operation.name, lines: [], cost: 1 });
  return { run, watched: { ...operation, preview, run } };
}

const codeOf = (outcome: Outcome): string => (outcome.ok ? 'ok' : outcome.fault.code);

describe('consent', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world.close());

  test('is asked of spending, publishing and destroying, and of nothing else', () => {
    expect(guarded.map(({ name }) => name)).toContain('video_generate');
    expect(guarded.map(({ name }) => name)).toContain('publication_create');
    for (const { name, effect } of operations)
      expect([name, needsConsent({ effect })]).toEqual([
        name,
        ['spend', 'publish', 'destroy'].includes(effect),
      ]);
  });

  test.each(guarded.flatMap((operation) => surfaces.map((surface) => ({ operation, surface }))))(
    'stands before $operation.name over $surface',
    async ({ operation, surface }) => {
      const context = await world.context(surface, `gate-${surface}`);
      const { run, watched } = watch(operation);
      const answers = [];
      for (const input of inputsFor(operation)) {
        answers.push(await perform(watched, input, context));
        const claims = { ...input, confirm: true, confirmed: true, approved: true };
        expect(codeOf(await perform(watched, claims, context))).toBe('invalid_input');
        const forged = await perform(watched, input, context, { approvalId: 'apr_forged' });
        expect(['invalid_input', 'approval_not_valid']).toContain(codeOf(forged));
      }
      expect(new Set(answers.map(codeOf))).toContain('approval_required');
      for (const answer of answers)
        expect(['approval_required', 'invalid_input']).toContain(codeOf(answer));
      expect(run).not.toHaveBeenCalled();
    },
  );

  test.each(guarded)(
    'of one person lets $name run once, with exactly that input',
    async (operation) => {
      const context = await world.context('terminal', 'gate-once');
      const stranger = await world.context('terminal', 'gate-stranger');
      const { run, watched } = watch(operation);
      let asked = { id: '', input: {} };
      for (const input of inputsFor(operation)) {
        const answer = await perform(watched, input, context);
        if (!answer.ok && isFault(answer.fault, 'approval_required'))
          asked = { id: answer.fault.params.id, input };
      }
      const decision = { id: asked.id, approved: true, surface: 'terminal' as const };
      await decideApproval(world.services, { ...decision, by: context.actor.accountId });
      const options = { approvalId: asked.id };
      const theft = await perform(watched, asked.input, stranger, options);
      expect(codeOf(theft)).toBe('approval_not_valid');
      const dearer = {
        ...watched,
        preview: () => Promise.resolve({ title: '', lines: [], cost: 2 }),
      };
      expect(codeOf(await perform(dearer, asked.input, context, options))).toBe(
        'approval_not_valid',
      );
      expect(run).not.toHaveBeenCalled();
      expect(codeOf(await perform(watched, asked.input, context, options))).toBe('internal');
      expect(run).toHaveBeenCalledOnce();
      expect(codeOf(await perform(watched, asked.input, context, options))).toBe(
        'approval_not_valid',
      );
      expect(run).toHaveBeenCalledOnce();
    },
  );
});

describe('the registry', () => {
  test('has no name twice, and at most 25 operations for models', () => {
    const names = operations.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(operations.filter(({ audience }) => audience === 'everyone').length).toBeLessThan(26);
  });

  test.each(['account_show', 'account_update', 'server_update'])(
    '%s is for people, whose settings they are',
    (name) => {
      expect(operations.find((one) => one.name === name)?.audience).toBe('people');
    },
  );

  test.each(operations)(
    '$name is described in both languages and in the docs',
    ({ name, summary }) => {
      const page = readFileSync(join(import.meta.dirname, '../../docs/operations.md'), 'utf8');
      expect(summary.en).toMatch(/^[A-Z].*\.$/);
      expect(summary.zh).toMatch(/\p{Script=Han}.*。$/u);
      expect(page).toContain(`\n## ${name}\n\n${summary.en}\n\n${summary.zh}\n`);
      expect(page).toContain(`| [${name}](#${name}) |`);
    },
  );
});

/** Every sentence of a catalogue, by its path. */
function sentencesOf(value: unknown, path = ''): Map<string, unknown> {
  if (typeof value !== 'object' || value === null) return new Map([[path, value]]);
  return new Map(
    Object.entries(value).flatMap(([key, inner]) => [...sentencesOf(inner, `${path}/${key}`)]),
  );
}

type Said = { readonly text: string; readonly used: readonly string[] };

/** A sentence with `sample` for each of its parameters, and which it used; null where it cannot. */
function speak(sentence: unknown, sample: unknown): Said | null {
  if (typeof sentence !== 'function') return { text: String(sentence), used: [] };
  const used: string[] = [];
  const get = (_target: object, name: string) => {
    used.push(name);
    return sample;
  };
  try {
    const said: unknown = Reflect.apply(sentence, undefined, [new Proxy({}, { get })]);
    return { text: [...sentencesOf(said).values()].join('\n'), used };
  } catch {
    return null; // This parameter is of another type.
  }
}

describe('the catalogues', () => {
  const en = sentencesOf(catalogue('en'));
  const zh = sentencesOf(catalogue('zh'));
  const spoken = (sentence: unknown): Said[] =>
    [7, 'seven', null].flatMap((sample) => speak(sentence, sample) ?? []);

  test('hold the same sentences', () => {
    expect(en.size).toBeGreaterThan(60);
    expect([...zh.keys()].toSorted()).toEqual([...en.keys()].toSorted());
  });

  // Holds its sentence in both languages already, since a schema's words are not ours alone.
  const given = '/faults/invalid_input';
  test('input problems come through in the language they are asked for', () => {
    const problems = { en: 'size: too big', zh: 'size：过大' };
    expect(catalogue('en').faults.invalid_input({ problems }).message).toContain(problems.en);
    expect(catalogue('zh').faults.invalid_input({ problems }).message).toContain(problems.zh);
  });

  // Takes the name of a state itself, and has a word for each there is.
  const named = '/state';
  test.each([...new Set([...videos.status.enumValues, ...publications.status.enumValues])])(
    'a video or publication that is %s has a word for it',
    (status) => {
      expect(catalogue('en').state(status)).toBe(status);
      expect(catalogue('zh').state(status)).toMatch(/^\p{Script=Han}+$/u);
    },
  );

  const keys = [...en.keys()].filter((path) => path !== given && path !== named);
  test.each(keys)('%s says something in both, with the same parameters', (path) => {
    const pair = [en.get(path), zh.get(path)];
    const used = pair.map((sentence) => new Set(spoken(sentence).flatMap((said) => said.used)));
    expect(used[1]).toEqual(used[0]);
    for (const text of pair.flatMap(spoken).map((said) => said.text)) {
      expect(text.split('\n').filter((line) => line.trim() === '')).toEqual([]);
      expect(text).not.toMatch(/undefined|NaN|\[object/);
    }
    expect(pair.map((sentence) => spoken(sentence).length > 0)).toEqual([true, true]);
  });

  const sentences = [...zh].filter(
    ([path, sentence]) => path !== named && typeof sentence === 'function',
  );

  test.each(sentences)('%s is Chinese', (_path, sentence) => {
    expect(spoken(sentence)[0]?.text).toMatch(/[\u3000-\u9fff\uff00-\uffef]/);
  });
});
