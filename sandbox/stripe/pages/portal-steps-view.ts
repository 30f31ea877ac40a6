import type { EmulatorAnswer } from '../../http.ts';
import { dayText, moneyText } from './amounts.ts';
import { drawCardFields, drawDecline, drawTestCards, type Decline } from './card-form.ts';
import type { CardInput, CardProblems } from './card-input.ts';
import { attribute, html } from './html.ts';
import { answerPage, type Setting } from './page.ts';
import { drawTop, priceText, type PlanOption, type PortalPlace } from './portal-view.ts';

type ChangeView = PortalPlace & {
  /** Where the plan is changed. */
  readonly planPath: string;
  readonly options: readonly PlanOption[];
  readonly currentId: string;
};

/** The list of plans to change to. */
export function answerChange(status: number, setting: Setting, view: ChangeView): EmulatorAnswer {
  const say = setting.words.portal;
  const current = view.options.findIndex(({ priceId }) => priceId === view.currentId);
  // The next larger one; from the largest, the smallest.
  const first = (view.options[current + 1] ?? view.options[0])?.priceId;
  const body = html`${drawTop(setting, view)}
    <h1>${say.change}</h1>
    <form class="panel" method="get" action="${view.planPath}/confirm">
      <fieldset>
        <legend>${say.choosePlan}</legend>
        ${view.options.map((option) => {
          const isCurrent = option.priceId === view.currentId;
          return html`<label class="choice"
            ><input
              type="radio"
              name="price"
              required
              value="${option.priceId}"
              ${option.priceId === first ? html` checked` : null}${isCurrent ? html` disabled` : null}
            /><span
              >${option.name}
              <small class="dim">
                ${priceText(setting, option)}${isCurrent ? html` · ${say.thisPlan}` : null}
              </small></span
            ></label
          >`;
        })}
      </fieldset>
      <div class="buttons across">
        <button class="main">${say.goOn}</button>
        <a class="button" href="${view.path}/home">${say.stay}</a>
      </div>
    </form>`;
  return answerPage(status, setting, { title: say.change, body, layout: 'list' });
}

type Question = PortalPlace & {
  readonly title: string;
  readonly text: string;
  readonly action: string;
  readonly hidden: { readonly name: string; readonly value: string } | null;
  readonly button: string;
  readonly stayUrl: string;
};

const answerQuestion = (setting: Setting, view: Question): EmulatorAnswer =>
  answerPage(200, setting, {
    title: view.title,
    layout: 'list',
    body: html`${drawTop(setting, view)}
      <section class="panel">
        <h1>${view.title}</h1>
        <p>${view.text}</p>
        <form method="post" action="${view.action}">
          ${view.hidden ? html`<input type="hidden" ${attribute('name', view.hidden.name)}${attribute('value', view.hidden.value)} />` : null}
          <div class="buttons across">
            <button class="main">${view.button}</button>
            <a class="button" href="${view.stayUrl}">${setting.words.portal.stay}</a>
          </div>
        </form>
      </section>`,
  });

/** What a change of plan costs, before it is made. */
export const answerChangeQuestion = (
  setting: Setting,
  place: PortalPlace & { readonly planPath: string },
  option: PlanOption,
): EmulatorAnswer => {
  const { words, language } = setting;
  const price = moneyText(option.amount, option.currency, language);
  return answerQuestion(setting, {
    ...place,
    title: words.portal.changeTitle(option.name),
    text: words.portal.changeText(price, words.each[option.interval]),
    action: `${place.planPath}/change`,
    hidden: { name: 'price', value: option.priceId },
    button: words.portal.changeConfirm,
    stayUrl: `${place.planPath}/change`,
  });
};

/** What it means to end a plan, before it is ended. */
export const answerCancelQuestion = (
  setting: Setting,
  place: PortalPlace & { readonly planPath: string },
  periodEnd: Date,
): EmulatorAnswer => {
  const say = setting.words.portal;
  return answerQuestion(setting, {
    ...place,
    title: say.cancelTitle,
    text: say.cancelText(dayText(periodEnd, setting.language)),
    action: `${place.planPath}/cancel`,
    hidden: null,
    button: say.cancelConfirm,
    stayUrl: `${place.path}/home`,
  });
};

type CardView = PortalPlace & {
  readonly input: CardInput;
  readonly problems: CardProblems;
  readonly decline: Decline | null;
  readonly isFilled: boolean;
};

/** The form in which the card of a customer is replaced. */
export function answerCard(status: number, setting: Setting, view: CardView): EmulatorAnswer {
  const say = setting.words.portal;
  const body = html`${drawTop(setting, view)}
    <h1>${say.updateCard}</h1>
    ${drawDecline(setting.words, view.decline)}
    <form class="panel" id="card" method="post" action="${view.path}/card" novalidate>
      ${drawCardFields(setting, { input: view.input, problems: view.problems, isFocused: true })}
      <div class="buttons across">
        <button class="main" ${view.isFilled ? html` autofocus` : null}>${say.saveCard}</button>
        <a class="button" href="${view.path}/home">${say.stay}</a>
      </div>
    </form>
    ${drawTestCards(setting, 'card', view.input.number)}`;
  return answerPage(status, setting, { title: say.updateCard, body, layout: 'list' });
}
