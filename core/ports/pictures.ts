/** A picture of ours, encoded as JPEG. */
export type Picture = {
  readonly data: Buffer;
  readonly width: number;
  readonly height: number;
};

/**
 * Why a picture is not taken: where it lies, how many bytes it has, that it is none, or how many
 * pixels it has.
 */
export type PictureProblem = 'host' | 'bytes' | 'kind' | 'pixels';

export type FetchedPicture =
  | { readonly kind: 'picture'; readonly picture: Picture }
  | { readonly kind: 'refused'; readonly problem: PictureProblem };

/** What a picture may measure: bytes of the upload, pixels of a side. */
export const pictureLimits = { bytes: 8 * 1024 * 1024, side: 8192 } as const;

/** Takes pictures from one place: what people upload in a chat, or what platforms show of their videos. */
export interface Pictures {
  /**
   * Downloads one from where that place keeps its files and draws it anew: one of a chat to fit into
   * 1280x720, or 1080x1920 where it is upright, one of a video into 480x480; under 2,000,000 bytes.
   * @throws Fault `provider_failed`, `provider_busy` when it cannot be downloaded.
   */
  fetch(url: string, signal: AbortSignal): Promise<FetchedPicture>;
}
