// Search as one types: the list follows, the field keeps the focus, the address says what is shown.
import { refresh } from './live.js';

const pause = 250;

function addressOf(form) {
  const terms = [...new FormData(form)].filter(([name, value]) => value !== '' && !(name === 'sort' && value === 'newest'));
  const query = new URLSearchParams(terms).toString();
  return new URL(query ? `?${query}` : '?', form.action).href;
}

export function start(form) {
  const field = form.elements.namedItem('q');
  let timer = 0;
  let running = false;

  // One after another, so that an answer never replaces a later one.
  async function search() {
    clearTimeout(timer);
    if (running || addressOf(form) === location.href) return;
    running = true;
    try {
      history.replaceState(history.state, '', addressOf(form));
      await refresh();
    } catch {
      // The next letter asks again.
    } finally {
      running = false;
    }
    search();
  }

  field.addEventListener('input', (event) => {
    clearTimeout(timer);
    if (!event.isComposing) timer = setTimeout(search, pause);
  });
  // Pinyin and the like: letters that are still being chosen are no words.
  field.addEventListener('compositionend', () => {
    clearTimeout(timer);
    timer = setTimeout(search, pause);
  });
}
