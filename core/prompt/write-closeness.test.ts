import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { quotes, videos } from '../../drizzle/schema/videos.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import { findVideos, modelWriting, sightingOf } from '../../test/kit/written-prompts.ts';
import type { Context } from '../context.ts';
import { Fault } from '../fault.ts';
import { perform } from '../operation.ts';
import { findPrompt, keepPrompt, keyOfPrompt } from './written.ts';
import { promptWrite } from './write.ts';

let world: World;
let person: Context;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
let people = 0;
beforeEach(async () => {
  people += 1;
  person = await world.context('terminal', `person ${people}`);
});

const title = 'Grandma tries sushi for the first time and cannot stop laughing';
const copied = `${title}. Warm close-up, soft window light, the camera pushes in slowly.`;
const rephrased =
  'An elderly woman lifts raw fish with chopsticks, freezes, then bursts into giggles. Handheld close-up, warm light.';
const another =
  'A fisherman with chopsticks bows to an old lady across a counter at dawn. Wide shot, blue light, slow pan.';

const write = async (input: object, context: Context) => {
  const outcome = await perform(promptWrite, input, context);
  if (!outcome.ok) throw outcome.fault;
  return { ...promptWrite.output.parse(outcome.value), text: outcome.text };
};

const findGrandma = async (): Promise<string> => {
  const [trend] = await findVideos(person, [sightingOf({ title })]);
  return trend?.id ?? '';
};

type Asked = { readonly instructions: string; readonly prompt: string };

/** A model that writes these one after the other, and the last one from then on. */
function writing(prompts: readonly string[], context = person) {
  const asked: Asked[] = [];
  const model = modelWriting(context, (request, turn) => {
    asked.push(request);
    return prompts[Math.min(turn, prompts.length) - 1] ?? '';
  });
  return { asked, model };
}

let made = 0;

/** A video of the account, as if it had been made from this prompt; each a second after the last. */
async function haveVideo(prompt: string, over: Partial<typeof videos.$inferInsert> = {}) {
  made += 1;
  const { accountId } = person.actor;
  const { db } = world.app.database;
  const createdAt = new Date(world.now().getTime() + made * 1000);
  const wish = { accountId, prompt, model: 'kling', seconds: 15, shape: '9:16', createdAt };
  const quote = { ...wish, id: `quo_${made}`, shots: [], quota: 1, expiresAt: createdAt };
  await db.insert(quotes).values(quote);
  const id = `vid_made${made}`;
  await db
    .insert(videos)
    .values({ ...wish, id, quoteId: quote.id, rootId: id, quota: 1, status: 'queued', ...over });
  return id;
}

