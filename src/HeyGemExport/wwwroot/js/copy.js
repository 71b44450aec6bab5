// Buttons that copy a text of the page: data-copy names its element.
import { announce } from './page.js';

export function copyOnClick(copied) {
  document.addEventListener('click', async (event) => {
    const button = event.target.closest('[data-copy]');
    if (!button) return;
    const code = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(code.textContent);
      button.textContent = copied;
      announce(copied);
    } catch {
      // Clipboards need a secure page; selected text can be copied by hand.
      getSelection().selectAllChildren(code);
    }
  });
}
