import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

import { openDatabase } from '../drizzle/client.ts';
import { auditLog } from '../drizzle/schema/consent.ts';
import { accounts } from '../drizzle/schema/people.ts';
import { createWorld, type World } from '../test/kit/world.ts';
import { decideApproval } from './consent/decide.ts';
import { isModelSurface, type Context, type Surface } from './context.ts';
import { Fault, faultWords, isFault, type FaultCode, type FaultParams } from './fault.ts';
import { toFault } from './fault-of.ts';
import { viewFault } from './fault-view.ts';
import { catalogue, localeOf, locales } from './messages/catalogue.ts';
import {
  defineOperation,
  inputSchemaFor,
  needsConsent,
  perform,
  type AnyOperation,
  type Outcome,
} from './operation.ts';
import { operations } from './operations.ts';

let world: World;
let person: Context;
beforeAll(async () => {
  world = await createWorld();
  person = await world.context();
});
afterAll(() => world.close());

const base: AnyOperation = {
  name: 'thing_make',
  summary: { en: 'Make a thing.', zh: '做一个东西。' },
  effect: 'write',
  audience: 'everyone',
  needs: [],
  input: z.object({
    size: z.int().min(1).max(9).default(3).describe('How big'),
    colour: z.string().trim().optional().describe('Which colour'),
  }),
  output: z.object({ made: z.string() }),
  run: async ({ size }: { size: number }) => ({ made: `size ${size}` }),
  say: ({ made }: { made: string }) => `Made ${made}.`,
};
const preview = async () => ({ title: 'Make a thing', lines: [], cost: 1 });
const define = (over: Partial<AnyOperation> = {}): AnyOperation =>
  defineOperation({ ...base, ...over });
const from = (surface: Surface): Context => ({ ...person, actor: { ...person.actor, surface } });
const field = (schema: z.ZodType, name = 'field'): Partial<AnyOperation> => ({
  input: z.object({ [name]: schema }),
});

/** The fault of an outcome that must not have succeeded. */
function faultOf(outcome: Outcome): Fault {
  if (outcome.ok) throw new Error(`it succeeded: ${outcome.text}`);
  return outcome.fault;
}

async function approve(outcome: Outcome, choices: Record<string, unknown> = {}): Promise<string> {
  const fault = faultOf(outcome);
  if (!isFault(fault, 'approval_required')) throw fault;
  const { id } = fault.params;
  const by = person.actor.accountId;
  await decideApproval(world.app, { id, approved: true, by, surface: 'web', choices });
  return id;
}

const auditOf = async (name: string) => {
  const { db } = world.app.database;
  const rows = await db
    .select()
    .from(auditLog)
    .where(eq(auditLog.operation, name))
    .orderBy(auditLog.id);
  return rows.map(({ outcome }) => outcome);
};

const counting = () => {
  const calls: unknown[] = [];
  const run = async (input: unknown) => {
    calls.push(input);
    return { made: 'it' };
  };
  return { calls, run };
};

