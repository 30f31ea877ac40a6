import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Context } from '../../../core/context.ts';
import { promptTemplates } from '../../../core/prompt/templates.ts';
import { promptWrite } from '../../../core/prompt/write.ts';
import { keyOfPrompt } from '../../../core/prompt/written.ts';
import { trendSearch } from '../../../core/trend/search.ts';
import { videoGenerate } from '../../../core/video/generate.ts';
import { videoQuote } from '../../../core/video/quote.ts';
import { approvals } from '../../../drizzle/schema/consent.ts';
import { recordExchange } from '../../../test/kit/exchange.ts';
import {
  fieldOf,
  idsOfView,
  labelsOfView,
  problemsOfModal,
  problemsOfView,
  textOfView,
} from '../../../test/kit/view-limits.ts';
import { createWorld, type World } from '../../../test/kit/world.ts';
import { parseActionId } from '../action-id.ts';
import type { Action, Filled } from '../exchange.ts';
import { openEditor, promptActions } from './prompt.ts';
import { quoteActions } from './quote.ts';
import { trendActions } from './trend.ts';
import { showTakes } from './takes.ts';
import { showVideo, videoActions } from './video.ts';

const server = '200000000000000001';
const actions: readonly Action[] = [
  ...trendActions,
  ...promptActions,
  ...quoteActions,
  ...videoActions,
];

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

let person = 0;
/** Somebody who has done nothing yet, in a server. */
async function somebody(locale: 'en' | 'zh' = 'en', serverId: string | null = server) {
  person += 1;
  return placed(await world.context('discord', `person${person}`, locale), serverId);
}

const placed = (context: Context, serverId: string | null): Context => ({
  ...context,
  actor: { ...context.actor, serverId },
});

async function press(
  context: Context,
  name: string,
  args: readonly string[] = [],
  filled: Filled = {},
) {
  const action = actions.find((one) => one.name === name);
  if (!action) throw new Error(`no action ${name}`);
  const recorded = recordExchange(context);
  await action.handle(recorded.exchange, args, filled);
  for (const view of recorded.views) expect(problemsOfView(view)).toEqual([]);
  for (const modal of recorded.modals) expect(problemsOfModal(modal)).toEqual([]);
  return recorded;
}

/** The arguments of the first button of that action. */
function argsOf(
  views: readonly Parameters<typeof idsOfView>[0][],
  name: string,
): readonly string[] {
  const found = views
    .flatMap((view) => idsOfView(view).map((id) => parseActionId(id)))
    .find((id) => id?.name === name);
  if (!found) throw new Error(`no button ${name}`);
  return found.args;
}

const text = 'A paper boat sails through a rainy city';
const wish = { prompt: text, model: 'kling', seconds: 30 };

const promptIn = ({ modals }: Awaited<ReturnType<typeof press>>) => {
  const [modal] = modals;
  const field = modal && fieldOf(modal, 'prompt');
  return field && 'value' in field ? field.value : undefined;
};

const chosenIn = ({ modals }: Awaited<ReturnType<typeof press>>) =>
  ['model', 'seconds', 'shape'].map((id) => {
    const [modal] = modals;
    const field = modal && fieldOf(modal, id);
    if (!field || !('options' in field)) throw new Error(`no choices ${id}`);
    return field.options.find((option) => option.default)?.value;
  });

test('the names of the actions are part of every button ever sent, so they stay', () => {
  expect(actions.map(({ name }) => name).toSorted()).toEqual([
    'prompt-again',
    'prompt-edit',
    'prompt-model',
    'prompt-reword',
    'prompt-submit',
    'prompt-template',
    'prompt-use',
    'quote-edit',
    'quote-generate',
    'quote-options',
    'quote-options-save',
    'quote-takes',
    'takes-show',
    'trend-make',
    'trend-save',
    'trend-show',
    'trend-watch',
    'trends-page',
    'video-again',
    'video-cancel',
    'video-delete',
    'video-pick',
    'video-retry',
    'video-retry-free',
    'video-show',
    'videos-show',
  ]);
});

