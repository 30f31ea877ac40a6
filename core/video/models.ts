import type { z } from 'zod';

import type { VideoProvider } from '../ports/video-models.ts';

export const shapes = ['9:16', '16:9', '1:1'] as const;
export type Shape = (typeof shapes)[number];

export const modelIds = [
  'kling',
  'kling-pro',
  'minimax',
  'minimax-video-01',
  'veo',
  'veo-fast',
  'seedance',
  'wan',
  'runway',
] as const;
export type ModelId = (typeof modelIds)[number];

/** What a body on the wire consists of. */
type Body = Readonly<Record<string, z.core.util.JSONType>>;

/** US dollars: for every second, or for a clip of so many seconds. */
export type Price =
  | { readonly perSecond: number }
  | { readonly perClip: Readonly<Record<number, number>> };

/** One text-to-video model; facts of November 2026. */
export type VideoModel = {
  readonly id: ModelId;
  readonly label: string;
  readonly provider: VideoProvider;
  /** The endpoint's id at fal, the model's name at Runway. */
  readonly endpoint: string;
  /** Lengths that one clip can have, in seconds, ascending. */
  readonly clipSeconds: readonly number[];
  /** How the length stands on the wire: "5", "8s" or 6; null when the endpoint takes none. */
  readonly duration: 'string' | 'suffixed' | 'number' | null;
  /** What the model makes by itself; any other shape is cropped or padded from the nearest of these. */
  readonly shapes: readonly Shape[];
  /** The field of the shape and its values; null when the endpoint takes none. */
  readonly shapeField: {
    readonly name: string;
    readonly values: Readonly<Partial<Record<Shape, string>>>;
  } | null;
  readonly promptField: string;
  /** Longest prompt, in UTF-16 code units. */
  readonly promptMax: number;
  /** Fields that are always sent. */
  readonly fixed: Body;
  readonly resolution: '720p' | '768p';
  readonly audio: boolean;
  /** Null when none was found published. */
  readonly price: Price | null;
  /** Where the price was read. */
  readonly priceSource: string;
  /** How long one clip takes, where somebody says so. */
  readonly typical: { readonly seconds: number; readonly source: string } | null;
  /** One to three (speed, cost) and one to five (quality). */
  readonly grades: { readonly speed: number; readonly quality: number; readonly cost: number };
};

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

const upright = { '9:16': '9:16', '16:9': '16:9' } as const;
const everyShape = { ...upright, '1:1': '1:1' } as const;
const reseller = 'API reference of PixelByte, a reseller';

