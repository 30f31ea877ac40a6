/** The form of the id of a button, select or modal; an older form is answered, never guessed at. */
const version = 'v1';
const longest = 100;

export type ActionId = {
  readonly name: string;
  /** The person it is for: nobody else's press counts. */
  readonly owner: string;
  readonly args: readonly string[];
};

/**
 * The id of a button, select or modal: `v1:name:owner:args…`. All further state is in the database,
 * so that it works after a restart.
 * @throws Error when it does not fit Discord's 100 characters or an argument holds a colon.
 */
export function actionId(name: string, owner: string, ...args: readonly string[]): string {
  const id = [version, name, owner, ...args].join(':');
  if (id.length > longest || args.some((arg) => arg.includes(':')))
    throw new Error(`the action id "${id}" cannot be used`);
  return id;
}

/** The parts of an id, or null for one of another version. */
export function parseActionId(id: string): ActionId | null {
  const [found, name, owner, ...args] = id.split(':');
  return found === version && name && owner ? { name, owner, args } : null;
}