describe('defineOperation', () => {
  it('takes an operation that keeps every rule', () => {
    expect(() => define()).not.toThrow();
    expect(() => define({ effect: 'spend', preview })).not.toThrow();
  });

  it.each<[string, Partial<AnyOperation>, string]>([
    ['one word', { name: 'thing_' }, 'not noun_verb'],
    ['capitals', { name: 'Thing_make' }, 'not noun_verb'],
    ['three words', { name: 'thing_make_now' }, 'not noun_verb'],
    ['no English summary', { summary: { en: '', zh: '做' } }, 'the en summary'],
    ['a long Chinese one', { summary: { en: 'ok', zh: '长'.repeat(101) } }, 'the zh summary'],
    ['spend without preview', { effect: 'spend' }, 'spend needs a preview'],
    ['publish without preview', { effect: 'publish' }, 'publish needs a preview'],
    ['destroy without preview', { effect: 'destroy' }, 'destroy needs a preview'],
    ['a preview that nobody sees', { effect: 'read', preview }, 'read asks nobody'],
    ['camel case', field(z.string().describe('x'), 'fieldName'), 'not lower snake case'],
    ['a long name', field(z.string().describe('x'), 'a'.repeat(33)), 'not lower snake case'],
    ['a list', field(z.array(z.string()).describe('x')), 'field is not flat'],
    ['an object', field(z.object({}).describe('x')), 'field is not flat'],
    [
      'a union of literals',
      field(z.union([z.literal(1), z.literal('a')]).describe('x')),
      'field is not flat',
    ],
    ['a field without description', field(z.string()), 'field lacks a description'],
    ['a long description', field(z.string().describe('x'.repeat(101))), 'field lacks'],
    [
      '26 choices',
      field(z.enum(Array.from({ length: 26 }, (_, n) => `c${n}`)).describe('x')),
      'over 25 choices',
    ],
    [
      'a decided field that is none',
      { decidedByPerson: ['shade'] },
      'shade is decided by a person',
    ],
    [
      'a decided field without default',
      { ...field(z.string().describe('x')), decidedByPerson: ['field'] },
      'field has no safe default',
    ],
  ])('refuses %s', (_, over, reason) => {
    expect(() => define(over)).toThrow(reason);
  });

  it('names all that is wrong at once', () => {
    const wrong = { name: 'x_', effect: 'spend', ...field(z.string()) } as const;
    expect(() => define(wrong)).toThrow(/noun_verb.*needs a preview.*lacks a description/u);
  });

  it('has passed every operation of the product, each under a name of its own', () => {
    for (const operation of operations) expect(() => defineOperation(operation)).not.toThrow();
    const names = operations.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(operations.filter(({ audience }) => audience === 'everyone').length).toBeLessThan(26);
    for (const operation of operations)
      expect(Boolean(operation.preview)).toBe(needsConsent(operation));
  });
});

describe('what perform takes', () => {
  it('fills in defaults from the schema alone', async () => {
    const { calls, run } = counting();
    const operation = define({ run });
    for (const raw of [{}, undefined, null, { size: undefined }, { colour: ' red ' }])
      expect(await perform(operation, raw, person)).toMatchObject({ ok: true });
    expect(calls.slice(0, 4)).toStrictEqual([{ size: 3 }, { size: 3 }, { size: 3 }, { size: 3 }]);
    expect(calls[4]).toStrictEqual({ size: 3, colour: 'red' });
  });

  it('names an unknown field, and the fields there are', async () => {
    const fault = faultOf(await perform(define(), { size: 2, weight: 1, depth: 2 }, person));
    expect(fault).toMatchObject({ code: 'invalid_input', field: 'weight' });
    expect(fault.message).toContain('weight, depth: there is no such field');
    expect(fault.message).toContain('the fields are: size, colour');
  });

  it('names every field that is wrong', async () => {
    const fault = faultOf(await perform(define(), { size: 10, colour: 4 }, person));
    expect(fault.field).toBe('size');
    expect(fault.message).toMatch(/size: .*<=9.*; colour: .*string/u);
  });

  it.each([['a text'], [[1, 2]], [7], [true]])('refuses %j as a whole', async (raw) => {
    const fault = faultOf(await perform(define(), raw, person));
    expect(fault.code).toBe('invalid_input');
    expect(viewFault(fault, 'en')).not.toHaveProperty('field');
  });

  it.each([0, 10, 3.5, '3', Number.NaN, Number.POSITIVE_INFINITY, null])(
    'refuses a size of %j',
    async (size) => {
      const { calls, run } = counting();
      expect(faultOf(await perform(define({ run }), { size }, person)).code).toBe('invalid_input');
      expect(calls).toStrictEqual([]);
    },
  );

  it.each(['a\0b', '\ud800', 'x\udfff'])(
    'refuses %j, which the database could not keep, before anything runs',
    async (colour) => {
      const { calls, run } = counting();
      const fault = faultOf(await perform(define({ run }), { colour }, person));
      expect(fault).toMatchObject({ code: 'invalid_input', field: 'colour' });
      expect(calls).toStrictEqual([]);
    },
  );

  it('applies the rules between fields that the strict schema leaves out', async () => {
    const input = z
      .object({ low: z.int().default(1).describe('x'), high: z.int().default(2).describe('x') })
      .superRefine(({ low, high }, issues) => {
        if (low > high)
          issues.addIssue({ code: 'custom', path: ['high'], message: 'must not be below low' });
      });
    const fault = faultOf(await perform(define({ input }), { low: 3 }, person));
    expect(fault).toMatchObject({ code: 'invalid_input', field: 'high' });
  });
});

