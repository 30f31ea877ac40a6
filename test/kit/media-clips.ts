import { writeFile } from 'node:fs/promises';

import { registerMediabunnyServer } from '@mediabunny/server';
import {
  ALL_FORMATS,
  AudioSample,
  AudioSampleSink,
  AudioSampleSource,
  BufferTarget,
  EncodedPacketSink,
  FilePathSource,
  Input,
  Mp4OutputFormat,
  Output,
  Quality,
  VideoSample,
  VideoSampleSink,
  VideoSampleSource,
} from 'mediabunny';

registerMediabunnyServer({ hardwareContext: null });

export type TestSound = {
  readonly hertz: number;
  /** Peak, 0 to 1. */
  readonly level: number;
  readonly rate?: number;
  readonly channels?: 1 | 2;
};

export type TestClip = {
  readonly seconds: number;
  readonly width?: number;
  readonly height?: number;
  readonly fps?: number;
  readonly codec?: 'avc' | 'vp9';
  /** Frames in another order than they are shown in, as most models' files have. */
  readonly isReordered?: boolean;
  /** Luma of a pixel; x and y are 0 to 1. Default: a middle grey. */
  readonly paint?: (x: number, y: number, second: number) => number;
  readonly sound?: TestSound | null;
};

/** Encodes a small clip of plain colours and a plain tone. */
export async function writeClip(path: string, clip: TestClip): Promise<void> {
  const target = new BufferTarget();
  const output = new Output({ format: new Mp4OutputFormat(), target });
  const pictures = new VideoSampleSource({
    codec: clip.codec ?? 'avc',
    quality: new Quality('medium'),
    latencyMode: clip.isReordered ? 'quality' : 'realtime',
    keyFrameInterval: 2,
    hardwareAcceleration: 'prefer-software',
  });
  output.addVideoTrack(pictures);
  const { sound } = clip;
  const sounds = new AudioSampleSource({ codec: 'aac', quality: new Quality('medium') });
  if (sound) output.addAudioTrack(sounds);
  await output.start();
  await addFrames(pictures, clip);
  if (sound) {
    for (const sample of toneSamples(sound, clip.seconds)) {
      await sounds.add(sample);
      sample.close();
    }
  }
  await output.finalize();
  await writeFile(path, new Uint8Array(target.buffer ?? new ArrayBuffer(0)));
}

async function addFrames(pictures: VideoSampleSource, clip: TestClip): Promise<void> {
  const { width = 72, height = 128, fps = 24, paint = () => 120 } = clip;
  for (let index = 0; index < Math.round(clip.seconds * fps); index += 1) {
    const data = new Uint8Array((width * height * 3) / 2).fill(128);
    for (let at = 0; at < width * height; at += 1) {
      data[at] = paint((at % width) / width, Math.floor(at / width) / height, index / fps);
    }
    const sample = new VideoSample(data, {
      format: 'I420',
      codedWidth: width,
      codedHeight: height,
      timestamp: index / fps,
      duration: 1 / fps,
    });
    await pictures.add(sample);
    sample.close();
  }
}

/** A tenth of a second each: the encoder copies pieces into one buffer that does not grow. */
function* toneSamples({ hertz, level, rate = 44_100, channels = 1 }: TestSound, seconds: number) {
  const length = rate / 10;
  for (let piece = 0; piece < Math.round(seconds * 10); piece += 1) {
    const data = new Float32Array(length * channels);
    for (let at = 0; at < data.length; at += 1) {
      const frame = piece * length + Math.floor(at / channels);
      data[at] = level * Math.sin((2 * Math.PI * hertz * frame) / rate);
    }
    yield new AudioSample({
      data,
      format: 'f32',
      numberOfChannels: channels,
      sampleRate: rate,
      timestamp: piece / 10,
    });
  }
}

/** A spoken line, as far as a test needs one: a tone in a WAV file, another one in its second half. */
export async function writeTone(
  path: string,
  sound: TestSound & { readonly laterHertz?: number },
  seconds: number,
): Promise<void> {
  const { hertz, level, rate = 24_000, laterHertz = hertz } = sound;
  const frames = Math.round(seconds * rate);
  const file = Buffer.alloc(44 + frames * 2);
  file.write('RIFF', 0, 'latin1');
  file.writeUInt32LE(36 + frames * 2, 4);
  file.write('WAVEfmt ', 8, 'latin1');
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(rate, 24);
  file.writeUInt32LE(rate * 2, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36, 'latin1');
  file.writeUInt32LE(frames * 2, 40);
  for (let at = 0; at < frames; at += 1) {
    const pitch = at < frames / 2 ? hertz : laterHertz;
    const value = level * Math.sin((2 * Math.PI * pitch * at) / rate);
    file.writeInt16LE(Math.round(value * 32_767), 44 + at * 2);
  }
  await writeFile(path, file);
}

