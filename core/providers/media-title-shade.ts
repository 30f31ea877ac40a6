import type { Canvas } from '@napi-rs/canvas';

/** Where words stand, in pixels; they begin at the left. */
export type Block = { readonly top: number; readonly bottom: number; readonly right: number };

/** WCAG asks for 4.5 to 1; this leaves room for what JPEG changes. */
const contrast = 5.4;
/** How dark it is at the top of the words at least, and at the lower edge of the picture. */
const lightest = 0.25;
const deepest = 0.85;
/** How much of the darkness remains at the right edge, far from short words. */
const remains = 0.45;
/** Parts of the height: how far above the words it gets darker and softer, and how soft at the words. */
const reach = { dark: 0.2, soft: 0.07 };
const blur = 0.012;
const steps = 12;

/**
 * Darkens and softens a picture where white words shall stand, so much that they stand out from every pixel
 * of their block, and less and less above and beside it.
 */
export async function shade(picture: Canvas, block: Block): Promise<void> {
  const { createCanvas } = await import('@napi-rs/canvas');
  const { width, height } = picture;
  const context = picture.getContext('2d');
  const layer = createCanvas(width, height);
  const drawing = layer.getContext('2d');
  drawing.filter = `blur(${blur * height}px)`;
  drawing.drawImage(picture, 0, 0);
  drawing.filter = 'none';
  keepOnly(layer, block, { reach: reach.soft, top: 1, bottom: 1 });
  context.drawImage(layer, 0, 0);
  const top = darknessFor(brightest(picture, block));
  drawing.globalCompositeOperation = 'source-over';
  drawing.fillStyle = '#000000';
  drawing.fillRect(0, 0, width, height);
  keepOnly(layer, block, { reach: reach.dark, top, bottom: Math.max(top, deepest) });
  context.drawImage(layer, 0, 0);
}

/** Makes a layer see-through above and beside a block, and of these opacities within it. */
function keepOnly(
  layer: Canvas,
  { top, right }: Block,
  opacity: { readonly reach: number; readonly top: number; readonly bottom: number },
): void {
  const { width, height } = layer;
  const context = layer.getContext('2d');
  context.globalCompositeOperation = 'destination-in';
  const begin = Math.max(0, Math.min(top - 1, top - opacity.reach * height));
  const down = context.createLinearGradient(0, begin, 0, height);
  const share = (top - begin) / (height - begin);
  for (const step of eased()) down.addColorStop(step.at * share, black(step.value * opacity.top));
  down.addColorStop(1, black(opacity.bottom));
  const across = context.createLinearGradient(Math.min(right, width - 1), 0, width, 0);
  const most = Math.min(1, (width - right) / (width / 2)) * (1 - remains);
  for (const step of eased()) across.addColorStop(step.at, black(1 - step.value * most));
  for (const gradient of [down, across]) {
    context.fillStyle = gradient;
    context.fillRect(0, 0, width, height);
  }
}

const black = (opacity: number): string => `rgba(0, 0, 0, ${opacity})`;

/** From 0 to 1, smooth at both ends, so that no edge is seen. */
const eased = () =>
  Array.from({ length: steps + 1 }, (_, step) => {
    const at = step / steps;
    return { at, value: at * at * (3 - 2 * at) };
  });

/** Of relative luminance. */
const weights = { red: 0.2126, green: 0.7152, blue: 0.0722 };

type Colour = readonly [red: number, green: number, blue: number];

function brightest(picture: Canvas, { top, bottom, right }: Block): Colour {
  const from = Math.max(0, Math.floor(top));
  const columns = Math.min(picture.width, Math.ceil(right));
  const rows = Math.min(picture.height, Math.ceil(bottom)) - from;
  const { data } = picture.getContext('2d').getImageData(0, from, columns, rows);
  let [found, light]: [Colour, number] = [[0, 0, 0], 0];
  const values = Array.from({ length: 256 }, (_, channel) => linear(channel));
  for (let at = 0; at + 3 < data.length; at += 4) {
    const [red, green, blue] = [data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0];
    const luminance =
      weights.red * (values[red] ?? 0) +
      weights.green * (values[green] ?? 0) +
      weights.blue * (values[blue] ?? 0);
    if (luminance > light) [found, light] = [[red, green, blue], luminance];
  }
  return found;
}

/** The opacity of black over a colour at which white has the contrast that it needs. */
function darknessFor([red, green, blue]: Colour): number {
  for (let opacity = lightest; opacity < 1; opacity += 0.01) {
    const left = 1 - opacity;
    const shaded: Colour = [red * left, green * left, blue * left];
    if (contrastToWhite(shaded) >= contrast) return opacity;
  }
  return 1;
}

/** Contrast of WCAG 2.2 between white and a colour, 1 to 21. */
const contrastToWhite = (colour: Colour): number => 1.05 / (luminanceOf(colour) + 0.05);

const luminanceOf = ([red, green, blue]: Colour): number =>
  weights.red * linear(red) + weights.green * linear(green) + weights.blue * linear(blue);

function linear(channel: number): number {
  const value = channel / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}
