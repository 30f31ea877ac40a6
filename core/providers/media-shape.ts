import type { FilterAPI, Frame } from 'node-av';
import type { VideoSample } from 'mediabunny';

import type { Assembly } from '../ports/media-tools.ts';
import { frameOf, type Libav } from './media-av.ts';
import type { Size } from './media-jpeg.ts';

/** The picture behind a padded one is made this much smaller, blurred, and enlarged again. */
const blurScale = 16;

/** H.264 in its usual form has no odd sizes. */
export const even = (pixels: number): number => Math.max(2, Math.round(pixels / 2) * 2);

export type Shaper = {
  /** The frame in 8 bit 4:2:0, upright and of the asked size; free it. */
  readonly shape: (sample: VideoSample, at: number) => Promise<Frame>;
  readonly close: () => void;
};

/** Gives the frames of one clip an even size; a clip of another shape is cropped or padded. */
export function createShaper(libav: Libav, size: Size, fit: Assembly['fit']): Shaper {
  let filter: FilterAPI | null = null;
  return {
    async shape(sample, at) {
      filter ??= libav.av.FilterAPI.create(chainFor(sample, size, fit));
      const frame = await frameOf(libav, sample, at);
      try {
        const [shaped, ...more] = await filter.processAll(frame);
        for (const one of more) one.free();
        if (!shaped) throw new Error('the filter kept a frame back');
        return shaped;
      } finally {
        frame.free();
      }
    },
    close: () => filter?.close(),
  };
}

function chainFor(sample: VideoSample, size: Size, fit: Assembly['fit']): string {
  const { squarePixelWidth, squarePixelHeight, codedWidth, codedHeight, rotation } = sample;
  const isSquare = squarePixelWidth === codedWidth && squarePixelHeight === codedHeight;
  const upright = [
    ...(isSquare ? [] : [`scale=${squarePixelWidth}:${squarePixelHeight}`]),
    ...{ 0: [], 90: ['transpose=1'], 180: ['hflip', 'vflip'], 270: ['transpose=2'] }[rotation],
  ];
  const last = ['setsar=1', 'format=yuv420p'];
  return fit === 'crop'
    ? [...upright, filled(size), ...last].join(',')
    : padded(upright, size, last);
}

const bySize = ({ width, height }: Size): string => `${width}:${height}`;

const filled = (size: Size): string =>
  `scale=${bySize(size)}:force_original_aspect_ratio=increase:out_range=tv,crop=${bySize(size)}`;

function padded(upright: readonly string[], size: Size, last: readonly string[]): string {
  const tiny = { width: even(size.width / blurScale), height: even(size.height / blurScale) };
  const inner = `scale=${bySize(size)}:force_original_aspect_ratio=decrease:force_divisible_by=2:out_range=tv`;
  return [
    `${[...upright, 'split'].join(',')}[front][back]`,
    `[back]${filled(tiny)},gblur=sigma=1.5,scale=${bySize(size)}[behind]`,
    `[front]${inner}[inner]`,
    `[behind][inner]${['overlay=(W-w)/2:(H-h)/2', ...last].join(',')}`,
  ].join(';');
}