describe('trends', () => {
  const search = async (context: Context) => {
    const found = await world.must(trendSearch, { keyword: 'AI tools', limit: 10 }, context);
    return trendSearch.output.parse(found);
  };

  test('a page is read again from the database, in the language of the person', async () => {
    const context = await somebody('zh');
    const found = await search(context);
    const { steps, views } = await press(context, 'trends-page', [found.search, '2']);
    expect(steps).toEqual(['deferUpdate', 'update']);
    const shown = views.map((view) => textOfView(view)).join('');
    expect(shown).toContain('正在走红：AI tools');
    expect(argsOf(views, 'trend-show')).toEqual([found.trends[4]?.id, found.search, '2']);
  });

  test("a page of another server's search is not found", async () => {
    const context = await somebody();
    const { search: id } = await search(context);
    const elsewhere = placed(context, '200000000000000002');
    await expect(press(elsewhere, 'trends-page', [id, '1'])).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(press(placed(context, null), 'trends-page', [id, '1'])).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  test('details open in place, are saved and dropped, and lead back', async () => {
    const context = await somebody();
    const { search: id, trends } = await search(context);
    const trend = trends[0]?.id ?? '';
    const opened = await press(context, 'trend-show', [trend, id, '1']);
    expect(opened.steps).toEqual(['deferUpdate', 'update']);
    expect(opened.views.flatMap((view) => labelsOfView(view))).toContain('Save');
    const saved = await press(context, 'trend-save', argsOf(opened.views, 'trend-save'));
    expect(saved.views.flatMap((view) => labelsOfView(view))).toContain('Saved');
    const again = await press(context, 'trend-show', [trend]);
    expect(again.views.flatMap((view) => labelsOfView(view))).toContain('Saved');
    const list = await press(context, 'trends-page', ['saved', '1']);
    expect(argsOf(list.views, 'trend-show')).toEqual([trend, 'saved', '1']);
    const dropped = await press(context, 'trend-save', argsOf(saved.views, 'trend-save'));
    expect(dropped.views.flatMap((view) => labelsOfView(view))).toContain('Save');
    expect(argsOf(dropped.views, 'trends-page')).toEqual([id, '1']);
  });

  test('one like this becomes a prompt, and the prompt a quote', async () => {
    const context = await somebody();
    const { trends } = await search(context);
    const made = await press(context, 'trend-make', [trends[0]?.id ?? '']);
    expect(made.steps).toEqual(['defer everyone', 'answer everyone']);
    const quoted = await press(context, 'prompt-use', argsOf(made.views, 'prompt-use'));
    expect(quoted.steps).toEqual(['defer everyone', 'answer everyone']);
    expect(argsOf(quoted.views, 'quote-generate')[0]).toMatch(/^quo_/);
    const another = await press(context, 'prompt-again', argsOf(made.views, 'prompt-again'));
    expect(argsOf(another.views, 'prompt-use')).toHaveLength(1);
  });

  test('a trend that nobody found is refused to the person', async () => {
    const { steps } = await press(await somebody(), 'trend-show', ['trd_0000000000000000']);
    expect(steps).toEqual(['deferUpdate', 'fault not_found']);
  });
});

describe('a written prompt', () => {
  test('each card keeps its own, whatever is written later', async () => {
    const context = await somebody();
    const write = async (idea: string) =>
      promptWrite.output.parse(await world.must(promptWrite, { idea, seconds: 60 }, context));
    const first = await write('a boat in the rain');
    const second = await write('a train in the snow');
    expect(first.prompt).not.toBe(second.prompt);
    const opened = await press(context, 'prompt-edit', [keyOfPrompt(first.prompt)]);
    expect(opened.steps).toEqual(['modal']);
    expect(promptIn(opened)).toBe(first.prompt);
    expect(chosenIn(opened)).toEqual(['kling', '60', '9:16']);
    const used = await press(context, 'prompt-use', [keyOfPrompt(second.prompt)]);
    expect(used.views.map((view) => textOfView(view)).join('')).toContain('60 s');
  });

  test('is nobody else’s, and not seen in another server', async () => {
    const context = await somebody();
    const { prompt } = promptWrite.output.parse(
      await world.must(promptWrite, { idea: 'a boat in the rain' }, context),
    );
    const key = keyOfPrompt(prompt);
    for (const other of [await somebody(), placed(context, null)])
      await expect(press(other, 'prompt-use', [key])).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('the editor', () => {
  test('opens empty the first time, and with the last prompt after that', async () => {
    const context = await somebody();
    const first = await press(context, 'prompt-edit');
    expect(promptIn(first)).toBeUndefined();
    await press(context, 'prompt-submit', [], {
      prompt: [text],
      model: ['veo'],
      seconds: ['15'],
      shape: ['16:9'],
    });
    const second = await press(context, 'prompt-edit');
    expect(promptIn(second)).toBe(text);
    expect(chosenIn(second)).toEqual(['veo', '15', '16:9']);
    expect(promptIn(await press(placed(context, null), 'prompt-edit'))).toBeUndefined();
  });

  test('opens with what a command gave, on top of the last prompt', async () => {
    const context = await somebody();
    await press(context, 'prompt-submit', [], { prompt: [text], model: ['veo'], seconds: ['15'] });
    const recorded = recordExchange(context);
    await openEditor(recorded.exchange, { model: 'wan', seconds: 60 });
    expect(promptIn(recorded)).toBe(text);
    expect(chosenIn(recorded)).toEqual(['wan', '60', '9:16']);
  });

  test('opens with a template, and with a model that was picked', async () => {
    const context = await somebody('zh');
    const [first] = promptTemplates;
    const picked = await press(context, 'prompt-template', [], { picked: [first?.id ?? ''] });
    expect(promptIn(picked)).toBe(first?.text.zh);
    const named = await press(context, 'prompt-template', [first?.id ?? '']);
    expect(promptIn(named)).toBe(first?.text.zh);
    expect(chosenIn(await press(context, 'prompt-model', [], { picked: ['wan'] }))[0]).toBe('wan');
  });

  test('what was sent is quoted, with only what was chosen', async () => {
    const context = await somebody();
    const filled = { prompt: [text], model: ['minimax'], seconds: ['30'] };
    const { steps, views } = await press(context, 'prompt-submit', [], filled);
    expect(steps).toEqual(['defer everyone', 'answer everyone']);
    const shown = views.map((view) => textOfView(view)).join('');
    expect(shown).toContain(text);
    expect(shown).toContain('**MiniMax Hailuo 2.3 Standard** · 30 s · 9:16 upright');
    expect(shown).toContain('made 16:9, cropped to 9:16');
    expect(shown).toContain('left afterwards: **99**');
  });

  test.each([
    ['is too short', { prompt: ['nine char'] }],
    ['is empty', {}],
    ['has a shape that nothing has', { prompt: [text], shape: ['4:3'] }],
  ])('what %s is kept, and refused to the person alone', async (_, filled) => {
    const context = await somebody();
    const { steps } = await press(context, 'prompt-submit', [], filled);
    expect(steps).toEqual(['defer person', 'fault invalid_input']);
    const [typed] = 'prompt' in filled ? filled.prompt : [undefined];
    expect(promptIn(await press(context, 'prompt-edit'))).toBe(typed);
  });

  test.each([
    [9, 'defer person'],
    [10, 'defer everyone'],
    [500, 'defer everyone'],
    [501, 'defer person'],
  ])('a prompt of %i characters begins with "%s"', async (length, step) => {
    const { steps } = await press(await somebody(), 'prompt-submit', [], {
      prompt: ['p'.repeat(length)],
    });
    expect(steps[0]).toBe(step);
  });

  test('a template takes the place of an empty prompt, and is filled in first', async () => {
    const context = await somebody();
    const [first] = promptTemplates;
    const id = first?.id ?? '';
    const { steps, views } = await press(context, 'prompt-submit', [], { template: [id] });
    expect(steps).toEqual(['defer person', 'answer person']);
    expect(argsOf(views, 'prompt-template')).toEqual([id]);
    expect(promptIn(await press(context, 'prompt-edit'))).toBe(first?.text.en);
  });

  test('a typed prompt is used whatever template was picked', async () => {
    const { views } = await press(await somebody(), 'prompt-submit', [], {
      prompt: [text],
      template: [promptTemplates[0]?.id ?? ''],
    });
    expect(views.map((view) => textOfView(view)).join('')).toContain(text);
  });
});

describe('a quote', () => {
  const quote = async (context: Context) =>
    videoQuote.output.parse(await world.must(videoQuote, { ...wish, model: 'veo' }, context)).quote;

  test('Generate asks the person, and starts nothing', async () => {
    const context = await somebody();
    const { steps, views } = await press(context, 'quote-generate', [await quote(context)]);
    expect(steps).toEqual(['defer person', 'asked video_generate']);
    expect(views).toEqual([]);
  });

  test('Edit opens with what was quoted, also after it has expired', async () => {
    const context = await somebody();
    const id = await quote(context);
    await world.advance(16 * 60);
    const opened = await press(context, 'quote-edit', [id]);
    expect(promptIn(opened)).toBe(text);
    expect(chosenIn(opened)).toEqual(['veo', '30', '9:16']);
    const { steps } = await press(context, 'quote-generate', [id]);
    expect(steps).toEqual(['defer person', 'fault quote_expired']);
  });

  test.each(['quote-edit', 'quote-options', 'quote-options-save'])(
    "%s of somebody else's is not found",
    async (name) => {
      const id = await quote(await somebody());
      await expect(press(await somebody(), name, [id])).rejects.toMatchObject({
        code: 'not_found',
      });
    },
  );

  test('its options open as they are, change the card in place, and stay when it is edited', async () => {
    const context = await somebody('zh');
    const id = await quote(context);
    const form = await press(context, 'quote-options', [id]);
    expect(form.steps).toEqual(['modal']);
    const { steps, views } = await press(context, 'quote-options-save', [id], {
      style: ['cinematic'],
      tone: ['auto'],
      pace: ['fast'],
      voice: ['female'],
      extras: ['captions'],
    });
    expect(steps).toEqual(['deferUpdate', 'update']);
    const shown = views.map((view) => textOfView(view)).join('');
    expect(shown).toContain('🎨 电影感 · ');
    expect(shown).toContain('💬 字幕 · 🎙️ 女声');
    const [changed = ''] = argsOf(views, 'quote-edit');
    expect(changed).not.toBe(id);
    const edited = await press(context, 'quote-edit', [changed]);
    const packed = parseActionId(edited.modals[0]?.custom_id ?? '')?.args ?? [];
    const again = await press(context, 'prompt-submit', packed, {
      prompt: ['一只纸船漂过下雨的城市街道'],
    });
    expect(again.views.map((view) => textOfView(view)).join('')).toContain('🎙️ 女声');
    const last = await press(context, 'prompt-edit');
    expect(parseActionId(last.modals[0]?.custom_id ?? '')?.args).toEqual(packed);
  });

  test('several takes are asked for together', async () => {
    const context = await somebody();
    const { steps } = await press(context, 'quote-takes', [await quote(context)], {
      picked: ['3'],
    });
    expect(steps).toEqual(['defer person', 'asked video_generate']);
    const [asked] = await world.app.database.db
      .select()
      .from(approvals)
      .where(eq(approvals.accountId, context.actor.accountId));
    expect(asked?.preview).toMatchObject({ cost: 3 });
  });
});

describe('a video', () => {
  const start = async (context: Context) => {
    const made = await world.must(videoGenerate, wish, context);
    return videoGenerate.output.parse(made).video;
  };

  test('goes from the list to its file, and on from there', async () => {
    const context = await somebody();
    const id = await start(context);
    const running = await press(context, 'video-show', [id]);
    expect(running.views.flatMap((view) => labelsOfView(view))).toEqual(['Cancel']);
    await world.drain();
    const list = await press(context, 'videos-show');
    expect(list.views.map((view) => textOfView(view)).join('')).toContain(text);
    const { steps, views } = await press(context, 'video-pick', [], { picked: [id] });
    expect(steps).toEqual(['defer everyone', 'answer everyone']);
    expect(views[0]?.files?.map(({ name }) => name)).toEqual([`${id}.mp4`]);
    const small = recordExchange(context, 1);
    await showVideo(small.exchange, id);
    expect(small.views[0]?.files).toBeUndefined();
    const again = await press(context, 'video-again', [id]);
    expect(promptIn(again)).toBe(text);
    expect(chosenIn(again)).toEqual(['kling', '30', '9:16']);
    const retried = await press(context, 'video-retry', [id]);
    expect(argsOf(retried.views, 'quote-generate')[0]).toMatch(/^quo_/);
    const deleted = await press(context, 'video-delete', [id]);
    expect(deleted.steps).toEqual(['defer person', 'asked video_delete']);
  });

  test('several takes stand side by side, and each opens the others', async () => {
    const context = await somebody();
    const made = await world.must(
      videoGenerate,
      { prompt: text, model: 'minimax', seconds: 15, shape: '16:9', variants: 3 },
      context,
    );
    const { videos } = videoGenerate.output.parse(made);
    const [first = ''] = videos;
    const running = await press(context, 'video-show', [first]);
    expect(running.views.map((view) => textOfView(view)).join('')).toContain('take 1 of 3');
    expect(running.views.flatMap((view) => labelsOfView(view))).toEqual([
      'Take 1',
      'Take 2',
      'Take 3',
      'Compare',
      'Cancel',
    ]);
    const early = await press(context, 'takes-show', [first]);
    expect(early.views.flatMap((view) => labelsOfView(view))).toEqual(['Open', 'Open', 'Open']);
    await world.drain();
    const { steps, views } = await press(context, 'takes-show', [first]);
    expect(steps).toEqual(['defer everyone', 'answer everyone']);
    expect(views[0]?.files?.map(({ name }) => name)).toEqual(videos.map((id) => `${id}.mp4`));
    expect(views.flatMap((view) => labelsOfView(view))).toEqual(['Publish', 'Publish', 'Publish']);
    const small = recordExchange(context, 1);
    await showTakes(small.exchange, first);
    expect(small.views[0]?.files).toBeUndefined();
  });

  test('a single one has no takes to compare', async () => {
    const context = await somebody();
    const { views } = await press(context, 'takes-show', [await start(context)]);
    expect(views.map((view) => textOfView(view)).join('')).toContain('no other takes');
  });

  test('a free retry is asked for, and refused where none is owed', async () => {
    const context = await somebody();
    const id = await start(context);
    const { steps } = await press(context, 'video-retry-free', [id]);
    expect(steps).toEqual(['defer person', 'fault no_free_retry']);
  });

  test('Cancel asks the person', async () => {
    const context = await somebody();
    const id = await start(context);
    const { steps } = await press(context, 'video-cancel', [id]);
    expect(steps).toEqual(['defer person', 'asked video_cancel']);
  });

  test.each(['video-again', 'video-retry'])("%s of somebody else's is not found", async (name) => {
    const id = await start(await somebody());
    await expect(press(await somebody(), name, [id])).rejects.toMatchObject({ code: 'not_found' });
  });
});