describe('fields that only a person decides', () => {
  const decided = (run = base.run): AnyOperation =>
    define({
      effect: 'publish',
      preview,
      run,
      decidedByPerson: ['open'],
      input: z.object({
        size: z.int().default(3).describe('How big'),
        open: z.boolean().default(false).describe('For everybody'),
      }),
    });

  it('are not in what models see', () => {
    expect(Object.keys(inputSchemaFor(decided(), true).shape)).toStrictEqual(['size']);
    expect(Object.keys(inputSchemaFor(decided(), false).shape)).toStrictEqual(['size', 'open']);
    const surfaces = ['mcp', 'agent', 'terminal', 'web', 'discord'].map(isModelSurface);
    expect(surfaces).toStrictEqual([true, true, false, false, false]);
  });

  it.each(['mcp', 'agent'] as const)(
    'are refused from %s, and not listed among its fields',
    async (surface) => {
      const fault = faultOf(await perform(decided(), { open: true }, from(surface)));
      expect(fault).toMatchObject({ code: 'invalid_input', field: 'open' });
      expect(fault.message).toContain('(the fields are: size)');
    },
  );

  it('are taken from a person', async () => {
    const { calls, run } = counting();
    const operation = decided(run);
    await approve(await perform(operation, { open: true }, person));
    expect(await perform(operation, { open: true }, person)).toMatchObject({ ok: true });
    expect(calls).toStrictEqual([{ size: 3, open: true }]);
  });

  it('take their safe default when a model asked and the person chose nothing', async () => {
    const { calls, run } = counting();
    const operation = decided(run);
    await approve(await perform(operation, { size: 1 }, from('mcp')));
    expect(await perform(operation, { size: 1 }, from('mcp'))).toMatchObject({ ok: true });
    expect(calls).toStrictEqual([{ size: 1, open: false }]);
  });
});

describe('what perform answers', () => {
  it('holds what the output schema names and nothing else', async () => {
    const run = async () => ({ made: 'it', secret: 'hunter2' });
    const outcome = await perform(define({ run }), {}, person);
    expect(outcome).toStrictEqual({ ok: true, value: { made: 'it' }, text: 'Made it.' });
  });

  it('is a defect when it breaks its own output schema, without showing it', async () => {
    const run = async () => ({ made: 4, secret: 'hunter2' });
    const outcome = await perform(define({ run, name: 'thing_misfit' }), {}, person);
    const fault = faultOf(outcome);
    expect(fault.code).toBe('internal');
    expect(JSON.stringify([viewFault(fault, 'en'), fault.message])).not.toMatch(
      /hunter2|expected/u,
    );
    expect(await auditOf('thing_misfit')).toStrictEqual(['internal']);
  });

  it('gives a defect a reference that is in the log, and its text nowhere', async () => {
    const run = async () => {
      throw new Error('the vault is at 10.0.0.7');
    };
    const outcome = await perform(define({ run, name: 'thing_defect' }), {}, person);
    if (outcome.ok) throw new Error('it succeeded');
    expect(outcome.reference).toMatch(/^[0-9A-F]{6}$/u);
    const line = world.logs.find((entry) => entry.includes(outcome.reference ?? 'none'));
    expect(line).toContain('the vault is at 10.0.0.7');
    expect(line).toContain('thing_defect');
    for (const locale of locales) {
      const said = JSON.stringify(viewFault(outcome.fault, locale));
      expect(said).toContain(outcome.reference);
      expect(said).not.toContain('vault');
    }
    const rows = await world.app.database.db
      .select()
      .from(auditLog)
      .where(eq(auditLog.operation, 'thing_defect'));
    expect(rows).toMatchObject([{ outcome: 'internal', reference: outcome.reference }]);
    expect(JSON.stringify(rows)).not.toContain('vault');
  });

  it.each([['text'], [undefined], [{ code: 4 }], [null]])(
    'is a defect for anything thrown: %j',
    async (thrown) => {
      const run = async () => Promise.reject(thrown);
      expect(faultOf(await perform(define({ run }), {}, person)).code).toBe('internal');
    },
  );

  it('passes a fault on as it is, with whether it was charged and when to try again', async () => {
    const run = async () => {
      const options = { charged: true, retryAfterSeconds: 40, cause: new Error('secret') };
      throw new Fault('provider_busy', { provider: 'fal' }, options);
    };
    const outcome = await perform(define({ run }), {}, person);
    expect(viewFault(faultOf(outcome), 'zh')).toStrictEqual({
      code: 'provider_busy',
      message: 'fal 正忙。',
      next: '请稍后再试；已在进行的工作会自动继续。',
      charged: true,
      retry_after_seconds: 40,
    });
    expect(outcome).toMatchObject({ reference: null });
  });

  it('says it in the language of the person', async () => {
    const say = (_: unknown, locale: string) => `in ${locale}`;
    const outcome = await perform(define({ say }), {}, { ...person, locale: 'zh' });
    expect(outcome).toMatchObject({ text: 'in zh' });
  });

  it('records nothing as done when its words cannot be made', async () => {
    const say = () => {
      throw new Error('no words');
    };
    expect(faultOf(await perform(define({ say, name: 'thing_mute' }), {}, person)).code).toBe(
      'internal',
    );
    expect(await auditOf('thing_mute')).toStrictEqual(['internal']);
  });
});