/** What a viewer sees and hears. */
export type Look = {
  readonly frames: number;
  readonly seconds: number;
  readonly largestStep: number;
  readonly smallestStep: number;
  readonly soundSeconds: number;
  readonly largestGapInSound: number;
};

/** Decodes a whole file. */
export async function look(path: string): Promise<Look> {
  const input = new Input({ source: new FilePathSource(path), formats: ALL_FORMATS });
  try {
    const times: number[] = [];
    let seconds = 0;
    const video = await input.getPrimaryVideoTrack();
    if (!video) throw new Error('no video');
    for await (const frame of new VideoSampleSink(video).samples()) {
      times.push(frame.timestamp);
      seconds = frame.timestamp + frame.duration;
      frame.close();
    }
    const steps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    let [soundSeconds, largestGapInSound] = [0, 0];
    const audio = await input.getPrimaryAudioTrack();
    for await (const sample of audio ? new AudioSampleSink(audio).samples() : []) {
      largestGapInSound = Math.max(largestGapInSound, sample.timestamp - soundSeconds);
      soundSeconds = sample.timestamp + sample.duration;
      sample.close();
    }
    return {
      frames: times.length,
      seconds,
      largestStep: Math.max(...steps),
      smallestStep: Math.min(...steps),
      soundSeconds,
      largestGapInSound,
    };
  } finally {
    input.dispose();
  }
}

/** The luma plane of the frame shown at a time. */
export async function lumaAt(
  path: string,
  second: number,
): Promise<{ width: number; height: number; at: (x: number, y: number) => number }> {
  const input = new Input({ source: new FilePathSource(path), formats: ALL_FORMATS });
  try {
    const video = await input.getPrimaryVideoTrack();
    const frame = video && (await new VideoSampleSink(video).getSample(second));
    if (!frame) throw new Error(`no frame at ${second}`);
    const { codedWidth: width, codedHeight: height, format } = frame;
    if (format !== 'I420') throw new Error(`${format} is not read here`);
    const data = new Uint8Array(frame.allocationSize());
    await frame.copyTo(data);
    frame.close();
    const at = (x: number, y: number) =>
      data[Math.floor(y * height) * width + Math.floor(x * width)] ?? -1;
    return { width, height, at };
  } finally {
    input.dispose();
  }
}

/** The sound as one channel, from the start of the video on. */
export async function soundOf(path: string): Promise<{ rate: number; data: Float32Array }> {
  const input = new Input({ source: new FilePathSource(path), formats: ALL_FORMATS });
  try {
    const audio = await input.getPrimaryAudioTrack();
    if (!audio) throw new Error('no sound');
    const rate = await audio.getSampleRate();
    const data = new Float32Array(Math.ceil((await audio.computeDuration()) * rate) + rate);
    for await (const sample of new AudioSampleSink(audio).samples()) {
      const plane = new Float32Array(sample.numberOfFrames);
      sample.copyTo(plane, { planeIndex: 0, format: 'f32-planar' });
      data.set(plane, Math.max(0, Math.round(sample.timestamp * rate)));
      sample.close();
    }
    return { rate, data };
  } finally {
    input.dispose();
  }
}

/** The level of one tone within a span, as the peak that it has in a plain sine. */
export function toneLevel(
  { rate, data }: { readonly rate: number; readonly data: Float32Array },
  hertz: number,
  from: number,
  to: number,
): number {
  let [cosine, sine] = [0, 0];
  const [first, last] = [Math.round(from * rate), Math.round(to * rate)];
  for (let at = first; at < last; at += 1) {
    cosine += (data[at] ?? 0) * Math.cos((2 * Math.PI * hertz * at) / rate);
    sine += (data[at] ?? 0) * Math.sin((2 * Math.PI * hertz * at) / rate);
  }
  return (2 * Math.hypot(cosine, sine)) / (last - first);
}

/** The bytes of every packet of a track, in decode order. */
export async function packets(path: string, kind: 'video' | 'audio'): Promise<Uint8Array[]> {
  const input = new Input({ source: new FilePathSource(path), formats: ALL_FORMATS });
  try {
    const track =
      kind === 'video' ? await input.getPrimaryVideoTrack() : await input.getPrimaryAudioTrack();
    if (!track) throw new Error(`no ${kind}`);
    const found: Uint8Array[] = [];
    for await (const packet of new EncodedPacketSink(track).packets()) found.push(packet.data);
    return found;
  } finally {
    input.dispose();
  }
}
