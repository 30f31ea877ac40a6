import { expect, test } from 'vitest';

import { endpoints } from './endpoints.ts';

const endpoint = 'fal-ai/minimax/speech-2.8-turbo';
const read = (input: object) => endpoints.get(endpoint)?.read(input);
const line = { prompt: 'A paper boat', output_format: 'url' };

test('the spoken line is taken as it is asked for, and with the defaults of the real endpoint', () => {
  expect(read({ prompt: '纸船' })).toEqual({
    ok: true,
    makes: 'speech',
    prompt: '纸船',
    speech: {
      text: '纸船',
      voice: 'Wise_Woman',
      speed: 1,
      sampleRate: 32_000,
      channels: 1,
      bitrate: 128_000,
    },
    as: 'hex',
  });
  const voice_setting = { voice_id: 'Deep_Voice_Man', speed: 1.5 };
  expect(read({ ...line, voice_setting, language_boost: 'Chinese' })).toMatchObject({
    speech: { voice: 'Deep_Voice_Man', speed: 1.5 },
    as: 'url',
  });
});

test.each<[object, (string | number)[]]>([
  [{}, ['body', 'prompt']],
  [{ prompt: '' }, ['body', 'prompt']],
  [{ prompt: ' \n' }, ['body', 'prompt']],
  [{ prompt: 'a'.repeat(5001) }, ['body', 'prompt']],
  [{ ...line, output_format: 'mp3' }, ['body', 'output_format']],
  [{ ...line, voice_setting: { speed: 0.49 } }, ['body', 'voice_setting', 'speed']],
  [{ ...line, voice_setting: { speed: 2.01 } }, ['body', 'voice_setting', 'speed']],
  [{ ...line, voice_setting: { speed: '1' } }, ['body', 'voice_setting', 'speed']],
  [{ ...line, voice_setting: { vol: 11 } }, ['body', 'voice_setting', 'vol']],
  [{ ...line, voice_setting: { pitch: 13 } }, ['body', 'voice_setting', 'pitch']],
  [{ ...line, voice_setting: { emotion: 'bored' } }, ['body', 'voice_setting', 'emotion']],
  [{ ...line, language_boost: 'Klingon' }, ['body', 'language_boost']],
  [{ ...line, audio_setting: { sample_rate: 32_000 } }, ['body', 'audio_setting', 'sample_rate']],
])('%j is refused at %j', (input, loc) => {
  expect(read(input)).toMatchObject({ ok: false, detail: [{ loc }] });
});

test('the limits themselves are taken', () => {
  for (const input of [
    { prompt: 'a'.repeat(5000) },
    { ...line, voice_setting: { speed: 0.5, vol: 0, pitch: -12 } },
    { ...line, voice_setting: { speed: 2, vol: 10, pitch: 12 } },
  ])
    expect(read(input)).toMatchObject({ ok: true });
});