describe('the audit', () => {
  it('has no row for reading', async () => {
    const operation = define({ name: 'thing_look', effect: 'read' });
    await perform(operation, {}, person);
    await perform(operation, { nonsense: 1 }, person);
    expect(await auditOf('thing_look')).toStrictEqual([]);
  });

  it('has one row for each attempt at writing', async () => {
    const operation = define({ name: 'thing_note' });
    await perform(operation, {}, person);
    await perform(operation, { size: 99 }, person);
    expect(await auditOf('thing_note')).toStrictEqual(['ok', 'invalid_input']);
  });

  it.each(['spend', 'publish', 'destroy'] as const)(
    'has the question, the start and the outcome of an attempt to %s',
    async (effect) => {
      const name = `thing_${effect}` as const;
      const operation = define({ name, effect, preview });
      const id = await approve(await perform(operation, {}, from('mcp')));
      await perform(operation, {}, from('mcp'), { approvalId: id });
      expect(await auditOf(name)).toStrictEqual(['approval_required', 'started', 'ok']);
      const rows = await world.app.database.db
        .select()
        .from(auditLog)
        .where(eq(auditLog.operation, name))
        .orderBy(auditLog.id);
      expect(rows.map(({ approvalId }) => approvalId)).toStrictEqual([null, id, id]);
      expect(new Set(rows.map(({ inputHash }) => inputHash)).size).toBe(1);
      const who = { accountId: person.actor.accountId, surface: 'mcp', effect };
      expect(rows).toMatchObject([who, who, who]);
    },
  );

  it('has the start and the failure of an approved attempt that fails', async () => {
    const run = async () => {
      throw new Fault('content_refused', {});
    };
    const operation = define({ name: 'thing_fail', effect: 'spend', preview, run });
    await approve(await perform(operation, {}, person));
    expect(faultOf(await perform(operation, {}, person)).code).toBe('content_refused');
    expect(await auditOf('thing_fail')).toStrictEqual([
      'approval_required',
      'started',
      'content_refused',
    ]);
  });

  describe('that cannot be written', () => {
    const away = (table: string, to: string) =>
      world.app.database.sql.unsafe(`alter table ${table} rename to ${to}`);
    beforeAll(() => away('audit_log', 'audit_away'));
    afterAll(() => away('audit_away', 'audit_log'));

    it('does not turn what was done into a failure', async () => {
      const outcome = await perform(define({ name: 'thing_done' }), {}, person);
      expect(outcome).toMatchObject({ ok: true, value: { made: 'size 3' } });
      const isTold = (line: string) =>
        line.includes('audit row lost') && line.includes('thing_done');
      expect(world.logs.some(isTold)).toBe(true);
    });

    it('does not hide why something failed', async () => {
      expect(faultOf(await perform(define(), { size: 0 }, person)).code).toBe('invalid_input');
    });

    it('starts nothing that spends', async () => {
      const { calls, run } = counting();
      const operation = define({ name: 'thing_unlogged', effect: 'spend', preview, run });
      await approve(await perform(operation, {}, person));
      expect(faultOf(await perform(operation, {}, person)).code).toBe('internal');
      expect(calls).toStrictEqual([]);
    });
  });

  it('does not throw on an input that has no canonical form', async () => {
    const loop: Record<string, unknown> = {};
    loop['loop'] = loop;
    expect(faultOf(await perform(define(), loop, person)).code).toBe('invalid_input');
    expect(faultOf(await perform(define(), { size: 10n }, person)).code).toBe('invalid_input');
  });
});

