import type { ShotRequest, VideoProvider } from '../ports/video-models.ts';

/** Who speaks a line. */
export type Speaker = 'female' | 'male';

/** Who makes the spoken lines, whoever makes the clips. */
export const voiceProvider: VideoProvider = 'fal';
/**
 * MiniMax Speech 2.8 Turbo: its `output_format` would otherwise be hex in the answer. Voice names are
 * MiniMax's own system voices.
 */
const endpoint = 'fal-ai/minimax/speech-2.8-turbo';
const voices: Readonly<Record<Speaker, string>> = {
  female: 'Wise_Woman',
  male: 'Deep_Voice_Man',
};

/** What is asked of the provider for one spoken line. */
export function voiceRequest(line: string, speaker: Speaker): Omit<ShotRequest, 'webhookUrl'> {
  return {
    provider: voiceProvider,
    endpoint,
    input: {
      prompt: line,
      voice_setting: { voice_id: voices[speaker], speed: 1, vol: 1, pitch: 0 },
      language_boost: /\p{Script=Han}/u.test(line) ? 'Chinese' : 'English',
      output_format: 'url',
    },
  };
}
