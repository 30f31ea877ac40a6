/** Red, green, blue and alpha of every pixel, row by row. */
type Pixels = {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
};

export type FrameScore = {
  /** Sharp, rich in contrast and colourful: 0 to 1. */
  readonly value: number;
  /** Almost all black, all white or of one colour. */
  readonly isBlank: boolean;
};

/** What counts as much as there can be: more of it makes no better picture. */
const most = { sharpness: 1500, contrast: 64, colourfulness: 80 };
const weights = { sharpness: 0.5, contrast: 0.25, colourfulness: 0.25 };

/** Of 255; a frame is blank when this part of it lies beyond one of the two, or nothing in it differs. */
const black = 20;
const white = 236;
const blankPart = 0.85;
const leastContrast = 6;

/** Judges how well a frame would stand for its video. Frames to be compared have to be of one size. */
export function scoreFrame(pixels: Pixels): FrameScore {
  const luma = lumaOf(pixels);
  const contrast = Math.sqrt(varianceOf(luma));
  const sharpness = varianceOf(laplacianOf(luma, pixels));
  const value =
    weights.sharpness * part(Math.log1p(sharpness), Math.log1p(most.sharpness)) +
    weights.contrast * part(contrast, most.contrast) +
    weights.colourfulness * part(colourfulnessOf(pixels), most.colourfulness);
  const partOf = (isOne: (light: number) => boolean) => luma.filter(isOne).length / luma.length;
  const isBlank =
    contrast < leastContrast ||
    partOf((light) => light < black) > blankPart ||
    partOf((light) => light > white) > blankPart;
  return { value, isBlank };
}

const part = (value: number, whole: number): number => Math.min(1, value / whole);

/** Luma of BT.709, 0 to 255. */
function lumaOf({ data }: Pixels): Float32Array {
  return Float32Array.from({ length: data.length / 4 }, (_, pixel) => {
    const at = pixel * 4;
    return 0.2126 * (data[at] ?? 0) + 0.7152 * (data[at + 1] ?? 0) + 0.0722 * (data[at + 2] ?? 0);
  });
}

/** How much each pixel differs from its four neighbours; little of it is what blur looks like. */
function laplacianOf(luma: Float32Array, { width, height }: Pixels): Float32Array {
  const out = new Float32Array(Math.max(0, width - 2) * Math.max(0, height - 2));
  let next = 0;
  for (let y = 1; y < height - 1; y += 1) {
    for (let x = 1; x < width - 1; x += 1) {
      const at = y * width + x;
      const around =
        (luma[at - 1] ?? 0) +
        (luma[at + 1] ?? 0) +
        (luma[at - width] ?? 0) +
        (luma[at + width] ?? 0);
      out[next] = around - 4 * (luma[at] ?? 0);
      next += 1;
    }
  }
  return out;
}

function varianceOf(values: Float32Array): number {
  if (values.length === 0) return 0;
  let [sum, squares] = [0, 0];
  for (const value of values) {
    sum += value;
    squares += value * value;
  }
  return Math.max(0, squares / values.length - (sum / values.length) ** 2);
}

/** Hasler and Süsstrunk, "Measuring colourfulness in natural images" (2003): 0 is grey, above 80 is vivid. */
function colourfulnessOf({ data }: Pixels): number {
  const length = data.length / 4;
  const [redGreen, yellowBlue] = [new Float32Array(length), new Float32Array(length)];
  for (let pixel = 0; pixel < length; pixel += 1) {
    const [red, green, blue] = [
      data[pixel * 4] ?? 0,
      data[pixel * 4 + 1] ?? 0,
      data[pixel * 4 + 2] ?? 0,
    ];
    redGreen[pixel] = red - green;
    yellowBlue[pixel] = (red + green) / 2 - blue;
  }
  const spread = Math.sqrt(varianceOf(redGreen) + varianceOf(yellowBlue));
  return spread + 0.3 * Math.hypot(meanOf(redGreen), meanOf(yellowBlue));
}

const meanOf = (values: Float32Array): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
