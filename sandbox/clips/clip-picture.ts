import { createHash } from 'node:crypto';

import { createCanvas } from '@napi-rs/canvas';

/** A picture with moving lights over it, drawn straight into the planes the encoder wants (I420, BT.709 limited). */
export type Scene = {
  readonly width: number;
  readonly height: number;
  /** The still part: gradient and title. */
  readonly base: Uint8Array;
  readonly lights: readonly Light[];
};

type Light = {
  /** Centre and swing as shares of the picture's width and height; turns a second. */
  readonly x: number;
  readonly y: number;
  readonly swing: number;
  readonly turns: number;
  readonly phase: number;
  readonly radius: number;
  /** Alpha 0..255 of a square of (2 radius)², brightest in the middle. */
  readonly glow: Uint8Array;
  readonly color: { readonly y: number; readonly u: number; readonly v: number };
};

/** Numbers in 0..1 that depend on the text alone, so that the same prompt gives the same clip. */
export function hashNumbers(text: string): () => number {
  let block = createHash('sha256').update(text).digest();
  let at = 0;
  return () => {
    if (at + 2 > block.length) {
      block = createHash('sha256').update(block).digest();
      at = 0;
    }
    at += 2;
    return block.readUInt16BE(at - 2) / 65_536;
  };
}

/** Draws what stays still and lays out what moves, both from a hash of prompt and seed. */
export function paintScene(spec: {
  prompt: string;
  seed: number;
  width: number;
  height: number;
}): Scene {
  const { width, height } = spec;
  const next = hashNumbers(`${spec.seed}\n${spec.prompt}`);
  const hue = Math.floor(next() * 360);
  const base = paintBase(spec, hue, next);
  const lights = Array.from({ length: 7 }, (_, index): Light => {
    const radius = Math.max(4, Math.round(Math.min(width, height) * (0.05 + 0.09 * next())));
    return {
      x: 0.15 + 0.7 * next(),
      y: 0.12 + 0.7 * next(),
      swing: 0.08 + 0.16 * next(),
      turns: (0.06 + 0.14 * next()) * (index % 2 === 0 ? 1 : -1),
      phase: next(),
      radius,
      glow: paintGlow(radius, 0.35 + 0.4 * next()),
      color: toYuv(...hslToRgb((hue + 20 + 160 * next()) % 360, 0.75, 0.72)),
    };
  });
  return { width, height, base, lights };
}

/** Fills `frame` (the size of `scene.base`) with the picture at `seconds`. */
export function composeFrame(scene: Scene, seconds: number, frame: Uint8Array): void {
  frame.set(scene.base);
  for (const light of scene.lights) {
    const angle = 2 * Math.PI * (light.phase + light.turns * seconds);
    const x = Math.round(scene.width * (light.x + light.swing * Math.cos(angle)));
    const y = Math.round(scene.height * (light.y + light.swing * 0.6 * Math.sin(angle)));
    blend(scene, light, { left: x - light.radius, top: y - light.radius }, frame);
  }
}

function blend(
  scene: Scene,
  light: Light,
  at: { left: number; top: number },
  frame: Uint8Array,
): void {
  const { width, height } = scene;
  const side = light.radius * 2;
  const chromaWidth = width / 2;
  const uStart = width * height;
  const vStart = uStart + chromaWidth * (height / 2);
  const firstRow = Math.max(0, -at.top);
  const lastRow = Math.min(side, height - at.top);
  const firstColumn = Math.max(0, -at.left);
  const lastColumn = Math.min(side, width - at.left);
  for (let row = firstRow; row < lastRow; row += 1) {
    const line = (at.top + row) * width + at.left;
    const chromaLine = ((at.top + row) >> 1) * chromaWidth;
    const withChroma = ((at.top + row) & 1) === 0;
    for (let column = firstColumn; column < lastColumn; column += 1) {
      const alpha = light.glow[row * side + column] ?? 0;
      if (alpha === 0) continue;
      mix(frame, line + column, light.color.y, alpha);
      if (withChroma && ((at.left + column) & 1) === 0) {
        const chroma = chromaLine + ((at.left + column) >> 1);
        mix(frame, uStart + chroma, light.color.u, alpha);
        mix(frame, vStart + chroma, light.color.v, alpha);
      }
    }
  }
}

function mix(plane: Uint8Array, index: number, value: number, alpha: number): void {
  const old = plane[index] ?? 0;
  plane[index] = old + (((value - old) * alpha) >> 8);
}