describe('a prompt that is too close to its source', () => {
  it('is not asked for again while it is not', async () => {
    const { asked, model } = writing([rephrased]);
    const written = await write({ trend: await findGrandma() }, model);
    expect(asked).toHaveLength(1);
    expect(written).toMatchObject({ prompt: rephrased, written_by: 'model', too_close_to: [] });
    expect(written.copy_risk).toBeLessThan(0.2);
    expect(written).toMatchObject({ sameness: 0, most_like: null });
    expect(asked[0]?.instructions).not.toContain('rewrite');
    expect(asked[0]?.prompt).not.toContain('kind="copied"');
  });

  it('is written again, with the copied words named as data', async () => {
    const { asked, model } = writing([copied, rephrased]);
    const written = await write({ trend: await findGrandma() }, model);
    expect(written).toMatchObject({ prompt: rephrased, written_by: 'model', too_close_to: [] });
    expect(asked).toHaveLength(2);
    const [, second] = asked;
    expect(second?.instructions).toContain('This is rewrite 1 of at most 2');
    expect(second?.instructions).not.toContain('sushi');
    expect(second?.instructions).not.toContain('earlier video');
    expect(second?.prompt).toContain(
      '<untrusted kind="copied">grandma tries sushi for the first time and cannot stop laughing</untrusted>',
    );
  });

  it('may be written again twice', async () => {
    const { asked, model } = writing([copied, copied, rephrased]);
    const written = await write({ trend: await findGrandma() }, model);
    expect(written).toMatchObject({ prompt: rephrased, written_by: 'model' });
    expect(asked).toHaveLength(3);
    expect(asked[2]?.instructions).toContain('This is rewrite 2 of at most 2');
  });

  it('is left to the rules after that', async () => {
    const { asked, model } = writing([copied]);
    const written = await write({ trend: await findGrandma() }, model);
    expect(asked).toHaveLength(3);
    expect(written).toMatchObject({ written_by: 'rules', too_close_to: [] });
    expect(written.copy_risk).toBeLessThan(0.45);
    expect(written.prompt).toContain('sushi');
    expect(written.prompt).not.toMatch(/tries sushi/iu);
  });

  it('is left to the rules when the model stays away from the rewrite', async () => {
    const trend = await findGrandma();
    let turns = 0;
    const model = modelWriting(person, () => {
      turns += 1;
      if (turns > 1) throw new Fault('provider_busy', { provider: 'Gemini' });
      return copied;
    });
    expect(await write({ trend }, model)).toMatchObject({ written_by: 'rules', too_close_to: [] });
    expect(turns).toBe(2);
  });

  it('is left to the rules when the rewrite is no prompt', async () => {
    const { asked, model } = writing([copied, 'No.', rephrased]);
    const written = await write({ trend: await findGrandma() }, model);
    expect(written).toMatchObject({ written_by: 'rules', too_close_to: [] });
    expect(asked).toHaveLength(2);
  });

  it('is compared with description and tags, and with what the analyst has said', async () => {
    const description = 'Seven retired sailors knit a scarf as long as the whole harbour wall.';
    const hashtags = ['purple', 'tigers', 'juggle', 'melons', 'beneath', 'frozen', 'waterfalls'];
    const [trend] = await findVideos(person, [sightingOf({ description, hashtags })]);
    for (const words of [description, hashtags.join(' ')]) {
      const { asked, model } = writing([`${words} Soft light, slow camera.`, rephrased]);
      await write({ trend: trend?.id }, model);
      expect(asked).toHaveLength(2);
    }
    const { asked, model } = writing([]);
    await write({ trend: trend?.id }, model);
    const attraction = /kind="attraction">([^<]+)</u.exec(asked[0]?.prompt ?? '')?.[1] ?? '';
    const echo = writing([`${attraction} Soft light.`, rephrased]);
    const written = await write({ trend: trend?.id }, echo.model);
    expect(echo.asked).toHaveLength(2);
    expect(written.prompt).toBe(rephrased);
  });

  it('by the wish of the person is said to them', async () => {
    const trend = await findGrandma();
    const { model } = writing([copied]);
    const written = await write({ trend, idea: title }, model);
    // The rules fall back to a few words of the wish, so that nothing has to be said.
    expect(written).toMatchObject({ written_by: 'rules', too_close_to: [] });
    const own = await write({ idea: title }, writing([copied]).model);
    expect(own).toMatchObject({ prompt: copied, written_by: 'model', copy_risk: 0 });
  });

  it('rounds both shares to hundredths', async () => {
    await haveVideo('A fox crosses a frozen lake beneath seven lanterns');
    const trend = await findGrandma();
    const prompt = `${rephrased} A fox crosses, and grandma cannot stop.`;
    const written = await write({ trend }, writing([prompt]).model);
    for (const share of [written.copy_risk, written.sameness]) {
      expect(share).toBeGreaterThan(0);
      expect(share).toBe(Number(share.toFixed(2)));
    }
  });
});

