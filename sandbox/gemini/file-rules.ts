import type { Body, Part } from './wire.ts';

/** A video that a request names by its address. */
export type WatchedVideo = {
  readonly uri: string;
  /** Seconds from its start. */
  readonly from: number;
  /** null: to its end. */
  readonly to: number | null;
  /** Pictures a second. */
  readonly fps: number;
};

/** Public videos of YouTube; a page of Shorts is none. */
const watchAddress =
  /^https:\/\/(?:(?:www\.)?youtube\.com\/watch\?v=[\w-]{11}(?:&[\w=&.-]*)?|youtu\.be\/[\w-]{11}(?:\?[\w=&.-]*)?)$/u;
const most = { videos: 10, fps: 24 } as const;
const usualFps = 1;

/** What the real service says about the files of a request; null when all is well. */
export function findFileProblem({ contents, systemInstruction }: Body): string | null {
  if (systemInstruction?.parts.some(({ text }) => text === undefined)) {
    return 'System instruction only supports text parts.';
  }
  const parts = contents.flatMap((content) => content.parts);
  for (const part of parts) {
    const problem = problemOfPart(part);
    if (problem !== null) return problem;
  }
  const videos = parts.filter(({ fileData }) => fileData);
  return videos.length > most.videos
    ? `Please use fewer than ${most.videos + 1} videos in your request.`
    : null;
}

function problemOfPart({ fileData, inlineData, videoMetadata }: Part): string | null {
  if (videoMetadata && !fileData && !inlineData) {
    return 'video_metadata can only be set together with video data.';
  }
  if (fileData && !watchAddress.test(fileData.fileUri)) {
    return `Unsupported file URI type: ${fileData.fileUri}`;
  }
  const mimeType = fileData?.mimeType ?? 'video/*';
  if (!mimeType.startsWith('video/')) return `Unsupported MIME type: ${mimeType}`;
  const { fps = usualFps } = videoMetadata ?? {};
  if (fps <= 0 || fps > most.fps) return `The fps must be in the range (0, ${most.fps}].`;
  const { from, to } = spanOf(videoMetadata);
  return to !== null && to <= from ? 'The end offset must be greater than the start offset.' : null;
}

function spanOf(metadata: Part['videoMetadata']): { from: number; to: number | null } {
  const { startOffset = '0s', endOffset } = metadata ?? {};
  return {
    from: Number.parseFloat(startOffset),
    to: endOffset === undefined ? null : Number.parseFloat(endOffset),
  };
}

/** The videos of a request that has no problem. */
export const videosOf = ({ contents }: Body): WatchedVideo[] =>
  contents
    .flatMap(({ parts }) => parts)
    .flatMap(({ fileData, videoMetadata }) =>
      fileData
        ? [{ uri: fileData.fileUri, ...spanOf(videoMetadata), fps: videoMetadata?.fps ?? usualFps }]
        : [],
    );

/** What a picture and a second of sound cost; a video whose end is not named lasts three minutes here. */
const cost = { picture: 258, second: 32, unknownSeconds: 180 } as const;

export const tokensOf = (videos: readonly WatchedVideo[]): number =>
  videos
    .map(({ from, to, fps }) => {
      const seconds = (to ?? from + cost.unknownSeconds) - from;
      return Math.ceil(seconds * (cost.picture * fps + cost.second));
    })
    .reduce((sum, each) => sum + each, 0);
