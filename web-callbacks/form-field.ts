import { isFault, type Fault } from '../core/fault.ts';
import type { Locale } from '../core/messages/catalogue.ts';
import { html, nothing, type Html } from './pages.ts';

/** What is wrong with fields, by their name, in the person's language. */
export type Wrong = ReadonlyMap<string, string>;

export const noneWrong: Wrong = new Map();

/** What a fault says of each field of a form; empty for one that is about none of them. */
export function problemsOf(fault: Fault, fields: readonly string[], locale: Locale): Wrong {
  if (!isFault(fault, 'invalid_input')) return noneWrong;
  const text = fault.params.problems[locale];
  const begins = [...text.matchAll(new RegExp(`(?:^|; )(${fields.join('|')}): `, 'gu'))];
  return new Map(
    begins.map((begin, index) => {
      const end = begins[index + 1]?.index ?? text.length;
      return [begin[1] ?? '', text.slice(begin.index + begin[0].length, end)];
    }),
  );
}

type Field = {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly wrong: Wrong;
  /** Draws the control with the attributes that tie it to label, hint and problem. */
  readonly control: (attributes: Html) => Html;
};

/** One field: its label, its control, and below it what fits and what does not. */
export function drawField({ name, label, hint, wrong, control }: Field): Html {
  const problem = wrong.get(name);
  const notes = [
    ...(hint === undefined ? [] : [`${name}-hint`]),
    ...(problem === undefined ? [] : [`${name}-wrong`]),
  ];
  const described = notes.length === 0 ? nothing : html` aria-describedby="${notes.join(' ')}"`;
  const invalid = problem === undefined ? nothing : html` aria-invalid="true"`;
  const attributes = html`id="${name}" name="${name}"${described}${invalid}`;
  return html`<div class="stack tight">
    <label class="field" for="${name}"><span>${label}</span>${control(attributes)}</label>
    ${hint === undefined ? nothing : html`<p class="hint" id="${name}-hint">${hint}</p>`}
    ${drawProblem(name, wrong)}
  </div> `;
}

/** What is wrong with a field, where it is said without a control of its own. */
export function drawProblem(name: string, wrong: Wrong): Html {
  const problem = wrong.get(name);
  return problem === undefined
    ? nothing
    : html`<p class="wrong" id="${name}-wrong" role="alert">${problem}</p>`;
}

type Choice = { readonly value: string; readonly label: string };

/** A list to choose one from. */
export const drawSelect = (attributes: Html, choices: readonly Choice[], chosen: string): Html =>
  html`<select ${attributes}>
    ${choices.map(({ value, label }) =>
      value === chosen
        ? html`<option value="${value}" selected>${label}</option> `
        : html`<option value="${value}">${label}</option> `,
    )}
  </select>`;
