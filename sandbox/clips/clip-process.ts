import { registerMediabunnyServer } from '@mediabunny/server';
import {
  AudioSample,
  AudioSampleSource,
  BufferTarget,
  EncodedAudioPacketSource,
  EncodedVideoPacketSource,
  Mp3OutputFormat,
  Mp4OutputFormat,
  NullTarget,
  Output,
  Quality,
  VideoSample,
  VideoSampleSource,
  type EncodedPacket,
} from 'mediabunny';

import { composeFrame, hashNumbers, paintScene } from './clip-picture.ts';
import { clipJobSchema, type ClipSpec } from './clips.ts';
import { speak, type SpeechSpec } from './speech.ts';

const clipSampleRate = 44_100;

// Probing for graphics hardware prints warnings and changes the bytes from machine to machine.
registerMediabunnyServer({ hardwareContext: null });

// An ordinary exit would trip over encoders that are still at work.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));

let last: Promise<void> = Promise.resolve();
process.on('message', (message: unknown) => {
  last = answer(message, last);
});

/** One clip at a time: two encoders side by side would only take turns on the same core. */
async function answer(message: unknown, before: Promise<void>): Promise<void> {
  await before;
  const job = clipJobSchema.parse(message);
  const { id } = job;
  try {
    const bytes = 'clip' in job ? await encode(job.clip) : await encodeSpeech(job.speech);
    process.send?.({ id, bytes });
  } catch (error) {
    process.send?.({ id, error: String(error) });
  }
}

type Track<Meta> = { readonly packet: EncodedPacket; readonly meta: Meta | undefined }[];

/** An MP4 (H.264, and AAC where the endpoint makes sound) with its index in front. */
async function encode(spec: ClipSpec): Promise<Uint8Array> {
  const { video, audio } = await encodeTracks(spec);
  const target = new BufferTarget();
  const output = new Output({ format: new Mp4OutputFormat({ fastStart: 'in-memory' }), target });
  const videoSource = new EncodedVideoPacketSource('avc');
  const audioSource = new EncodedAudioPacketSource('aac');
  output.addVideoTrack(videoSource, { frameRate: spec.fps });
  if (audio.length > 0) output.addAudioTrack(audioSource);
  await output.start();
  // In order of time: side by side as they are encoded, the file's layout would change from run to run.
  let heard = 0;
  for (const { packet, meta } of video) {
    for (; (audio[heard]?.packet.timestamp ?? Infinity) <= packet.timestamp; heard += 1) {
      const sound = audio[heard];
      if (sound) await audioSource.add(sound.packet, sound.meta);
    }
    await videoSource.add(packet, meta);
  }
  for (const { packet, meta } of audio.slice(heard)) await audioSource.add(packet, meta);
  await output.finalize();
  if (!target.buffer) throw new Error('the encoder gave no bytes');
  const bytes = new Uint8Array(target.buffer);
  clearDates(Buffer.from(target.buffer), 0, bytes.length);
  return bytes;
}

async function encodeTracks(spec: ClipSpec): Promise<{
  video: Track<EncodedVideoChunkMetadata>;
  audio: Track<EncodedAudioChunkMetadata>;
}> {
  const video: Track<EncodedVideoChunkMetadata> = [];
  const audio: Track<EncodedAudioChunkMetadata> = [];
  const output = new Output({ format: new Mp4OutputFormat(), target: new NullTarget() });
  const frames = new VideoSampleSource({
    codec: 'avc',
    quality: new Quality('medium'),
    // x264's ultrafast preset.
    latencyMode: 'realtime',
    hardwareAcceleration: 'prefer-software',
    keyFrameInterval: 2,
    onEncodedPacket: (packet, meta) => video.push({ packet, meta }),
  });
  const tones = new AudioSampleSource({
    codec: 'aac',
    quality: new Quality('medium'),
    onEncodedPacket: (packet, meta) => audio.push({ packet, meta }),
  });
  output.addVideoTrack(frames, { frameRate: spec.fps });
  if (spec.audio) output.addAudioTrack(tones);
  await output.start();
  await Promise.all([addFrames(spec, frames), spec.audio && addTones(spec, tones)]);
  await output.finalize();
  return { video, audio };
}

