import type { ShotRequest } from '../ports/video-models.ts';

/** Who speaks a line. */
export type Speaker = 'female' | 'male';

/**
 * Spoken lines are made by fal's MiniMax Speech 2.8 Turbo: `output_format` would otherwise be hex in the
 * answer. Voice names are MiniMax's own system voices.
 */
const endpoint = 'fal-ai/minimax/speech-2.8-turbo';
const voices: Readonly<Record<Speaker, string>> = {
  female: 'Wise_Woman',
  male: 'Deep_Voice_Man',
};

/** What is asked of the provider for one spoken line. */
export function voiceRequest(line: string, speaker: Speaker): Omit<ShotRequest, 'webhookUrl'> {
  return {
    provider: 'fal',
    endpoint,
    input: {
      prompt: line,
      voice_setting: { voice_id: voices[speaker], speed: 1, vol: 1, pitch: 0 },
      language_boost: /\p{Script=Han}/u.test(line) ? 'Chinese' : 'English',
      output_format: 'url',
    },
  };
}
