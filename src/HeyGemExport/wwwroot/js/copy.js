// Buttons that copy a text of the page: data-copy names its element, data-text is another text in its place.
import { announce } from './page.js';

// navigator.clipboard is for secure contexts, and the page of a server on a LAN is none: there the text is selected and copied as by hand.
async function copy(element, text = element.textContent.trim()) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    getSelection().selectAllChildren(element);
    document.addEventListener('copy', (event) => {
      event.clipboardData.setData('text/plain', text);
      event.preventDefault();
    }, { once: true });
    return document.execCommand('copy');
  }
}

document.addEventListener('click', async (event) => {
  const button = event.target.closest('[data-copy]');
  if (!button) return;
  const { copied, byHand, text } = button.dataset;
  button.textContent = await copy(document.getElementById(button.dataset.copy), text) ? copied : byHand;
  announce(button.textContent);
});