describe('without a database', () => {
  const readAccounts = (context: Context) => context.database.db.select().from(accounts);
  const reading = (over: Partial<AnyOperation> = {}) =>
    define({
      ...over,
      run: async (_: unknown, context: Context) => {
        await readAccounts(context);
        return { made: 'it' };
      },
    });

  it('says so when nothing listens there', async () => {
    const database = openDatabase('postgres://jilo:secret@127.0.0.1:1/jilo');
    const context = { ...person, database };
    const effects = ['read', 'write', 'spend'] as const;
    for (const effect of effects) {
      const operation = reading(effect === 'spend' ? { effect, preview } : { effect });
      const outcome = await perform(operation, {}, context);
      expect(faultOf(outcome).code).toBe('database_down');
      expect(outcome).toMatchObject({ reference: null });
      expect(JSON.stringify(viewFault(faultOf(outcome), 'en'))).not.toMatch(/secret|127\.0/u);
    }
    await database.close();
  });

  it('says so when the pool has been closed', async () => {
    const database = openDatabase(world.databaseUrl);
    await database.close();
    const outcome = await perform(reading(), {}, { ...person, database });
    expect(faultOf(outcome).code).toBe('database_down');
  });

  it('says so when the database is gone or the password is wrong', async () => {
    const gone = new URL(world.databaseUrl);
    gone.pathname = '/not_there';
    const wrong = new URL(world.databaseUrl);
    wrong.password = 'wrong';
    for (const url of [gone, wrong]) {
      const database = openDatabase(url.href);
      const outcome = await perform(reading(), {}, { ...person, database });
      expect(faultOf(outcome).code).toBe('database_down');
      await database.close();
    }
  });
});

describe('toFault', () => {
  const log = { error: () => undefined };
  const coded = (code: string, cause?: unknown) =>
    Object.assign(new Error('text', { cause }), { code });
  it.each([
    [coded('ENOSPC'), 'storage_full'],
    [coded('53100'), 'storage_full'],
    [coded('57P01'), 'database_down'],
    [new Error('outer', { cause: coded('CONNECTION_CLOSED') }), 'database_down'],
    [coded('22021'), 'internal'],
    [new Fault('channel_missing', {}), 'channel_missing'],
  ])('takes %s for %s', (error, code) => {
    expect(toFault(error, { ids: world.app.ids, log }, 'here').fault.code).toBe(code);
  });

  it('does not follow causes in a circle', () => {
    const error = new Error('round');
    error.cause = error;
    expect(toFault(error, { ids: world.app.ids, log }, 'here').fault.code).toBe('internal');
  });
});

const sample: { readonly [C in FaultCode]: FaultParams<C> } = {
  invalid_input: { problems: { en: 'size: too big', zh: 'size：过大' } },
  unknown_operation: { name: 'thing_x', known: 'thing_a, thing_b' },
  not_found: { what: 'video', id: 'vid_1' },
  approval_required: { title: 'Make it', id: 'apr_1', link: 'https://jilo.test/approvals/apr_1' },
  approval_refused: {},
  agent_limit: { resetsAt: '20:00', commands: '/trend search' },
  chat_closed: {},
  button_outdated: {},
  channel_not_allowed: { channels: '<#1>' },
  not_yours: {},
  role_not_allowed: {},
  approval_not_valid: {},
  quota_short: { needed: 4, available: 3, renewsAt: '2026-12-22T08:00:00.000Z' },
  packs_short: { needed: 4, available: 3 },
  payer_changed: {},
  quote_expired: {},
  content_refused: {},
  prompt_refused: { field: 'prompt', words: 'gore', category: 'gore', suggestion: null },
  provider_busy: { provider: 'fal' },
  provider_failed: { provider: 'fal' },
  run_timed_out: { provider: 'Apify' },
  run_aborted: { provider: 'Apify' },
  search_limit: { most: 30, hours: 5 },
  watch_limit: { most: 10 },
  provider_locked: { provider: 'fal' },
  service_missing: { service: 'fal' },
  channel_missing: {},
  channel_reconnect: { channel: 'Cats' },
  channel_scope_missing: { scopes: 'youtube' },
  channel_access_missing: { channel: 'Boats' },
  publication_refused: { reason: 'title' },
  thumbnail_not_allowed: {},
  not_ready: { what: 'video', status: 'queued' },
  already_over: { what: 'video', status: 'ready' },
  cancel_first: {},
  no_free_retry: { id: 'vid_1' },
  publication_running: { publication: 'pub_1' },
  server_missing: {},
  token_limit: { most: 20 },
  already_paid: {},
  plan_missing: {},
  account_deleted: {},
  account_merged: {},
  merge_same_account: {},
  merge_both_paid: {},
  merge_under_way: { what: 'video', name: 'Ann' },
  merge_changed: {},
  deletion_plan: {},
  deletion_checkout: {},
  deletion_running: { videos: 1, publications: 2 },
  deletion_held: { units: 3 },
  rate_limited: { seconds: 12 },
  daily_cap: { cap: 30, used: 25, needed: 6 },
  server_manager_only: {},
  link_not_valid: {},
  storage_full: {},
  database_down: {},
  internal: { reference: 'ABC123' },
};

