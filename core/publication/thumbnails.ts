/** What people may see before they play a video: what the host picks, a frame, a picture of their own, or a frame with words. */
export const thumbnails = ['automatic', 'first_frame', 'own', 'generated'] as const;
export type Thumbnail = (typeof thumbnails)[number];
