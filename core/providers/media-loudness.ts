/** Where two measures were found, in LUFS; nothing is heard below the first. */
const absoluteGate = -70;
const relativeGate = -10;
const stepsPerSecond = 10;
/** A block of 400 ms, by overlapping quarters. */
const stepsPerBlock = 4;

type Filter = { readonly b: readonly number[]; readonly a: readonly number[] };

/** Integrated loudness of one or two channels after EBU R 128 (ITU-R BS.1770-4). */
export class LoudnessMeter {
  private readonly filters: readonly [Filter, Filter];
  private readonly channelCount: 1 | 2;
  private readonly framesPerStep: number;
  /** Two delays of each filter, by channel. */
  private readonly delays: readonly Float64Array[];
  private readonly steps: number[] = [];
  private energy = 0;
  private frames = 0;

  constructor(sampleRate: number, channelCount: 1 | 2) {
    this.channelCount = channelCount;
    this.filters = [shelf(sampleRate), highPass(sampleRate)];
    this.framesPerStep = Math.round(sampleRate / stepsPerSecond);
    this.delays = Array.from({ length: channelCount }, () => new Float64Array(4));
  }

  /** Takes the next frames, one array by channel. */
  add(channels: readonly Float32Array[]): void {
    const length = channels[0]?.length ?? 0;
    for (let from = 0; from < length;) {
      const to = Math.min(length, from + this.framesPerStep - this.frames);
      for (const [index, delays] of this.delays.entries()) {
        this.energy += this.weigh(
          channels[index]?.subarray(from, to) ?? new Float32Array(),
          delays,
        );
      }
      this.frames += to - from;
      from = to;
      if (this.frames < this.framesPerStep) continue;
      // One channel is heard from both sides.
      this.steps.push((this.energy / this.frames) * (2 / this.channelCount));
      [this.energy, this.frames] = [0, 0];
    }
  }

  /** The sum of squares after both filters; the delays stay for what follows. */
  private weigh(samples: Float32Array, delays: Float64Array): number {
    const [one, two] = this.filters;
    const [b0 = 0, b1 = 0, b2 = 0] = one.b;
    const [a1 = 0, a2 = 0] = one.a;
    const [c1 = 0, c2 = 0] = two.a;
    let [p = 0, q = 0, r = 0, s = 0] = delays;
    let sum = 0;
    for (const input of samples) {
      const shelved = b0 * input + p;
      p = b1 * input - a1 * shelved + q;
      q = b2 * input - a2 * shelved;
      const out = shelved + r;
      r = -2 * shelved - c1 * out + s;
      s = shelved - c2 * out;
      sum += out * out;
    }
    delays.set([p, q, r, s]);
    return sum;
  }

  /** LUFS; minus infinity where nothing is heard. */
  integrated(): number {
    const blocks: number[] = [];
    for (let end = stepsPerBlock; end <= this.steps.length; end += 1) {
      blocks.push(mean(this.steps.slice(end - stepsPerBlock, end)));
    }
    // What is shorter than a block is one.
    if (blocks.length === 0 && this.steps.length > 0) blocks.push(mean(this.steps));
    const heard = blocks.filter((energy) => lufs(energy) > absoluteGate);
    const gate = lufs(mean(heard)) + relativeGate;
    return lufs(mean(heard.filter((energy) => lufs(energy) > gate)));
  }
}

const lufs = (energy: number): number => -0.691 + 10 * Math.log10(energy);
const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;

/** The shelf of BS.1770 for any sample rate, by its analogue prototype. */
function shelf(sampleRate: number): Filter {
  const k = Math.tan((Math.PI * 1681.974450955533) / sampleRate);
  const q = 0.7071752369554196;
  const high = 10 ** (3.999843853973347 / 20);
  const band = high ** 0.4996667741545416;
  const a0 = 1 + k / q + k * k;
  return {
    b: [
      (high + (band * k) / q + k * k) / a0,
      (2 * (k * k - high)) / a0,
      (high - (band * k) / q + k * k) / a0,
    ],
    a: [(2 * (k * k - 1)) / a0, (1 - k / q + k * k) / a0],
  };
}

/** The high-pass of BS.1770; its numerator is 1, -2, 1. */
function highPass(sampleRate: number): Filter {
  const k = Math.tan((Math.PI * 38.13547087602444) / sampleRate);
  const q = 0.5003270373238773;
  const a0 = 1 + k / q + k * k;
  return { b: [1, -2, 1], a: [(2 * (k * k - 1)) / a0, (1 - k / q + k * k) / a0] };
}
