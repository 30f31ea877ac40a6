import { Fault } from '../fault.ts';

/** Seconds of sound in a file. @throws Fault `provider_failed` when it holds none that can be played. */
export async function probeSound(path: string): Promise<number> {
  const { ALL_FORMATS, EncodedPacketSink, FilePathSource, Input } = await import('mediabunny');
  const input = new Input({ source: new FilePathSource(path), formats: ALL_FORMATS });
  try {
    const sound = await input.getPrimaryAudioTrack();
    // The last packet too, so that a file that broke off is noticed.
    const last = sound && (await new EncodedPacketSink(sound).getPacket(Infinity));
    if (!last) throw new Error('there is no sound');
    return await sound.computeDuration();
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) throw error;
    throw new Fault('provider_failed', { provider: 'The voice model' }, { cause: error });
  } finally {
    input.dispose();
  }
}
