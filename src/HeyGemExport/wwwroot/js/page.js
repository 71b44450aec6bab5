// What every page gains from scripts.
import { localizeTimes } from './format.js';

export const enhance = localizeTimes;

// Told once to screen readers; the same words again would be noise.
export function announce(text) {
  const status = document.getElementById('announce');
  if (status && status.textContent !== text) status.textContent = text;
}

enhance(document);
for (const details of document.querySelectorAll('[data-fold]')) {
  if (details.dataset.fold !== 'narrow' || matchMedia('(max-width: 900px)').matches) details.open = false;
  details.removeAttribute('data-fold');
}
