/*
 * What is wrong with a field is written beneath it while somebody types. The form works without this: the
 * browser looks at it too when it is sent, and the server always.
 */

const checked = '[data-email], [data-password], [data-same]';

/** Fields that were left with something in them: before that, nobody is told about half a word. */
const left = new WeakSet();

/** What a new password still lacks, in the words that the field carries. */
function lacks({ value, dataset }) {
  const [tooShort, tooLong, noLetter, noDigit] = dataset.password.split('|');
  const length = [...value].length;
  return [
    ...(length < Number(dataset.least) ? [tooShort] : []),
    ...(length > Number(dataset.most) ? [tooLong] : []),
    ...(/\p{L}/u.test(value) ? [] : [noLetter]),
    ...(/\p{Nd}/u.test(value) ? [] : [noDigit]),
  ].join(' ');
}

function problemOf(field) {
  const { value, dataset, form, validity } = field;
  if (value === '') return '';
  if (dataset.email) return validity.valid ? '' : dataset.email;
  if (dataset.password) return lacks(field);
  return value === form.elements.password.value ? '' : dataset.same;
}

function say(field) {
  const problem = problemOf(field);
  const place = document.getElementById(`${field.name}-error`);
  // The same words are not written again, so that a screen reader says them once.
  if (place.textContent !== problem) place.textContent = problem;
  if (problem === '') field.removeAttribute('aria-invalid');
  else field.setAttribute('aria-invalid', 'true');
}

/** A password that changes may be the same as its repetition by then. */
function sayAll(form) {
  for (const field of form.querySelectorAll(checked)) if (left.has(field)) say(field);
}

function leave({ target: field }) {
  if (!field.matches(checked) || field.value === '') return;
  left.add(field);
  sayAll(field.form);
}

// What the server has refused was left before.
for (const field of document.querySelectorAll(checked))
  if (field.hasAttribute('aria-invalid')) left.add(field);
document.addEventListener('focusout', leave);
document.addEventListener('input', ({ target }) => {
  if (target.form) sayAll(target.form);
});