export const videoModels: Readonly<Record<ModelId, VideoModel>> = {
  kling: {
    id: 'kling',
    label: 'Kling 3 Standard',
    provider: 'fal',
    endpoint: 'fal-ai/kling-video/v3/standard/text-to-video',
    clipSeconds: range(3, 15),
    duration: 'string',
    shapes: ['9:16', '16:9', '1:1'],
    shapeField: { name: 'aspect_ratio', values: everyShape },
    promptField: 'prompt',
    promptMax: 2500,
    fixed: { generate_audio: true },
    resolution: '720p',
    audio: true,
    price: { perSecond: 0.126 },
    priceSource: 'fal model page, with sound',
    typical: { seconds: 240, source: reseller },
    grades: { speed: 2, quality: 4, cost: 2 },
  },
  'kling-pro': {
    id: 'kling-pro',
    label: 'Kling 3 Pro',
    provider: 'fal',
    endpoint: 'fal-ai/kling-video/v3/pro/text-to-video',
    clipSeconds: range(3, 15),
    duration: 'string',
    shapes: ['9:16', '16:9', '1:1'],
    shapeField: { name: 'aspect_ratio', values: everyShape },
    promptField: 'prompt',
    promptMax: 2500,
    fixed: { generate_audio: true },
    resolution: '720p',
    audio: true,
    price: { perSecond: 0.168 },
    priceSource: 'fal model page, with sound',
    typical: null,
    grades: { speed: 2, quality: 5, cost: 2 },
  },
  minimax: {
    id: 'minimax',
    label: 'MiniMax Hailuo 2.3 Standard',
    provider: 'fal',
    endpoint: 'fal-ai/minimax/hailuo-2.3/standard/text-to-video',
    clipSeconds: [6, 10],
    duration: 'string',
    shapes: ['16:9'],
    shapeField: null,
    promptField: 'prompt',
    promptMax: 2000,
    fixed: {},
    resolution: '768p',
    audio: false,
    price: { perClip: { 6: 0.28, 10: 0.56 } },
    priceSource: 'fal model page',
    typical: null,
    grades: { speed: 3, quality: 3, cost: 1 },
  },
  'minimax-video-01': {
    id: 'minimax-video-01',
    label: 'MiniMax Video-01',
    provider: 'fal',
    endpoint: 'fal-ai/minimax/video-01',
    clipSeconds: [6],
    duration: null,
    shapes: ['16:9'],
    shapeField: null,
    promptField: 'prompt',
    promptMax: 2000,
    fixed: {},
    resolution: '720p',
    audio: false,
    price: { perClip: { 6: 0.5 } },
    priceSource: 'fal price of August 2026, as catalogues of its endpoints quote it',
    typical: null,
    grades: { speed: 3, quality: 3, cost: 1 },
  },
  veo: {
    id: 'veo',
    label: 'Veo 3.1',
    provider: 'fal',
    endpoint: 'fal-ai/veo3.1',
    clipSeconds: [4, 6, 8],
    duration: 'suffixed',
    shapes: ['9:16', '16:9'],
    shapeField: { name: 'aspect_ratio', values: upright },
    promptField: 'prompt',
    promptMax: 2000,
    fixed: { resolution: '720p', generate_audio: true },
    resolution: '720p',
    audio: true,
    price: { perSecond: 0.4 },
    priceSource: 'fal model page, with sound',
    typical: null,
    grades: { speed: 2, quality: 5, cost: 3 },
  },
  'veo-fast': {
    id: 'veo-fast',
    label: 'Veo 3.1 Fast',
    provider: 'fal',
    endpoint: 'fal-ai/veo3.1/fast',
    clipSeconds: [4, 6, 8],
    duration: 'suffixed',
    shapes: ['9:16', '16:9'],
    shapeField: { name: 'aspect_ratio', values: upright },
    promptField: 'prompt',
    promptMax: 2000,
    fixed: { resolution: '720p', generate_audio: true },
    resolution: '720p',
    audio: true,
    price: { perSecond: 0.15 },
    priceSource: 'fal price with sound, as catalogues of its endpoints quote it',
    typical: { seconds: 240, source: reseller },
    grades: { speed: 3, quality: 4, cost: 2 },
  },
  seedance: {
    id: 'seedance',
    label: 'Seedance 2.0',
    provider: 'fal',
    endpoint: 'bytedance/seedance-2.0/text-to-video',
    clipSeconds: range(4, 15),
    duration: 'string',
    shapes: ['9:16', '16:9', '1:1'],
    shapeField: { name: 'aspect_ratio', values: everyShape },
    promptField: 'prompt',
    promptMax: 2000,
    fixed: { resolution: '720p', generate_audio: true },
    resolution: '720p',
    audio: true,
    price: { perSecond: 0.3 },
    priceSource: 'fal model page, about, at 720p',
    typical: null,
    grades: { speed: 2, quality: 5, cost: 3 },
  },
  wan: {
    id: 'wan',
    label: 'Wan 2.6',
    provider: 'fal',
    endpoint: 'wan/v2.6/text-to-video',
    clipSeconds: [5, 10, 15],
    duration: 'string',
    shapes: ['9:16', '16:9', '1:1'],
    shapeField: { name: 'aspect_ratio', values: everyShape },
    promptField: 'prompt',
    promptMax: 800,
    fixed: { resolution: '720p' },
    resolution: '720p',
    audio: true,
    price: { perSecond: 0.1 },
    priceSource: 'fal price at 720p, as catalogues of its endpoints quote it; also Alibaba’s own',
    typical: null,
    grades: { speed: 2, quality: 4, cost: 2 },
  },
  runway: {
    id: 'runway',
    label: 'Runway Gen-4.5',
    provider: 'runway',
    endpoint: 'gen4.5',
    clipSeconds: range(2, 10),
    duration: 'number',
    shapes: ['9:16', '16:9'],
    shapeField: { name: 'ratio', values: { '9:16': '720:1280', '16:9': '1280:720' } },
    promptField: 'promptText',
    promptMax: 1000,
    fixed: {},
    resolution: '720p',
    audio: false,
    price: { perSecond: 0.12 },
    priceSource: 'Runway API reference: 12 credits a second at $0.01',
    typical: { seconds: 180, source: reseller },
    grades: { speed: 2, quality: 5, cost: 2 },
  },
};

const lengthOnWire = {
  string: (seconds: number) => String(seconds),
  suffixed: (seconds: number) => `${seconds}s`,
  number: (seconds: number) => seconds,
} as const;

/** The body that the model's endpoint takes for one clip, in the shape that the model makes for `shape`. */
export function clipInput(
  model: VideoModel,
  clip: { readonly prompt: string; readonly seconds: number; readonly shape: Shape },
): Body {
  const { duration, shapeField, promptField, fixed } = model;
  const value = shapeField?.values[madeShape(model, clip.shape)];
  return {
    [promptField]: clip.prompt,
    ...(duration ? { duration: lengthOnWire[duration](clip.seconds) } : {}),
    ...(shapeField && value ? { [shapeField.name]: value } : {}),
    ...fixed,
  };
}

const sizes = {
  '9:16': { width: 720, height: 1280 },
  '16:9': { width: 1280, height: 720 },
  '1:1': { width: 720, height: 720 },
} as const;

/** The size of a finished video, in pixels. */
export const sizeOf = (shape: Shape): { readonly width: number; readonly height: number } =>
  sizes[shape];

/** The shape in which the model makes clips for a video of `shape`: that one, or of its own the one that loses least when cropped. */
export function madeShape(model: Pick<VideoModel, 'shapes'>, shape: Shape): Shape {
  const [best] = model.shapes.toSorted((a, b) => keptOf(b, shape) - keptOf(a, shape));
  return best ?? shape;
}

/** How much of a picture is left when it is cropped from one shape to another, 0 to 1. */
function keptOf(from: Shape, to: Shape): number {
  const [a, b] = [from, to].map((shape) => sizes[shape].width / sizes[shape].height);
  return a === undefined || b === undefined ? 0 : Math.min(a / b, b / a);
}
