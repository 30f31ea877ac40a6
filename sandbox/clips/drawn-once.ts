import type { ClipRenderer } from './clips.ts';

/** Draws every clip of one shape and length once, whatever it is to show, and speaks each line once. */
export function drawOnce(renderer: ClipRenderer): ClipRenderer {
  const drawn = new Map<string, Promise<Uint8Array>>();
  const once = (key: string, draw: () => Promise<Uint8Array>): Promise<Uint8Array> => {
    const made = drawn.get(key) ?? draw();
    drawn.set(key, made);
    return made;
  };
  return {
    render(spec) {
      const same = { ...spec, prompt: '', seed: 1 };
      return once(JSON.stringify(same), () => renderer.render(same));
    },
    speak: (spec) => once(JSON.stringify(spec), () => renderer.speak(spec)),
    close: () => renderer.close(),
  };
}
