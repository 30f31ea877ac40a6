/** What is said of a written prompt; shares such as "52%", null where they are within the limit. */
type Written = {
  readonly prompt: string;
  readonly copied: string | null;
  readonly same: string | null;
  readonly video: string | null;
};

/** The prompt, and what it still resembles too much. */
export const promptWrittenEn = (p: Written): string =>
  [
    `A prompt for a new video: ${p.prompt}`,
    ...(p.copied === null
      ? []
      : [`It is still close to the original video (${p.copied}): change it before use.`]),
    ...(p.same === null
      ? []
      : [`It is still much like your earlier video ${p.video} (${p.same}).`]),
  ].join(' ');

/** The same in Chinese. */
export const promptWrittenZh = (p: Written): string =>
  [
    `新视频的 Prompt：${p.prompt}`,
    ...(p.copied === null ? [] : [`它仍与原视频过于接近（${p.copied}），使用前请修改。`]),
    ...(p.same === null ? [] : [`它仍与您之前的视频 ${p.video} 过于相似（${p.same}）。`]),
  ].join(' ');
