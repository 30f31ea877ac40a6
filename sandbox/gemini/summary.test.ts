import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createManualClock } from '../clock.ts';
import { understand } from './dialogue/situation.ts';
import { openToolbox } from './dialogue/toolbox.ts';
import { readTurns } from './dialogue/turns.ts';
import { startGemini, type GeminiEmulator } from './gemini.ts';

const now = new Date('2026-11-22T12:00:00Z');
let gemini: GeminiEmulator;

beforeAll(async () => {
  gemini = await startGemini({ clock: createManualClock(now), key: 'key', latencyMs: 0 });
});
afterAll(() => gemini.close());

const replySchema = z.looseObject({
  candidates: z.array(
    z.looseObject({ content: z.object({ parts: z.array(z.object({ text: z.string() })) }) }),
  ),
});

async function summarise(prompt: string): Promise<string> {
  const response = await fetch(
    `${gemini.url}/v1beta/models/gemini-3.8-flash:generateContent?key=key`,
    {
      method: 'POST',
      body: JSON.stringify({
        systemInstruction: {
          parts: [
            {
              text: 'You keep notes of a talk. Put open wishes on lines that begin with "Wished:".',
            },
          ],
        },
        contents: [{ role: 'user', parts: [{ text: prompt }] }],
      }),
    },
  );
  return replySchema.parse(await response.json()).candidates[0]?.content.parts[0]?.text ?? '';
}

const wish = '找一个关于AI工具的爆款，做个30秒竖屏视频，晚上8点发到我的频道';
const talk = [
  'Talk:',
  'Person: 你好',
  'Assistant: 你好！',
  `Person: ${wish}`,
  'Call: video_generate {"quote":"quo_1"}',
  'Result: {"ok":false,"waiting_for":"person","card":"drawn","title":"x","approval":"apr_1"}',
  'Assistant: 卡片在等你。我会准备在 2026-11-22 20:00 发布。',
  'Person: [event] approved and done: video_generate {"video":"vid_9","status":"queued"}',
].join('\n');

const recall = (notes: string) =>
  understand(readTurns([{ role: 'user', parts: [{ text: `[summary] ${notes}` }] }]), {
    instructions: 'Now: 2026-11-22T20:30:00+08:00 (Asia/Shanghai)',
    tools: openToolbox([]),
    fallback: now,
  }).memory;

describe('notes of a talk', () => {
  it('keep the open wish, the ids and the time that was named', async () => {
    const notes = await summarise(talk);
    expect(notes).toContain(`Wished: ${wish}`);
    expect(notes).toContain('vid_9');
    expect(notes).toContain('apr_1');
    expect(notes).toContain('2026-11-22 20:00');
    expect(notes).not.toContain('你好');
  });

  it('are understood again, so that the work goes on', async () => {
    const { current, states } = recall(await summarise(talk));
    expect(current).toMatchObject({
      topic: 'AI工具',
      seconds: 30,
      shape: '9:16',
      publish: true,
      video: 'vid_9',
    });
    expect(current?.when).toEqual({ kind: 'at', at: '2026-11-22T20:00:00+08:00' });
    expect(states.get('vid_9')).toBe('queued');
  });

  it('survive being noted down twice', async () => {
    const once = await summarise(talk);
    const twice = await summarise(
      `Notes so far:\n${once}\n\nTalk:\nPerson: 还剩多少配额？\nAssistant: 配额还剩 41。`,
    );
    expect(twice).toContain(`Wished: ${wish}`);
    expect(recall(twice).current).toMatchObject({ publish: true, video: 'vid_9' });
  });

  it('keep what is still awaited while the talk is about something else', async () => {
    const before = `${talk}\nPerson: 找找象棋的爆款\nAssistant: 关于「象棋」，这些正在走红。`;
    const once = await summarise(before);
    expect(once).toContain('Awaited: vid_9, then publish at 2026-11-22 20:00');
    const twice = await summarise(
      `Notes so far:\n${once}\n\nTalk:\nPerson: 谢谢\nAssistant: 不客气`,
    );
    const { projects, current } = recall(twice);
    expect(projects).toContainEqual(
      expect.objectContaining({
        publish: true,
        video: 'vid_9',
        when: { kind: 'at', at: '2026-11-22T20:00:00+08:00' },
      }),
    );
    expect(current?.video ?? null).toBeNull();
  });

  it('do not wish again what has been done', async () => {
    const done = `${talk}\nPerson: [event] approved and done: publication_create {"publication":"pub_3","status":"uploading"}`;
    const notes = await summarise(done);
    expect(notes).not.toContain('Wished:');
    expect(notes).toContain('pub_3');
    expect(recall(notes).current).toBeNull();
  });

  it('say so when nothing was settled', async () => {
    expect(await summarise('Talk:\nPerson: hello\nAssistant: Hi!')).not.toContain('Wished:');
  });
});
