const keyShape = /^[a-z0-9_-]+(?:\/[A-Za-z0-9_-]+)*\.[a-z0-9]{2,4}$/;

/** Folders and one file name, with a dot only before its extension: nothing that could climb. @throws Error */
export function checkKey(key: string): string {
  if (!keyShape.test(key)) throw new Error(`not a storage key: ${key}`);
  return key;
}
