/** A request that must not get at anything of the owner. */
export type Attack = {
  readonly what: string;
  readonly path: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: URLSearchParams | string;
  /** The statuses that may come of it; otherwise any from 400 to 499. */
  readonly statuses?: readonly number[];
};

export const garbage = 'exp=99999999999&sig=Z2FyYmFnZQ&state=garbage&code=garbage';

export const sigOf = (link: string): string => new URL(link).searchParams.get('sig') ?? '';
