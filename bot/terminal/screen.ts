/** Where the chat writes and reads; tests put a list in its place. */
export type Screen = {
  /** Whether a person sits there who can be asked. */
  readonly isInteractive: boolean;
  /** Text as it is, without a line end of its own. */
  write(text: string): void;
  /** The next line somebody types; null when there are no more. */
  readLine(prompt: string): Promise<string | null>;
};

/** Writes an answer as it grows, and whole lines between its parts. */
export type Voice = {
  /** The whole answer so far. */
  say(textSoFar: string): void;
  line(text: string): void;
  /** Ends the answer: what was said last stands there whole. */
  end(): void;
};

/** A terminal cannot take back what it has shown, so only what is added is written. */
export function openVoice(screen: Screen): Voice {
  let said = '';
  let shown = '';
  let isInLine = false;
  const write = (text: string): void => {
    // The gap between two parts is a line of its own already.
    const visible = isInLine ? text : text.replace(/^\n+/u, '');
    if (visible === '') return;
    screen.write(visible);
    isInLine = true;
  };
  const breakLine = (): void => {
    if (isInLine) screen.write('\n');
    isInLine = false;
  };
  return {
    say(text) {
      said = text;
      if (!text.startsWith(shown)) return;
      write(text.slice(shown.length));
      shown = text;
    },
    line(text) {
      breakLine();
      screen.write(`${text}\n`);
    },
    end() {
      breakLine();
      if (shown !== said) write(said);
      breakLine();
      [said, shown] = ['', ''];
    },
  };
}
