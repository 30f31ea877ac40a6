/** Slash commands as a person sees them, and what each option accepts. */

export const optionType = {
  text: 3,
  integer: 4,
  boolean: 5,
  user: 6,
  channel: 7,
  number: 10,
  file: 11,
};

/** Commands as the person reads them, slash included: `shown` in their language, `path` as Discord is told. */
export function listCommands(offered) {
  return offered
    .map((command) => ({
      path: command.path,
      shown: command.localizedPath,
      description: command.localizedDescription,
      options: command.options.map((option) => ({
        ...option,
        shown: option.localizedName,
        choices: option.choices.map(({ localizedName, value }) => ({ name: localizedName, value })),
      })),
    }))
    .toSorted((one, other) => one.path.localeCompare(other.path));
}

/** Commands whose name in either language, or description, goes with what was typed after the slash. */
export function findCommands(list, typed) {
  const wanted = typed.trim().toLowerCase();
  if (wanted === '') return list;
  const rank = (command) => {
    const names = [command.shown, command.path].map((name) => name.slice(1).toLowerCase());
    if (names.some((name) => name.startsWith(wanted))) return 0;
    if (names.some((name) => name.split(' ').some((word) => word.startsWith(wanted)))) return 1;
    if (names.some((name) => name.includes(wanted))) return 2;
    return 3;
  };
  return list
    .map((command) => ({ command, rank: rank(command) }))
    .filter((entry) => entry.rank < 3)
    .toSorted((one, other) => one.rank - other.rank)
    .map(({ command }) => command);
}

/** A typed line that already holds a whole command and a space after it. */
export function commandInText(list, text) {
  return list
    .filter(({ shown, path }) => [shown, path].some((name) => text.startsWith(`${name} `)))
    .toSorted((one, other) => other.path.length - one.path.length)[0];
}

/** The closed set an option chooses from, or undefined when it is free. */
export function choicesOf(option, look) {
  if (option.choices.length > 0) return option.choices;
  if (option.type === optionType.boolean) {
    return [
      { name: look.words.yes, value: true },
      { name: look.words.no, value: false },
    ];
  }
  if (option.type === optionType.user)
    return look.users().map((user) => ({ name: `@${look.nameOf(user)}`, value: user.id }));
  if (option.type === optionType.channel)
    return look.channels().map((channel) => ({ name: `#${channel.name}`, value: channel.id }));
  return undefined;
}

/**
 * What Discord is sent for one filled option, or the reason why it cannot be.
 * `picked` is the choice taken from a list, whose value may differ from the text shown.
 */
export function readOption(option, { text, picked }, look) {
  const { words } = look;
  if (picked) return { value: picked.value };
  const typed = text.trim();
  if (typed === '') return option.required ? { problem: words.required } : {};
  const closed = choicesOf(option, look);
  if (closed) {
    const choice = closed.find(({ name }) => name.toLowerCase() === typed.toLowerCase());
    return choice ? { value: choice.value } : { problem: words.chooseOne };
  }
  if (option.type === optionType.integer || option.type === optionType.number)
    return readNumber(option, typed, words);
  return readText(option, text, words);
}

function readNumber(option, typed, words) {
  const value = Number(typed);
  if (option.type === optionType.integer && !Number.isSafeInteger(value))
    return { problem: words.integer };
  if (!Number.isFinite(value)) return { problem: words.number };
  if (option.min !== undefined && value < option.min) return { problem: words.atLeast(option.min) };
  if (option.max !== undefined && value > option.max) return { problem: words.atMost(option.max) };
  return { value };
}

function readText(option, text, words) {
  const { length } = text;
  if (length < (option.min ?? 0)) return { problem: words.atLeastCharacters(option.min) };
  if (length > (option.max ?? 6000)) return { problem: words.atMostCharacters(option.max ?? 6000) };
  return { value: text };
}
