import { z } from 'zod';

import type { SpeechSpec } from '../clips/speech.ts';
import { speechInput } from './speech-input.ts';

/** What a clip looks like before it is drawn; sizes are even, as H.264 wants them. */
type ClipShape = {
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly seconds: number;
  readonly audio: boolean;
};

/** One line of fal's `detail` list (FastAPI's shape), docs.fal.ai/errors. */
type FalErrorDetail = {
  readonly loc: readonly (string | number)[];
  readonly msg: string;
  readonly type: string;
  readonly url: string;
  readonly ctx?: Readonly<Record<string, unknown>>;
  readonly input?: unknown;
};

/** A prompt holding one of these words is accepted, then refused by the model, as fal's content checker does. */
export const refusedWords: readonly string[] = ['forbidden-by-provider'];

type Endpoint = {
  readonly read: (raw: unknown) => ReadInput;
  /** Whether the result repeats the seed, as Wan's and Seedance's do. */
  readonly givesSeed: boolean;
};

type ReadInput =
  | {
      readonly ok: true;
      readonly makes: 'clip';
      readonly prompt: string;
      readonly seed: number | undefined;
      readonly shape: ClipShape;
    }
  | {
      readonly ok: true;
      readonly makes: 'speech';
      readonly prompt: string;
      readonly speech: SpeechSpec;
      /** As an address, or as hexadecimal text in the answer. */
      readonly as: 'url' | 'hex';
    }
  | { readonly ok: false; readonly detail: readonly FalErrorDetail[] };

const flag = (fallback: boolean) => z.boolean().default(fallback);
const seed = z.int().optional();
const prompt = z.string().min(1);

const even = (pixels: number): number => Math.round(pixels / 2) * 2;

/** Width and height of an aspect ratio whose shorter side is `shortSide` pixels. */
function sizeOf(aspect: string, shortSide: number): { width: number; height: number } {
  const [across = 16, down = 9] = (aspect === 'auto' ? '16:9' : aspect).split(':').map(Number);
  return across >= down
    ? { width: even((shortSide * across) / down), height: shortSide }
    : { width: shortSide, height: even((shortSide * down) / across) };
}

const shortSides: Readonly<Record<string, number>> = { '480p': 480, '720p': 720, '1080p': 1080 };

function endpoint<T extends { prompt?: string | undefined; seed?: number | undefined }>(
  schema: z.ZodType<T>,
  shape: (input: T) => ClipShape,
  givesSeed = false,
): Endpoint {
  return {
    givesSeed,
    read(raw) {
      const parsed = schema.safeParse(raw);
      if (!parsed.success) return { ok: false, detail: detailsOf(parsed.error, raw) };
      const input = parsed.data;
      const common = { prompt: input.prompt ?? '', seed: input.seed };
      return { ok: true, makes: 'clip', ...common, shape: shape(input) };
    },
  };
}

const hailuo = endpoint(
  z.object({ prompt, duration: z.enum(['6', '10']).default('6'), prompt_optimizer: flag(true) }),
  ({ duration }) => ({
    width: 1366,
    height: 768,
    fps: 24,
    seconds: Number(duration),
    audio: false,
  }),
);

const minimaxVideo01 = endpoint(z.object({ prompt, prompt_optimizer: flag(true) }), () => ({
  width: 1280,
  height: 720,
  fps: 25,
  seconds: 6,
  audio: false,
}));

const klingSeconds = z.enum([
  '3',
  '4',
  '5',
  '6',
  '7',
  '8',
  '9',
  '10',
  '11',
  '12',
  '13',
  '14',
  '15',
]);
const kling = endpoint(
  z
    .object({
      prompt: prompt.optional(),
      multi_prompt: z
        .array(z.object({ prompt, duration: klingSeconds.default('5') }))
        .min(1)
        .max(6)
        .optional(),
      shot_type: z.enum(['customize', 'intelligent']).default('customize'),
      duration: klingSeconds.default('5'),
      aspect_ratio: z.enum(['16:9', '9:16', '1:1']).default('16:9'),
      generate_audio: flag(true),
      negative_prompt: z.string().default('blur, distort, and low quality'),
      cfg_scale: z.number().min(0).max(1).default(0.5),
    })
    .refine((input) => (input.prompt === undefined) !== (input.multi_prompt === undefined), {
      path: ['prompt'],
      error: 'Either prompt or multi_prompt must be provided, but not both',
    })
    .transform((input) => ({
      ...input,
      prompt: input.prompt ?? input.multi_prompt?.map((shot) => shot.prompt).join(' / '),
    })),
  (input) => ({
    ...sizeOf(input.aspect_ratio, 720),
    fps: 24,
    seconds: input.multi_prompt
      ? Math.min(
          15,
          input.multi_prompt.reduce((sum, shot) => sum + Number(shot.duration), 0),
        )
      : Number(input.duration),
    audio: input.generate_audio,
  }),
);

const veo = endpoint(
  z.object({
    prompt,
    duration: z.enum(['4s', '6s', '8s']).default('8s'),
    aspect_ratio: z.enum(['16:9', '9:16']).default('16:9'),
    resolution: z.enum(['720p', '1080p']).default('720p'),
    negative_prompt: z.string().optional(),
    generate_audio: flag(true),
    auto_fix: flag(true),
    safety_tolerance: z.enum(['1', '2', '3', '4', '5', '6']).default('4'),
    seed,
  }),
  (input) => ({
    ...sizeOf(input.aspect_ratio, shortSides[input.resolution] ?? 720),
    fps: 24,
    seconds: Number.parseInt(input.duration, 10),
    audio: input.generate_audio,
  }),
);

