/** What is inside a video file. */
export type MediaFacts = {
  readonly durationSeconds: number;
  readonly width: number;
  readonly height: number;
  readonly videoCodec: string;
  readonly hasAudio: boolean;
};

/** Looks into and joins video files on disk. */
export interface MediaTools {
  /** @throws Fault `provider_failed` when the file is no playable video. */
  probe(path: string): Promise<MediaFacts>;
  /**
   * Joins clips in order into one MP4 with its index in front, cut at `seconds`; packets are copied when
   * all clips share their codec settings, re-encoded to the first clip's size otherwise.
   */
  join(clipPaths: readonly string[], seconds: number, outputPath: string): Promise<MediaFacts>;
}