/** Zeroes the creation dates, the only bytes that would differ between two runs (ISO 14496-12, 8.2.2, 8.3.2, 8.4.2). */
function clearDates(file: Buffer, from: number, to: number): void {
  for (let at = from; at + 8 <= to;) {
    const size = file.readUInt32BE(at);
    const type = file.toString('latin1', at + 4, at + 8);
    if (size < 8) return;
    if (['moov', 'trak', 'mdia'].includes(type)) clearDates(file, at + 8, at + size);
    if (['mvhd', 'tkhd', 'mdhd'].includes(type)) {
      const wide = file.readUInt8(at + 8) === 1;
      file.fill(0, at + 12, at + 12 + (wide ? 16 : 8));
    }
    at += size;
  }
}

async function addFrames(spec: ClipSpec, video: VideoSampleSource): Promise<void> {
  const scene = paintScene(spec);
  const frame = new Uint8Array(scene.base.length);
  const count = Math.round(spec.seconds * spec.fps);
  for (let index = 0; index < count; index += 1) {
    composeFrame(scene, index / spec.fps, frame);
    const sample = new VideoSample(frame, {
      format: 'I420',
      codedWidth: spec.width,
      codedHeight: spec.height,
      timestamp: index / spec.fps,
      duration: 1 / spec.fps,
      colorSpace: { primaries: 'bt709', transfer: 'bt709', matrix: 'bt709', fullRange: false },
    });
    await video.add(sample);
    sample.close();
  }
  video.close();
}

/** A soft chord that swells and fades, its key from the prompt. */
async function addTones(spec: ClipSpec, audio: AudioSampleSource): Promise<void> {
  const next = hashNumbers(`sound\n${spec.seed}\n${spec.prompt}`);
  const root = 110 * 2 ** (Math.floor(next() * 12) / 12);
  const chord = [1, 1.5, 2, next() < 0.5 ? 2.4 : 2.5].map(
    (step) => (2 * Math.PI * root * step) / clipSampleRate,
  );
  const total = Math.round(spec.seconds * clipSampleRate);
  const swell = (2 * Math.PI * 0.25) / clipSampleRate;
  for (let start = 0; start < total; start += clipSampleRate) {
    const data = new Float32Array(Math.min(clipSampleRate, total - start));
    for (let index = 0; index < data.length; index += 1) {
      const at = start + index;
      let value = 0;
      for (const [voice, step] of chord.entries()) {
        value += Math.sin(step * at) * (0.6 + 0.4 * Math.sin(swell * at + voice));
      }
      data[index] = value * 0.05 * Math.min(1, at / 4410, (total - at) / 4410);
    }
    const sample = new AudioSample({
      data,
      format: 'f32',
      numberOfChannels: 1,
      sampleRate: clipSampleRate,
      timestamp: start / clipSampleRate,
    });
    await audio.add(sample);
    sample.close();
  }
  audio.close();
}

/** An MP3, the same samples in every channel. */
async function encodeSpeech(spec: SpeechSpec): Promise<Uint8Array> {
  const { sampleRate, channels } = spec;
  const target = new BufferTarget();
  const output = new Output({ format: new Mp3OutputFormat(), target });
  const voice = new AudioSampleSource({ codec: 'mp3', bitrate: spec.bitrate });
  output.addAudioTrack(voice);
  await output.start();
  const samples = speak(spec);
  for (let start = 0; start < samples.length; start += sampleRate) {
    const part = samples.subarray(start, start + sampleRate);
    const data = new Float32Array(part.length * channels);
    for (let channel = 0; channel < channels; channel += 1) data.set(part, channel * part.length);
    const sample = new AudioSample({
      data,
      format: 'f32-planar',
      numberOfChannels: channels,
      sampleRate,
      timestamp: start / sampleRate,
    });
    await voice.add(sample);
    sample.close();
  }
  voice.close();
  await output.finalize();
  if (!target.buffer) throw new Error('the encoder gave no bytes');
  return new Uint8Array(target.buffer);
}
