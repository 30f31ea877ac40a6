/** What people may see before they play a video: what the host picks, a frame, or a picture of their own. */
export const thumbnails = ['automatic', 'first_frame', 'own'] as const;
export type Thumbnail = (typeof thumbnails)[number];
