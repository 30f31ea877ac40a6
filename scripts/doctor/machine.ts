import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { isFault } from '../../core/fault.ts';
import { createClipRenderer } from '../../sandbox/clips/clips.ts';
import { ok, type Check, type Finding, type Tools } from './check.ts';
import { codeOf } from './text.ts';

/** Decimal gigabytes, as disks are sold. */
const gigabyte = 1e9;
const leastFreeBytes = 5 * gigabyte;

const afterDatabase = ({ words }: Tools): Finding => ({
  state: 'warning',
  what: words.afterDatabase(),
  switchesOff: null,
  howToGetIt: words.lookAtDatabase(),
});

/** Whether the file store takes a file, gives it back and deletes it. */
export const storageCheck: Check = {
  name: 'storage',
  async run(tools) {
    const { words, ids, config } = tools;
    const ports = await tools.ports();
    if (!ports) return afterDatabase(tools);
    const place = config.STORAGE_URL ?? 'JILO_DATA_DIR/files';
    const { storage } = ports;
    const key = `doctor/${ids.next('run')}.txt`;
    const written = Buffer.from(ids.random(64).toString('hex'));
    try {
      await storage.write(key, piecesOf(written), written.length);
      const read: Buffer[] = [];
      for await (const piece of storage.read(key, 0, written.length - 1)) {
        read.push(Buffer.from(piece));
      }
      await storage.remove(key);
      const isGone = (await storage.stat(key)) === null;
      if (isGone && Buffer.concat(read).equals(written)) return ok(words.storageFine({ place }));
      return storageFailed(tools, words.storageChanged({ place }));
    } catch (error) {
      if (isFault(error, 'storage_full'))
        return {
          ...storageFailed(tools, words.storageFull({ place })),
          howToGetIt: words.diskMore(),
        };
      const what = isFault(error, 'provider_locked')
        ? words.storageRefused({ place })
        : words.storageSilent({ place, code: codeOf(causeOf(error)) });
      return storageFailed(tools, what);
    }
  },
};

const causeOf = (error: unknown): unknown =>
  isFault(error) && error.cause !== undefined ? error.cause : error;

async function* piecesOf(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield bytes;
}

const storageFailed = ({ words }: Tools, what: string): Finding => ({
  state: 'failed',
  what,
  switchesOff: words.storageOff(),
  howToGetIt: words.lookAtStorage(),
});

/** Whether the data folder can be written and has room. */
export const diskCheck: Check = {
  name: 'disk',
  async run({ config, words, freeBytes }) {
    const folder = config.JILO_DATA_DIR;
    try {
      await rm(await mkdtemp(join(folder, 'doctor-')), { recursive: true });
    } catch (error) {
      return {
        state: 'failed',
        what: words.diskClosed({ code: codeOf(error) }),
        switchesOff: words.storageOff(),
        howToGetIt: words.diskOwn(),
      };
    }
    const free = await freeBytes(folder);
    const gigabytes = (Math.floor((free / gigabyte) * 10) / 10).toFixed(1);
    if (free >= leastFreeBytes) return ok(words.diskFine({ gigabytes }));
    return {
      state: 'warning',
      what: words.diskLow({ gigabytes }),
      switchesOff: words.diskOff(),
      howToGetIt: words.diskMore(),
    };
  },
};

/** Small, of another shape than what is made of it, and shorter: picture and sound have to be encoded. */
const clip = {
  prompt: 'doctor',
  seed: 1,
  width: 128,
  height: 72,
  fps: 24,
  seconds: 0.5,
  audio: true,
};
const wanted = { width: 72, height: 128 };
const wantedSeconds = 1.5;

/** Whether a clip is decoded and encoded anew as H.264 and AAC, by the product's own tools. */
export const codecsCheck: Check = {
  name: 'codecs',
  async run(tools, signal) {
    const { words } = tools;
    const ports = await tools.ports();
    if (!ports) return afterDatabase(tools);
    const folder = await mkdtemp(join(tmpdir(), 'jilo-doctor-'));
    const renderer = createClipRenderer();
    try {
      const path = join(folder, 'clip.mp4');
      await writeFile(path, await renderer.render(clip));
      const facts = await ports.mediaTools.assemble({
        clips: [{ path, seconds: wantedSeconds }],
        seconds: wantedSeconds,
        size: wanted,
        fit: 'crop',
        captions: [],
        voice: [],
        outputPath: join(folder, 'whole.mp4'),
        onProgress: () => undefined,
        signal,
      });
      const isRight =
        facts.videoCodec === 'avc' && facts.hasAudio && facts.height === wanted.height;
      return isRight ? ok(words.codecsFine()) : codecsFailed(tools);
    } catch {
      return codecsFailed(tools);
    } finally {
      await renderer.close();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

const codecsFailed = ({ words }: Tools): Finding => ({
  state: 'failed',
  what: words.codecsWrong(),
  switchesOff: words.codecsOff(),
  howToGetIt: words.codecsGet(),
});