const seedance = endpoint(
  z.object({
    prompt,
    duration: z
      .enum(['auto', '4', '5', '6', '7', '8', '9', '10', '11', '12', '13', '14', '15'])
      .default('auto'),
    aspect_ratio: z.enum(['auto', '21:9', '16:9', '4:3', '1:1', '3:4', '9:16']).default('auto'),
    resolution: z.enum(['480p', '720p']).default('720p'),
    generate_audio: flag(true),
    end_user_id: z.string().optional(),
    seed,
  }),
  (input) => ({
    ...sizeOf(input.aspect_ratio, shortSides[input.resolution] ?? 720),
    fps: 24,
    seconds: input.duration === 'auto' ? 5 : Number(input.duration),
    audio: input.generate_audio,
  }),
  true,
);

const wan = endpoint(
  z.object({
    prompt: prompt.max(800),
    duration: z.enum(['5', '10', '15']).default('5'),
    aspect_ratio: z.enum(['16:9', '9:16', '1:1', '4:3', '3:4']).default('16:9'),
    resolution: z.enum(['720p', '1080p']).default('1080p'),
    negative_prompt: z.string().max(500).optional(),
    audio_url: z.string().optional(),
    multi_shots: flag(true),
    enable_safety_checker: flag(true),
    seed,
  }),
  (input) => ({
    ...sizeOf(input.aspect_ratio, shortSides[input.resolution] ?? 1080),
    fps: 24,
    seconds: Number(input.duration),
    audio: true,
  }),
  true,
);

const minimaxSpeech: Endpoint = {
  givesSeed: false,
  read(raw) {
    const parsed = speechInput.safeParse(raw);
    if (!parsed.success) return { ok: false, detail: detailsOf(parsed.error, raw) };
    const { prompt: text, voice_setting: voice, audio_setting: audio } = parsed.data;
    const speech = {
      text,
      voice: voice.voice_id,
      speed: voice.speed,
      sampleRate: Number(audio.sample_rate),
      channels: Number(audio.channel),
      bitrate: Number(audio.bitrate),
    };
    return { ok: true, makes: 'speech', prompt: text, speech, as: parsed.data.output_format };
  },
};

/** The endpoints this stand-in knows, with the inputs of @fal-ai/client 1.10.1 types/endpoints.d.ts. */
export const endpoints: ReadonlyMap<string, Endpoint> = new Map<string, Endpoint>([
  ['fal-ai/minimax/hailuo-2.3/standard/text-to-video', hailuo],
  ['fal-ai/minimax/hailuo-02/standard/text-to-video', hailuo],
  ['fal-ai/minimax/video-01', minimaxVideo01],
  ['fal-ai/kling-video/v3/standard/text-to-video', kling],
  ['fal-ai/kling-video/v3/pro/text-to-video', kling],
  ['fal-ai/veo3.1', veo],
  ['fal-ai/veo3.1/fast', veo],
  ['bytedance/seedance-2.0/text-to-video', seedance],
  ['bytedance/seedance-2.0/fast/text-to-video', seedance],
  ['wan/v2.6/text-to-video', wan],
  ['fal-ai/minimax/speech-2.8-turbo', minimaxSpeech],
  ['fal-ai/minimax/speech-2.8-hd', minimaxSpeech],
]);

/** fal's `detail` list for a body that zod refused. */
function detailsOf(error: z.ZodError, raw: unknown): FalErrorDetail[] {
  return error.issues.map((issue) => {
    const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
    const input = valueAt(raw, path);
    const { type, msg, ctx } = describe(issue, input);
    return {
      type,
      loc: ['body', ...path],
      msg,
      ...(input === undefined ? { input: raw } : { input }),
      ...(ctx ? { ctx } : {}),
      url: `https://docs.fal.ai/errors#${type}`,
    };
  });
}

function describe(
  issue: z.core.$ZodIssue,
  input: unknown,
): Pick<FalErrorDetail, 'type' | 'msg' | 'ctx'> {
  if (issue.code === 'custom') return { type: 'value_error', msg: `Value error, ${issue.message}` };
  if (input === undefined) return { type: 'missing', msg: 'Field required' };
  if (issue.code === 'invalid_value') {
    const expected = issue.values.map((value) => `'${String(value)}'`).join(', ');
    return { type: 'literal_error', msg: `Input should be ${expected}`, ctx: { expected } };
  }
  if (issue.code === 'invalid_type') {
    return { type: `${issue.expected}_type`, msg: `Input should be a valid ${issue.expected}` };
  }
  return { type: 'value_error', msg: issue.message };
}

function valueAt(raw: unknown, path: readonly (string | number)[]): unknown {
  let value = raw;
  for (const step of path) {
    const parsed = z.record(z.string(), z.unknown()).safeParse(value);
    if (!parsed.success) {
      value = Array.isArray(value) ? value[Number(step)] : undefined;
    } else {
      value = parsed.data[String(step)];
    }
  }
  return value;
}
