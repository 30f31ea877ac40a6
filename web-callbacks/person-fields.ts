import { z } from 'zod';

import { choiceSchema } from '../core/consent/choices.ts';
import { fieldFault } from '../core/input-fault.ts';
import { catalogue, type Locale } from '../core/messages/catalogue.ts';
import { choiceLabel } from '../core/messages/fields.ts';
import type { AnyOperation } from '../core/operation.ts';
import { html, type Html } from './pages.ts';

type Scalar = string | number | boolean;

/** A field that only a person fills in, as its JSON Schema describes it. */
type PersonField = {
  readonly name: string;
  readonly type: 'string' | 'number' | 'integer' | 'boolean';
  readonly description: string;
  readonly enum?: readonly Scalar[] | undefined;
  readonly default?: Scalar | undefined;
};

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const fieldSchema = z.object({
  type: z.enum(['string', 'number', 'integer', 'boolean']),
  description: z.string(),
  enum: z.array(scalar).optional(),
  default: scalar.optional(),
});

function fieldsOf(operation: AnyOperation): PersonField[] {
  const { properties = {} } = z.toJSONSchema(choiceSchema(operation), { io: 'input' });
  return Object.entries(properties).map(([name, raw]) => ({ name, ...fieldSchema.parse(raw) }));
}

/** In the form the fields have a name of their own, apart from `sig` and `decision`. */
const formName = (name: string): string => `choose_${name}`;

/** The catalogue's word for a field, such as `madeForKids` for `made_for_kids`; else its description. */
function labelOf({ name, description }: PersonField, locale: Locale): string {
  const words = new Map<string, string>(Object.entries(catalogue(locale).words));
  const key = name.replaceAll(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
  return words.get(key) ?? description;
}

/** The form fields for what a model may not decide, set to their safe defaults. */
export const drawFields = (operation: AnyOperation, locale: Locale): Html[] =>
  fieldsOf(operation).map(
    (field) =>
      html`<label
        ><span>${labelOf(field, locale)}</span>${drawInput(operation, field, locale)}</label
      > `,
  );

function drawInput(operation: AnyOperation, field: PersonField, locale: Locale): Html {
  const name = formName(field.name);
  if (field.enum) {
    const open = html`<option value="" selected>${catalogue(locale).words.unchanged}</option>`;
    const place = { operation: operation.name, field: field.name };
    const options = field.enum.map((value) => {
      const label = choiceLabel(place, typeof value === 'number' ? value : String(value), locale);
      return value === field.default
        ? html`<option value="${String(value)}" selected>${label}</option>`
        : html`<option value="${String(value)}">${label}</option>`;
    });
    return html`<select name="${name}">
      ${field.default === undefined ? [open, ...options] : options}
    </select>`;
  }
  if (field.type === 'boolean')
    return field.default === true
      ? html`<input type="checkbox" name="${name}" checked />`
      : html`<input type="checkbox" name="${name}" />`;
  const type = field.type === 'string' ? 'text' : 'number';
  return html`<input type="${type}" name="${name}" value="${String(field.default ?? '')}" />`;
}

/** What the person chose in the form, before the operation's own schema has looked at it. */
export const readFields = (
  operation: AnyOperation,
  form: Readonly<Record<string, unknown>>,
): Record<string, unknown> =>
  Object.fromEntries(
    fieldsOf(operation).flatMap((field) => {
      const value = readField(field, form[formName(field.name)]);
      return value === undefined ? [] : [[field.name, value]];
    }),
  );

/** A browser leaves an empty checkbox out; undefined leaves the default in place. */
function readField(field: PersonField, sent: unknown): Scalar | undefined {
  if (field.type === 'boolean') return sent === 'on';
  if (sent === undefined || sent === '') return undefined;
  if (typeof sent !== 'string')
    throw fieldFault(field.name, { problem: 'given_twice', params: null });
  if (field.enum) return field.enum.find((value) => String(value) === sent) ?? sent;
  return field.type === 'string' ? sent : Number(sent);
}
