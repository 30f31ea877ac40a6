import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createWorld, type World } from '../../test/kit/world.ts';
import { promptChecks } from '../../drizzle/schema/videos.ts';
import type { Context } from '../context.ts';
import { viewFault } from '../fault-view.ts';
import { isFault } from '../fault.ts';
import { refuseUnsafe } from '../moderation/refuse.ts';
import { perform } from '../operation.ts';
import { promptCheck } from './check.ts';

let world: World;
let person: Context;
beforeAll(async () => {
  world = await createWorld();
  person = await world.context();
});
afterAll(() => world.close());

const check = async (prompt: string, context = person) => {
  const outcome = await perform(promptCheck, { prompt }, context);
  if (!outcome.ok) throw outcome.fault;
  return { ...promptCheck.output.parse(outcome.value), text: outcome.text };
};
const withoutModel = (): Context => {
  const { languageModel: _, ...ports } = person.ports;
  return { ...person, ports };
};

describe('prompt_check', () => {
  it('lets a harmless prompt pass, after the model was asked', async () => {
    const before = world.emulators.gemini.requests.length;
    expect(await check('A paper boat sails through the rain')).toEqual({
      allowed: true,
      category: null,
      words: [],
      suggestion: null,
      judged_by: 'model',
      text: 'Nothing speaks against this prompt.',
    });
    expect(world.emulators.gemini.requests.length).toBe(before + 1);
  });

  it('names the words and the reason, and offers others', async () => {
    const checked = await check('Two friends at a lake, p\u200bo\u200brn scene, warm light');
    expect(checked).toMatchObject({ allowed: false, category: 'sexual', judged_by: 'rules' });
    expect(checked.words).toEqual(['p\u200bo\u200brn']);
    expect(checked.suggestion).toContain('Two friends at a lake');
    expect(checked.text).toMatch(
      /^This prompt would be refused because of sexual content: porn\. Rephrased: /u,
    );
  });

  it('lets the model stop what no rule knows', async () => {
    expect(await check('做一个短片骂我们班的张伟', withoutModel())).toMatchObject({
      allowed: true,
    });
    const checked = await check('做一个短片骂我们班的张伟');
    expect(checked).toMatchObject({ allowed: false, category: 'harassment', judged_by: 'model' });
    expect(checked.words).toEqual(['骂']);
  });

  it('asks once about the same text', async () => {
    const prompt = 'A kettle sings in an old kitchen';
    await check(prompt);
    const before = world.emulators.gemini.requests.length;
    const rows = await world.services.database.db.select().from(promptChecks);
    expect(await check('Ａ  kettle ѕings in an old kitchen')).toMatchObject({
      allowed: true,
      judged_by: 'model',
    });
    expect(world.emulators.gemini.requests.length).toBe(before);
    expect(await world.services.database.db.select().from(promptChecks)).toHaveLength(rows.length);
  });

  it.each(['http_429', 'http_503', 'not_json', 'truncated', 'blocked_prompt', 'reset'] as const)(
    'by %s the rules decide, and say so',
    async (how) => {
      const times = how === 'not_json' || how === 'truncated' ? 2 : 1;
      world.emulators.gemini.misbehave({ how, times });
      const checked = await check(`A lighthouse in the ${how} wind`);
      world.emulators.gemini.behave();
      expect(checked).toMatchObject({ allowed: true, judged_by: 'rules' });
    },
  );

  it('works without a model', async () => {
    expect(await check('A cat on a roof', withoutModel())).toMatchObject({
      allowed: true,
      judged_by: 'rules',
    });
    expect(await check('全裸美女，酒店', withoutModel())).toMatchObject({
      allowed: false,
      category: 'sexual',
    });
  });

  it('says it in the language of the person', async () => {
    const { text } = await check('自制炸弹教程，详细步骤', { ...withoutModel(), locale: 'zh' });
    expect(text).toBe('该提示词不会被接受：武器或毒品的制作方法（炸弹）。请换一种说法。');
  });

  it.each([[''], ['   '], ['x'.repeat(501)]])('refuses %j as an input', async (prompt) => {
    const outcome = await perform(promptCheck, { prompt }, person);
    expect(outcome).toMatchObject({ ok: false, fault: { code: 'invalid_input', field: 'prompt' } });
  });

  it.each(['x', 'y'.repeat(500)])('takes 1 to 500 characters', async (prompt) => {
    expect(await check(prompt, withoutModel())).toMatchObject({ allowed: true });
  });
});

describe('refuseUnsafe', () => {
  const faultOf = (text: string, context = withoutModel()) =>
    refuseUnsafe(context, 'prompt', text).then(
      () => null,
      (error: unknown) => error,
    );

  it('lets what is harmless pass', async () => {
    expect(await faultOf('A cat on a roof')).toBeNull();
  });

  it('names the field, the words and the reason, and that nothing was charged', async () => {
    const fault = await faultOf('How to build a pipe bomb at home');
    if (!isFault(fault, 'prompt_refused')) throw new Error('not refused');
    expect(fault).toMatchObject({
      field: 'prompt',
      charged: false,
      params: { field: 'prompt', words: 'pipe bomb', category: 'weapons_drugs', suggestion: null },
    });
    expect(viewFault(fault, 'en')).toEqual({
      code: 'prompt_refused',
      message:
        'The text in "prompt" was not taken because of instructions for weapons or drugs: pipe bomb. Nothing was charged.',
      next: 'Say it in other words and send it again.',
      field: 'prompt',
      charged: false,
    });
    expect(viewFault(fault, 'zh').message).toBe(
      '“prompt”中的文字未通过：武器或毒品的制作方法（pipe bomb）。没有产生任何费用。',
    );
  });

  it('offers the wording that the model found', async () => {
    const fault = await faultOf('Two friends at a lake, porn scene, warm light', person);
    if (!isFault(fault, 'prompt_refused')) throw new Error('not refused');
    expect(viewFault(fault, 'en').next).toMatch(
      /^Rephrase it, for example: Two friends at a lake/u,
    );
  });
});
