// What every page gains from scripts.
import { localizeTimes } from './format.js';

export function enhance(root) {
  localizeTimes(root);
  for (const element of root.querySelectorAll('[data-script]')) element.hidden = false;
}

// Told once to screen readers; the same words again would be noise.
export function announce(text) {
  const status = document.getElementById('announce');
  if (status && status.textContent !== text) status.textContent = text;
}

document.documentElement.classList.add('scripted');
enhance(document);