const codes = Object.keys(catalogue('en').faults).filter(
  (code): code is FaultCode => code in sample,
);

describe('the words of faults', () => {
  it('are there for every code', () => {
    expect(codes).toStrictEqual(Object.keys(catalogue('en').faults));
    expect(Object.keys(catalogue('zh').faults).toSorted()).toStrictEqual(codes.toSorted());
  });

  it.each(codes)('%s: reason and next step in both languages', (code) => {
    const params = sample[code];
    const en = faultWords(catalogue('en'), code, params);
    const zh = faultWords(catalogue('zh'), code, params);
    for (const text of [en.message, en.next]) {
      expect(text).toMatch(/^[A-Z"f].*[^ ]$/u);
      expect(text).not.toMatch(/undefined|null|\[object|\p{Script=Han}/u);
      expect(text.length).toBeLessThan(220);
    }
    for (const text of [zh.message, zh.next]) {
      expect(text).toMatch(/\p{Script=Han}/u);
      expect(text).not.toMatch(/undefined|null|\[object/u);
    }
    // Whatever the English sentence carries, the Chinese one carries too.
    const carried = Object.values(params).filter((value) => typeof value === 'number');
    for (const value of carried) {
      expect(`${en.message}${en.next}`).toContain(String(value));
      expect(`${zh.message}${zh.next}`).toContain(String(value));
    }
    const view = viewFault(new Fault(code, params), 'zh');
    expect(view).toMatchObject({ code, ...zh, charged: false });
  });

  it('show the approval to decide on, and its link where there is one', () => {
    const shown = viewFault(new Fault('approval_required', sample.approval_required), 'en');
    expect(shown).toMatchObject({ approval: 'apr_1', link: 'https://jilo.test/approvals/apr_1' });
    expect(shown.next).toContain('https://jilo.test/approvals/apr_1');
    const bare = { title: 'Make it', id: 'apr_1', link: null };
    const view = viewFault(new Fault('approval_required', bare), 'en');
    expect(view).not.toHaveProperty('link');
    expect(view.next).toContain('apr_1');
    const missing = viewFault(new Fault('not_found', sample.not_found), 'en');
    expect(missing).not.toHaveProperty('approval');
  });

  it('name no thing in English inside a Chinese sentence', () => {
    for (const what of ['trend', 'video', 'publication', 'channel', 'quote'])
      for (const code of ['not_found', 'not_ready'] as const) {
        const params = { what, id: 'x1', status: 'queued' };
        expect(faultWords(catalogue('zh'), code, params).message).not.toContain(what);
      }
  });
});

describe('localeOf', () => {
  it.each([
    ['zh', 'zh'],
    ['zh-CN', 'zh'],
    ['zh_CN.UTF-8', 'zh'],
    ['ZH-Hant', 'zh'],
    ['en-GB', 'en'],
    ['zhx', 'en'],
    ['', 'en'],
    ['ja', 'en'],
  ])('reads %j as %s', (tag, locale) => {
    expect(localeOf(tag)).toBe(locale);
  });
});
