import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { promptTemplates } from '../../core/prompt/templates.ts';
import { createChat, type Chat } from '../kit/chat.ts';
import { createStory, languages, type Story } from '../kit/story.ts';

const keywords = { en: 'AI tools', zh: 'AI工具' };

describe.each(languages)('in %s', (language) => {
  let chat: Chat;
  beforeAll(async () => {
    chat = await createChat();
  });
  afterAll(() => chat.close());
  const begin = (name: string): Promise<Story> => createStory(chat, name, language);

  test('the first contact opens an account with 100 and leads to a first search', async () => {
    const story = await createStory(chat, 'first-contact', language, { isNew: true });
    const { owner } = story;
    await owner.ask('account show');
    const welcome = await owner.finds('welcome-find');
    expect(welcome.ephemeral).toBe(true);
    expect(welcome.text).toContain('100');
    const form = await owner.pressForForm(welcome, 'welcome-find');
    story.form('The form of the search', form);
    const found = await owner.fill(form, { keyword: story.in(keywords) });
    expect(found.text).toContain(story.in(keywords));
    await owner.ask('quota show');
    const welcomes = owner.place.sees().filter(({ text }) => text.includes('👋'));
    expect(welcomes).toHaveLength(1);
    await story.end();
  });

  test('a search is filtered, paged, looked into, saved, and leads to a prompt', async () => {
    const story = await begin('discover');
    const { owner } = story;
    const found = await owner.ask('trend search', {
      keyword: story.in({ en: 'latte art', zh: '拉花咖啡' }),
      platforms: 'tiktok,youtube',
      days: 30,
      views_min: 10_000,
      views_max: 10_000_000,
    });
    story.moment('The first page', found);
    const second = await owner.press(found, 'trends-page', 1);
    expect(second.id).toBe(found.id);
    story.moment('The second page', second);
    const detail = await owner.press(second, 'trend-show', 0);
    expect(detail.text).toContain(story.in({ en: 'Why it works', zh: '走红原因' }));
    story.moment('The details', detail);
    const saved = await owner.press(detail, 'trend-save');
    const back = await owner.press(saved, 'trends-page', 0);
    expect(back.text).toBe(second.text);
    const [suggestion] = await owner.place.suggest('trend show', 'trend', '');
    expect(suggestion?.name).toMatch(/^\d+ · /);
    const list = await owner.ask('trend list', { saved: true });
    expect(list.buttons.length).toBeGreaterThan(0);
    const made = await owner.press(list, 'trend-make');
    const another = await owner.press(made, 'prompt-again');
    expect(another.id).not.toBe(made.id);
    const quote = await owner.press(another, 'prompt-use');
    expect(quote.text).toMatch(/\*\*1\*\*/);
    await story.end();
  });

  test('nothing found says what to try instead', async () => {
    const story = await begin('nothing-found');
    const empty = await story.owner.ask('trend search', {
      keyword: story.in({ en: 'knitting', zh: '编织' }),
      views_min: 2_000_000_000,
    });
    expect(empty.text).toContain(story.in({ en: 'Nothing found', zh: '没有找到结果' }));
    await story.end();
  });

  test('the editor counts from 10 to 500, keeps what was typed, and offers templates and models', async () => {
    const story = await begin('prompt-editor');
    const { owner } = story;
    const empty = await owner.open('video generate');
    story.form('The editor, first opened', empty);
    await expect(owner.fill(empty, { prompt: 'p'.repeat(9) })).rejects.toThrow(/10/);
    await expect(owner.fill(empty, { prompt: 'p'.repeat(501) })).rejects.toThrow(/500/);
    const ten = story.in({ en: 'Cat dances', zh: '一只橘猫在屋顶上跳舞' });
    expect(ten).toHaveLength(10);
    const shortest = await owner.fill(empty, { prompt: ten, model: 'minimax', seconds: '15' });
    expect(shortest.text).toContain(ten);
    const longest = story.in({ en: 'rain ', zh: '雨' }).repeat(500).slice(0, 499) + '.';
    const again = await owner.pressForForm(shortest, 'quote-edit');
    const priced = await owner.fill(again, { prompt: longest, shape: '16:9' });
    expect(priced.text).toContain('16:9');
    const kept = await owner.open('video generate');
    expect(kept.fields[0]?.value).toBe(longest);
    const fitted = await owner.fill(kept, { model: 'minimax', shape: '9:16' });
    expect(fitted.text).toContain('📐');
    const corrected = await owner.pressForForm(fitted, 'quote-edit');
    story.form('The editor, with what was quoted', corrected);
    expect(corrected.fields[0]?.value).toBe(longest);
    const [template] = promptTemplates;
    const chosen = await owner.fill(corrected, { prompt: '', template: [template?.id ?? ''] });
    const filled = await owner.pressForForm(chosen, 'prompt-template');
    expect(filled.fields[0]?.value).toBe(template?.text[story.locale]);
    const models = await owner.ask('model list');
    const turn = await owner.place.select(models, models.selects[0]?.customId ?? '', ['veo']);
    story.form('The editor, with a model that was picked', await turn.modal());
    await story.end();
  });

  test('quota, channels and account are shown and changed', async () => {
    const story = await begin('account');
    const { owner } = story;
    const quota = await owner.ask('quota show');
    const history = await owner.press(quota, 'quota-history');
    expect(history.text).toContain('+100');
    await owner.press(history, 'quota-show');
    await owner.ask('channel list');
    const account = await owner.ask('account show');
    story.moment('The account, before it is changed', account);
    const inBerlin = await owner.pick(account, 'account-zone', ['Europe/Berlin']);
    expect(inBerlin.text).toContain('Europe/Berlin');
    const form = await owner.pressForForm(inBerlin, 'account-zone-edit');
    const wrong = await owner.fill(form, { zone: 'Mars/Olympus' });
    expect(wrong.text).toContain('Mars/Olympus');
    const corrected = await owner.pressForForm(account, 'account-zone-edit');
    await owner.fill(corrected, { zone: 'asia/tokyo' });
    const quiet = await owner.press(account, 'notices-off');
    expect(quiet.text).toContain('Asia/Tokyo');
    const other = story.in({ en: 'zh', zh: 'en' });
    const changed = await owner.pick(account, 'account-locale', [other]);
    expect(changed.text).toContain(other === 'zh' ? '简体中文' : 'English');
    await story.end();
  });

  test('one platform that fails is told, and the other one is shown', async () => {
    const story = await begin('one-platform-fails');
    chat.world.emulators.apify.misbehave({
      on: 'run',
      how: 'failed',
      times: 1,
      platform: 'tiktok',
    });
    const found = await story.owner.ask('trend search', {
      keyword: story.in({ en: 'night run', zh: '夜跑' }),
    });
    expect(found.buttons.length).toBeGreaterThan(0);
    await story.end({ warnings: /apify|platform|source/i });
  });

  test('with the model out of reach rules explain and write, and say so', async () => {
    const story = await begin('gemini-away');
    const { owner } = story;
    chat.world.emulators.gemini.misbehave({ how: 'http_503', times: 100 });
    const found = await owner.ask('trend search', {
      keyword: story.in({ en: 'bread baking', zh: '烤面包' }),
    });
    const detail = await owner.press(found, 'trend-show');
    expect(detail.text).toContain(story.in({ en: 'by rules', zh: '由规则' }));
    const made = await owner.press(detail, 'trend-make');
    expect(made.text).toContain(story.in({ en: 'written by rules', zh: '由规则撰写' }));
    await story.end({ warnings: /gemini|model/i });
  });
});