function paintGlow(radius: number, strength: number): Uint8Array {
  const side = radius * 2;
  const glow = new Uint8Array(side * side);
  for (let row = 0; row < side; row += 1) {
    for (let column = 0; column < side; column += 1) {
      const distance = Math.hypot(row - radius + 0.5, column - radius + 0.5) / radius;
      glow[row * side + column] = distance >= 1 ? 0 : 255 * strength * (1 - distance ** 2) ** 2;
    }
  }
  return glow;
}

function paintBase(
  spec: { prompt: string; width: number; height: number },
  hue: number,
  next: () => number,
): Uint8Array {
  const { width, height } = spec;
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  const sky = context.createLinearGradient(0, 0, width * next(), height);
  sky.addColorStop(0, `hsl(${hue}, 58%, 24%)`);
  sky.addColorStop(0.6, `hsl(${(hue + 40) % 360}, 55%, 34%)`);
  sky.addColorStop(1, `hsl(${(hue + 85) % 360}, 60%, 20%)`);
  context.fillStyle = sky;
  context.fillRect(0, 0, width, height);
  const size = Math.max(8, Math.round(Math.min(width, height) * 0.062));
  // The drawing library does not look for Chinese characters in other fonts by itself.
  context.font = `bold ${size}px sans-serif, "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei"`;
  context.textBaseline = 'alphabetic';
  context.shadowColor = 'rgba(0, 0, 0, 0.55)';
  context.shadowBlur = size / 4;
  context.fillStyle = '#ffffff';
  const title = drawable(spec.prompt, context.font);
  const lines = wrap(title, width * 0.86, (text) => context.measureText(text).width);
  for (const [index, line] of lines.entries()) {
    context.fillText(line, width * 0.07, height * 0.9 - (lines.length - 1 - index) * size * 1.25);
  }
  return toI420(canvas.data(), width, height);
}

/** The text without the characters that no installed font has; they would all show as the same box. */
function drawable(text: string, font: string): string {
  const side = 32;
  const context = createCanvas(side, side).getContext('2d');
  const look = (character: string): string => {
    context.clearRect(0, 0, side, side);
    context.font = font.replace(/\d+px/, '20px');
    context.fillText(character, 4, 24);
    return Buffer.from(context.getImageData(0, 0, side, side).data).toString('latin1');
  };
  const box = look('\u{10ffff}');
  const missing = new Set(
    Array.from(new Set(text)).filter((one) => one > '~' && look(one) === box),
  );
  return Array.from(text)
    .filter((one) => !missing.has(one))
    .join('');
}

/** At most four lines; words are kept whole, and scripts without spaces break anywhere. */
function wrap(text: string, limit: number, measure: (text: string) => number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const piece of text.trim().match(/[⺀-鿿＀-￯]|[^\s⺀-鿿＀-￯]+\s*|\s+/gu) ?? []) {
    if (line !== '' && measure(line + piece.trimEnd()) > limit) {
      lines.push(line.trimEnd());
      line = '';
    }
    line += piece;
  }
  if (line !== '') lines.push(line.trimEnd());
  return lines.length > 4 ? [...lines.slice(0, 3), `${lines[3] ?? ''} …`] : lines;
}

function toI420(rgba: Uint8Array, width: number, height: number): Uint8Array {
  const planes = new Uint8Array((width * height * 3) / 2);
  const chromaWidth = width / 2;
  const uStart = width * height;
  const vStart = uStart + chromaWidth * (height / 2);
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      const pixel = (row * width + column) * 4;
      const { y, u, v } = toYuv(rgba[pixel] ?? 0, rgba[pixel + 1] ?? 0, rgba[pixel + 2] ?? 0);
      planes[row * width + column] = y;
      if ((row & 1) === 0 && (column & 1) === 0) {
        const chroma = (row >> 1) * chromaWidth + (column >> 1);
        planes[uStart + chroma] = u;
        planes[vStart + chroma] = v;
      }
    }
  }
  return planes;
}

/** BT.709, limited range, from 0..255. */
function toYuv(red: number, green: number, blue: number): { y: number; u: number; v: number } {
  return {
    y: Math.round(16 + 0.1826 * red + 0.6142 * green + 0.062 * blue),
    u: Math.round(128 - 0.1006 * red - 0.3386 * green + 0.4392 * blue),
    v: Math.round(128 + 0.4392 * red - 0.3989 * green - 0.0403 * blue),
  };
}

function hslToRgb(hue: number, saturation: number, light: number): [number, number, number] {
  const strength = saturation * Math.min(light, 1 - light);
  const channel = (shift: number) => {
    const turn = (shift + hue / 30) % 12;
    return 255 * (light - strength * Math.max(-1, Math.min(turn - 3, 9 - turn, 1)));
  };
  return [channel(0), channel(8), channel(4)];
}
