import type { Shape } from '../wire.ts';

export type Declaration = { readonly name: string; readonly schema: Shape | null };

/** The tools on offer, and what their schemas say. */
export type Toolbox = {
  readonly names: readonly string[];
  has(name: string): boolean;
  /** The values that an argument may have; empty when it is free. */
  valuesOf(name: string, argument: string): readonly string[];
  /** The arguments that the tool knows. */
  fit(name: string, args: Readonly<Record<string, unknown>>): Record<string, unknown>;
};

export function openToolbox(declarations: readonly Declaration[]): Toolbox {
  const byName = new Map(declarations.map(({ name, schema }) => [name, schema]));
  return {
    names: declarations.map(({ name }) => name),
    has: (name) => byName.has(name),
    valuesOf: (name, argument) =>
      (byName.get(name)?.properties?.[argument]?.enum ?? []).map(String),
    fit(name, args) {
      const known = byName.get(name)?.properties;
      const entries = Object.entries(args).filter(([, value]) => value !== undefined);
      return Object.fromEntries(known ? entries.filter(([key]) => key in known) : entries);
    },
  };
}
