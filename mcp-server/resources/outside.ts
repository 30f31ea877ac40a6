import { untrusted, untrustedRule } from '../../core/untrusted.ts';

/** Fields of answers that hold strangers' words, wherever they stand, and how much of each is shown. */
const trendFields = { title: 300, channel: 100, description: 2000 };
const outsideFields: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  trend_search: trendFields,
  trend_show: trendFields,
};

/** An answer in which nobody can take strangers' words for ours. */
export type Marked = {
  readonly value: Readonly<Record<string, unknown>>;
  /** What has to be said before it; null where all words are the person's and ours. */
  readonly notice: string | null;
};

/** Wraps what strangers wrote in an operation's answer, each field by its name. */
export function markOutside(operation: string, value: Record<string, unknown>): Marked {
  const fields = outsideFields[operation];
  return fields
    ? { value: markFields(value, fields), notice: untrustedRule }
    : { value, notice: null };
}

type Fields = Readonly<Record<string, number>>;

const markFields = (value: object, fields: Fields): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(value).map(([name, content]) => [name, mark(name, content, fields)]),
  );

function mark(name: string, content: unknown, fields: Fields): unknown {
  if (Array.isArray(content)) return content.map((item) => mark(name, item, fields));
  if (typeof content === 'object' && content !== null) return markFields(content, fields);
  const max = fields[name];
  return typeof content === 'string' && max !== undefined ? untrusted(name, content, max) : content;
}

/** A marked answer as JSON text; the notice stands first. */
export const jsonOf = ({ value, notice }: Marked): string =>
  JSON.stringify(notice === null ? value : { notice, ...value });