describe('a prompt that is like an earlier video', () => {
  it('is written again, with that video named as data', async () => {
    await haveVideo('A paper boat in the rain');
    const video = await haveVideo(rephrased);
    const { asked, model } = writing([rephrased, another]);
    const written = await write({ trend: await findGrandma() }, model);
    expect(written).toMatchObject({ prompt: another, written_by: 'model', too_close_to: [] });
    expect(written.most_like).toBe(video);
    expect(asked).toHaveLength(2);
    expect(asked[1]?.instructions).toContain('earlier video of this person');
    expect(asked[1]?.instructions).not.toContain('repeated');
    expect(asked[1]?.prompt).toMatch(/<untrusted kind="earlier">an elderly woman lifts raw fish/u);
    expect(asked[1]?.prompt).not.toContain('kind="copied"');
  });

  it('is left to the rules, who write another one than last time', async () => {
    const first = await write({ idea: 'a cat that learns to surf' }, writing([]).model);
    expect(first).toMatchObject({ written_by: 'rules', sameness: 0 });
    const video = await haveVideo(first.prompt);
    const second = await write({ idea: 'a cat that learns to surf' }, writing([]).model);
    expect(second).toMatchObject({ written_by: 'rules', too_close_to: [], most_like: video });
    expect(second.prompt).not.toBe(first.prompt);
    expect(second.sameness).toBeLessThan(0.6);
  });

  it('and that nobody can write otherwise is the one least like it, and said', async () => {
    const idea = 'purple tigers juggle ripe melons beneath seven frozen waterfalls near Oslo';
    const prompts: string[] = [];
    for (let turn = 0; turn < 4; turn += 1) {
      const { prompt } = await write({ idea }, writing([]).model);
      prompts.push(prompt);
      await haveVideo(prompt);
    }
    expect(new Set(prompts).size).toBe(4);
    const said = await write({ idea }, writing([]).model);
    expect(said).toMatchObject({ written_by: 'rules', too_close_to: ['own_videos'], sameness: 1 });
    expect(said.text).toContain(`earlier video ${said.most_like} (100%)`);
    const zh = await write({ idea }, { ...writing([]).model, locale: 'zh' });
    expect(zh.text).toContain(`您之前的视频 ${zh.most_like} 过于相似（100%）`);
    const nearer = `${prompts[0]} A heron watches, a kite rises.`;
    const best = await write({ idea }, writing([nearer]).model);
    expect(best).toMatchObject({
      prompt: nearer,
      written_by: 'model',
      too_close_to: ['own_videos'],
    });
  });

  it.each([
    ['failed', { status: 'failed' }],
    ['cancelled', { status: 'cancelled' }],
    ['deleted', { deletedAt: new Date('2026-11-22T00:00:00Z') }],
    ['of another place', { serverId: '100000000000000001' }],
  ] as const)('counts no video that is %s', async (_, over) => {
    await haveVideo(another, over);
    const here = { ...person, actor: { ...person.actor, serverId: null } };
    const written = await write({ idea: 'an old lady' }, writing([another], here).model);
    expect(written).toMatchObject({ written_by: 'model', sameness: 0, most_like: null });
  });

  it('counts no video of anybody else', async () => {
    await haveVideo(another);
    const stranger = await world.context('terminal', 'stranger');
    const { model } = writing([another], stranger);
    expect(await write({ idea: 'an old lady' }, model)).toMatchObject({ sameness: 0 });
  });

  it('counts the last twenty', async () => {
    const video = await haveVideo(another);
    for (let turn = 0; turn < 19; turn += 1) await haveVideo('A kettle on a stove');
    const twentieth = await write({ idea: 'an old lady' }, writing([another]).model);
    expect(twentieth).toMatchObject({ most_like: video });
    await haveVideo('A kettle on a stove');
    const beyond = await write({ idea: 'an old lady' }, writing([another]).model);
    expect(beyond).toMatchObject({ prompt: another, sameness: 0, most_like: null });
  });
});

describe('the sandbox', () => {
  it('writes a title that it repeats in other words when it is told so', async () => {
    const long = 'Purple tigers juggle melons beneath frozen waterfalls';
    for (const [one, language] of [
      [long, /^[^\p{Script=Han}]+$/u],
      ['千万不要在火锅里放这个绿色的东西全家人都后悔', /\p{Script=Han}/u],
    ] as const) {
      const [trend] = await findVideos(person, [sightingOf({ title: one })]);
      const before = world.emulators.gemini.requests.length;
      const written = await write({ trend: trend?.id }, person);
      expect(written).toMatchObject({ written_by: 'model', too_close_to: [] });
      expect(written.prompt).toMatch(language);
      expect(written.characters).toBeGreaterThanOrEqual(100);
      expect(written.characters).toBeLessThanOrEqual(300);
      const asked = world.emulators.gemini.requests.slice(before);
      expect(asked.length).toBeGreaterThanOrEqual(2);
    }
  });

  it('writes another prompt for an idea that is a video already', async () => {
    const first = await write({ idea: '一只学冲浪的猫' }, person);
    await haveVideo(first.prompt);
    const second = await write({ idea: '一只学冲浪的猫' }, person);
    expect(second).toMatchObject({ written_by: 'model', too_close_to: [] });
    expect(second.prompt).not.toBe(first.prompt);
    expect(second.prompt).toContain('学冲浪的猫');
  });
});

it('a prompt that was kept before there were shares is still found', async () => {
  const prompt = 'A paper boat in the rain';
  await keepPrompt(person, { prompt, trend: null, idea: 'boats', seconds: 30 });
  const kept = await findPrompt(person, keyOfPrompt(prompt));
  expect(kept).toEqual({ prompt, trend: null, idea: 'boats', seconds: 30 });
});
