import { z } from 'zod';

/** Languages of fal's enumeration that this stand-in was asked for, and a few beside them. */
const languages = [
  ...(['Chinese', 'Chinese,Yue', 'English', 'Arabic', 'Russian', 'Spanish', 'French'] as const),
  ...(['Portuguese', 'German', 'Turkish', 'Dutch', 'Ukrainian', 'Vietnamese'] as const),
  ...(['Indonesian', 'Japanese', 'Italian', 'Korean', 'Thai', 'Polish', 'Romanian'] as const),
  ...(['Greek', 'Czech', 'Finnish', 'Hindi', 'Bulgarian', 'Danish', 'Hebrew', 'Malay'] as const),
  ...(['Slovak', 'Swedish', 'Croatian', 'Hungarian', 'Norwegian', 'Slovenian'] as const),
  ...(['Catalan', 'Nynorsk', 'Afrikaans', 'auto'] as const),
] as const;

const voiceSetting = z.object({
  voice_id: z.string().default('Wise_Woman'),
  speed: z.number().min(0.5).max(2).default(1),
  vol: z.number().min(0).max(10).default(1),
  pitch: z.int().min(-12).max(12).default(0),
  emotion: z
    .enum(['happy', 'sad', 'angry', 'fearful', 'disgusted', 'surprised', 'neutral'])
    .optional(),
  english_normalization: z.boolean().default(false),
});

/** This stand-in makes MP3 only; the real one makes pcm and flac as well. */
const audioSetting = z.object({
  format: z.literal('mp3').default('mp3'),
  sample_rate: z.enum(['8000', '16000', '22050', '24000', '32000', '44100']).default('32000'),
  bitrate: z.enum(['32000', '64000', '128000', '256000']).default('128000'),
  channel: z.enum(['1', '2']).default('1'),
});

/**
 * The input of MiniMax Speech 2.8 as in @fal-ai/client 1.10.1; at most 5000 characters, of which one is no
 * white space, as fal says of Speech-02.
 */
export const speechInput = z.object({
  prompt: z
    .string()
    .max(5000)
    .refine((text) => text.trim() !== '', { error: 'Text must hold a character' }),
  voice_setting: voiceSetting.default(voiceSetting.parse({})),
  audio_setting: audioSetting.default(audioSetting.parse({})),
  language_boost: z.enum(languages).optional(),
  output_format: z.enum(['url', 'hex']).default('hex'),
  pronunciation_dict: z.object({ tone_list: z.array(z.string()).optional() }).optional(),
  voice_modify: z
    .object({
      pitch: z.number().min(-100).max(100).optional(),
      intensity: z.number().min(-100).max(100).optional(),
      timbre: z.number().min(-100).max(100).optional(),
    })
    .optional(),
  normalization_setting: z
    .object({
      enabled: z.boolean().optional(),
      target_loudness: z.number().optional(),
      target_range: z.number().optional(),
      target_peak: z.number().optional(),
    })
    .optional(),
});
