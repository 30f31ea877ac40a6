/** What is inside a video file. */
export type MediaFacts = {
  readonly durationSeconds: number;
  readonly width: number;
  readonly height: number;
  readonly videoCodec: string;
  readonly hasAudio: boolean;
};

/** A still of a video. */
export type Poster = { readonly width: number; readonly height: number; readonly bytes: number };

/** A video to be made of clips on disk. Times are in seconds. */
export type Assembly = {
  /** In order; `seconds` is how much of each clip is used, from its start. */
  readonly clips: readonly { readonly path: string; readonly seconds: number }[];
  /** The exact length. A clip that is shorter than asked shows its last frame until its time is over. */
  readonly seconds: number;
  /** Of the shape asked for. Clips of just this shape that need no encoding keep their own size. */
  readonly size: { readonly width: number; readonly height: number };
  /** How a clip of another shape fills the picture; padded, it stands before a blurred copy of itself. */
  readonly fit: 'crop' | 'pad';
  /** Burned into the picture. */
  readonly captions: readonly {
    readonly from: number;
    readonly to: number;
    readonly text: string;
  }[];
  /**
   * Spoken lines; the clips' own sound is ducked under them. A line longer than its `seconds` is sped up to
   * at most 1.3 times at the same pitch, and what is still too long fades out.
   */
  readonly voice: readonly {
    readonly path: string;
    readonly at: number;
    readonly seconds: number;
  }[];
  readonly outputPath: string;
  /** Told a growing part of 1, often. */
  readonly onProgress: (fraction: number) => void;
  readonly signal: AbortSignal;
};

/** A preview picture to be drawn: a frame of the video with words on it. */
export type ThumbnailWish = {
  readonly videoPath: string;
  /** In plain words; what the font has no glyph for, such as emoji, is left out. */
  readonly title: string;
  /** In pixels, wide: 16:9. A video of another shape stands before a blurred copy of itself. */
  readonly size: { readonly width: number; readonly height: number };
};

/** Looks into and assembles video files on disk. */
export interface MediaTools {
  /**
   * Writes the first frame that is not almost black as JPEG: at most 1280 pixels on the long side, below
   * 2,000,000 bytes.
   * @throws Fault `provider_failed` when no frame of the file can be decoded.
   */
  poster(videoPath: string, outputPath: string): Promise<Poster>;
  /**
   * Draws the title over the frame that stands best for the video, as JPEG below 2,000,000 bytes; the same
   * video and title give the same bytes.
   * @throws Fault `provider_failed` when no frame of the file can be decoded.
   */
  drawThumbnail(wish: ThumbnailWish): Promise<Buffer>;
  /** @throws Fault `provider_failed` when the file is no playable video. */
  probe(path: string): Promise<MediaFacts>;
  /** Seconds of sound in a file. @throws Fault `provider_failed` when it holds none that can be played. */
  probeSound(path: string): Promise<number>;
  /**
   * Makes one H.264/AAC MP4 with its index in front; picture and sound are copied where the clips can be used
   * as they are, and encoded where not. Nothing is left behind when it fails.
   * @throws Fault `provider_failed` when a clip or a spoken line cannot be played, and the signal's reason.
   */
  assemble(assembly: Assembly): Promise<MediaFacts>;
}
