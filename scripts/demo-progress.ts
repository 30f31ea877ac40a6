/** One line per stage on standard error: a bar that grows in place on a terminal, milestones elsewhere. */
export type Progress = {
  /** Begins a stage; the one before is finished. */
  stage(name: string): void;
  /** How far the stage is, 0 to 1. */
  at(share: number): void;
  finish(): void;
};

const width = 24;

export function createProgress(output: NodeJS.WriteStream): Progress {
  let current: string | null = null;
  let shown = -1;
  const draw = (share: number) => {
    const filled = Math.round(share * width);
    if (current === null || filled === shown) return;
    shown = filled;
    const line = `${current.padEnd(12)} ${'█'.repeat(filled).padEnd(width, '░')} ${Math.round(share * 100)}%`;
    if (output.isTTY) output.write(`\r${line}`);
    else if (filled === width) output.write(`${line}\n`);
  };
  const finish = () => {
    draw(1);
    if (current !== null && output.isTTY) output.write('\n');
    current = null;
  };
  return {
    stage(name) {
      finish();
      current = name;
      shown = -1;
      draw(0);
    },
    at: draw,
    finish,
  };
}
