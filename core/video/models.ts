export const shapes = ['9:16', '16:9', '1:1'] as const;
export type Shape = (typeof shapes)[number];

export const modelIds = [
  'kling',
  'kling-pro',
  'minimax',
  'minimax-video-01',
  'veo',
  'seedance',
  'wan',
] as const;
export type ModelId = (typeof modelIds)[number];

/** One text-to-video model. Facts: the provider's endpoint schemas and price pages, November 2026. */
export type VideoModel = {
  readonly id: ModelId;
  readonly label: string;
  readonly endpoint: string;
  /** Lengths that one clip can have, in seconds, ascending. */
  readonly clipSeconds: readonly number[];
  /** How the length stands on the wire; null when the endpoint takes none. */
  readonly duration: ((seconds: number) => string) | null;
  /** Shapes that can be asked for; an endpoint that takes none makes 16:9. */
  readonly shapes: readonly Shape[];
  readonly takesShape: boolean;
  /** Fields that are always sent. */
  readonly fixed: Readonly<Record<string, string | number | boolean>>;
  /** US dollars of one clip of so many seconds; null when no price is known. */
  readonly clipUsd: (seconds: number) => number | null;
  readonly audio: boolean;
  /** One to three (speed, cost) and one to five (quality). */
  readonly grades: { readonly speed: number; readonly quality: number; readonly cost: number };
};

const plain = (seconds: number): string => String(seconds);
const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

export const videoModels: Readonly<Record<ModelId, VideoModel>> = {
  kling: {
    id: 'kling',
    label: 'Kling 3 Standard',
    endpoint: 'fal-ai/kling-video/v3/standard/text-to-video',
    clipSeconds: range(3, 15),
    duration: plain,
    shapes: ['9:16', '16:9', '1:1'],
    takesShape: true,
    fixed: { generate_audio: true },
    clipUsd: (seconds) => seconds * 0.126,
    audio: true,
    grades: { speed: 2, quality: 4, cost: 2 },
  },
  'kling-pro': {
    id: 'kling-pro',
    label: 'Kling 3 Pro',
    endpoint: 'fal-ai/kling-video/v3/pro/text-to-video',
    clipSeconds: range(3, 15),
    duration: plain,
    shapes: ['9:16', '16:9', '1:1'],
    takesShape: true,
    fixed: { generate_audio: true },
    clipUsd: (seconds) => seconds * 0.168,
    audio: true,
    grades: { speed: 2, quality: 5, cost: 2 },
  },
  minimax: {
    id: 'minimax',
    label: 'MiniMax Hailuo 2.3 Standard',
    endpoint: 'fal-ai/minimax/hailuo-2.3/standard/text-to-video',
    clipSeconds: [6, 10],
    duration: plain,
    shapes: ['16:9'],
    takesShape: false,
    fixed: {},
    clipUsd: (seconds) => (seconds === 6 ? 0.28 : 0.56),
    audio: false,
    grades: { speed: 3, quality: 3, cost: 1 },
  },
  'minimax-video-01': {
    id: 'minimax-video-01',
    label: 'MiniMax Video-01',
    endpoint: 'fal-ai/minimax/video-01',
    clipSeconds: [6],
    duration: null,
    shapes: ['16:9'],
    takesShape: false,
    fixed: {},
    clipUsd: () => null,
    audio: false,
    grades: { speed: 3, quality: 3, cost: 1 },
  },
  veo: {
    id: 'veo',
    label: 'Veo 3.1',
    endpoint: 'fal-ai/veo3.1',
    clipSeconds: [4, 6, 8],
    duration: (seconds) => `${seconds}s`,
    shapes: ['9:16', '16:9'],
    takesShape: true,
    fixed: { resolution: '720p', generate_audio: true },
    clipUsd: (seconds) => seconds * 0.4,
    audio: true,
    grades: { speed: 2, quality: 5, cost: 3 },
  },
  seedance: {
    id: 'seedance',
    label: 'Seedance 2.0',
    endpoint: 'bytedance/seedance-2.0/text-to-video',
    clipSeconds: range(4, 15),
    duration: plain,
    shapes: ['9:16', '16:9', '1:1'],
    takesShape: true,
    fixed: { resolution: '720p', generate_audio: true },
    clipUsd: (seconds) => seconds * 0.3,
    audio: true,
    grades: { speed: 2, quality: 5, cost: 3 },
  },
  wan: {
    id: 'wan',
    label: 'Wan 2.6',
    endpoint: 'wan/v2.6/text-to-video',
    clipSeconds: [5, 10, 15],
    duration: plain,
    shapes: ['9:16', '16:9', '1:1'],
    takesShape: true,
    fixed: { resolution: '720p' },
    clipUsd: () => null,
    audio: true,
    grades: { speed: 2, quality: 4, cost: 2 },
  },
};

/** The body that the model's endpoint takes for one clip. */
export function clipInput(
  model: VideoModel,
  clip: { readonly prompt: string; readonly seconds: number; readonly shape: Shape },
): Record<string, string | number | boolean> {
  return {
    prompt: clip.prompt,
    ...(model.duration ? { duration: model.duration(clip.seconds) } : {}),
    ...(model.takesShape ? { aspect_ratio: clip.shape } : {}),
    ...model.fixed,
  };
}
