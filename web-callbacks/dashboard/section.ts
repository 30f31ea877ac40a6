import type { Context } from '../../core/context.ts';
import { viewFault } from '../../core/fault-view.ts';
import type { DashboardWords } from '../../core/messages/dashboard.ts';
import { offered, perform, type AnyOperation, type Outcome } from '../../core/operation.ts';
import { drawNotice, html, nothing, type Html } from '../pages.ts';

/** What of the page the address asks for. */
export type Asked = {
  /** The video before which the list begins. */
  readonly beforeVideo: string | undefined;
  /** The movement of quota before which the list begins. */
  readonly beforeEntry: number | undefined;
};

/** What a part needs for drawing itself. */
export type View = {
  readonly context: Context;
  readonly words: DashboardWords;
  readonly asked: Asked;
};

/** One part of the page: the operation that it is read with, and how the answer is drawn. */
export type Section = {
  readonly id: string;
  readonly operation: string;
  readonly heading: (words: DashboardWords) => string;
  readonly input: (asked: Asked) => Record<string, unknown>;
  /** @param value What the operation has answered. */
  readonly draw: (value: unknown, view: View) => Html;
};

/**
 * Reads one part and draws it. What does not work in one leaves the others as they are; a part whose
 * operation is not offered is left out.
 */
export async function showSection(
  section: Section,
  operations: readonly AnyOperation[],
  view: View,
): Promise<Html> {
  const { context, asked } = view;
  const operation = offered(operations, context.ports).find(
    ({ name }) => name === section.operation,
  );
  if (!operation) return nothing;
  // The look at the page was counted as one request.
  const outcome = await perform(operation, section.input(asked), context, { isUncounted: true });
  return html`<section class="card" id="${section.id}" aria-labelledby="${section.id}-heading">
    <h2 id="${section.id}-heading">${section.heading(view.words)}</h2>
    ${outcome.ok ? section.draw(outcome.value, view) : drawFault(outcome, view)}
  </section>`;
}

function drawFault({ fault }: Extract<Outcome, { ok: false }>, { context, words }: View): Html {
  const { message, next } = viewFault(fault, context.locale);
  return html`<div class="stack" role="alert">
    ${drawNotice('warn', message)}
    <p>${next}</p>
    <p><a href="/dashboard">${words.retry}</a></p>
  </div>`;
}
