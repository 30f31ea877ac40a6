import { waitForLine } from './line.js';

/** After so long a page whose stream was refused is loaded anew, which gives it another address. */
const refusedMs = 20_000;

const box = document.getElementById('progress');

/** The final state is drawn by the server; a page that cannot be loaded is not asked for. */
async function loadAnew() {
  await waitForLine(() => {});
  location.reload();
}

function hear({ data }) {
  const { status, percent, waiting_for: service } = JSON.parse(data);
  const steps = JSON.parse(box.dataset.steps);
  const state = document.getElementById('state');
  const step = steps[status] ?? state.textContent;
  const words = service ? box.dataset.waiting.replace('{service}', () => service) : step;
  // The same words are not written again, so that a screen reader says each step once.
  if (state.textContent !== words) state.textContent = words;
  document.getElementById('bar').value = percent;
  document.getElementById('percent').textContent = `${percent}%`;
}

if (box) {
  // It comes back by itself after a broken connection and says which state it has seen.
  const source = new EventSource(box.dataset.progress);
  source.addEventListener('message', hear);
  source.addEventListener('end', () => {
    source.close();
    void loadAnew();
  });
  source.addEventListener('error', () => {
    if (source.readyState === EventSource.CLOSED) setTimeout(() => void loadAnew(), refusedMs);
  });
}
