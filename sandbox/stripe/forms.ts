/** Parameters as Stripe reads them out of `a[b][0][c]=v`. */
export type FormValue = string | FormValue[] | FormTree;
export type FormTree = { [name: string]: FormValue };

/** Reads a form body or a query in bracket notation; null when brackets do not match. */
export function readForm(text: string): FormTree | null {
  const tree: FormTree = {};
  for (const [name, value] of new URLSearchParams(text)) {
    const path = pathOf(name);
    if (!path || !put(tree, path, value)) return null;
  }
  const listed = listsOf(tree);
  return typeof listed === 'string' || Array.isArray(listed) ? null : listed;
}

function pathOf(name: string): string[] | null {
  const match = /^([^[\]]+)((?:\[[^[\]]*\])*)$/.exec(name);
  if (!match) return null;
  const rest = [...(match[2] ?? '').matchAll(/\[([^[\]]*)\]/g)].map(([, part]) => part ?? '');
  const path = [match[1] ?? '', ...rest];
  return path.includes('__proto__') ? null : path;
}

function put(tree: FormTree, [first = '', ...rest]: string[], value: string): boolean {
  const name = first === '' ? String(Object.keys(tree).length) : first;
  if (rest.length === 0) {
    tree[name] = value;
    return true;
  }
  const inner = tree[name] ?? {};
  if (typeof inner === 'string' || Array.isArray(inner)) return false;
  tree[name] = inner;
  return put(inner, rest, value);
}

/** Turns what is numbered from 0 into lists. */
function listsOf(value: FormValue): FormValue {
  if (typeof value === 'string' || Array.isArray(value)) return value;
  const names = Object.keys(value);
  const inner = Object.values(value).map(listsOf);
  const isList = names.length > 0 && names.every((name) => /^\d{1,4}$/.test(name));
  if (isList) return inner;
  return Object.fromEntries(names.map((name, index) => [name, inner[index] ?? '']));
}
