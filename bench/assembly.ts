import type { Assembly } from '../core/ports/media-tools.ts';
import { createMediaTools } from '../core/providers/media.ts';

/** An assembly that copies what it can: upright clips, no captions, no voice. */
export async function assemble(
  paths: readonly string[],
  clipSeconds: number,
  outputPath: string,
  wish: Partial<Assembly> = {},
): Promise<void> {
  await createMediaTools().assemble({
    clips: paths.map((path) => ({ path, seconds: clipSeconds })),
    seconds: paths.length * clipSeconds,
    size: { width: 720, height: 1280 },
    fit: 'crop',
    captions: [],
    voice: [],
    outputPath,
    onProgress: () => undefined,
    signal: new AbortController().signal,
    ...wish,
  });
}
