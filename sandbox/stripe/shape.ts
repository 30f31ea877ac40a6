type RequiredKeys<T> = { [K in keyof T]-?: undefined extends T[K] ? never : K }[keyof T];

/** Every field that an answer of this type always has, and none that it cannot have; values are ours to get right. */
export type Shape<T> = { readonly [K in RequiredKeys<T>]: unknown } & {
  readonly [K in keyof T]?: unknown;
};

/** An object in the form of the API. */
export type WireObject = Record<string, unknown>;

/** A list in the form of the API. */
export const wireList = (url: string, data: readonly WireObject[]): WireObject => ({
  object: 'list',
  data,
  has_more: false,
  url,
});
