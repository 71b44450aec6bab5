// Tags for everything that is picked, also on other pages of the list.
import { refresh } from './live.js';
import { announce } from './page.js';
import * as picking from './picking.js';

const bar = document.getElementById('tagbar');

function say(text, isProblem) {
  const note = bar.querySelector('[data-tag-note]');
  note.textContent = text;
  note.classList.toggle('field-problem', isProblem);
  announce(text);
}

// Answers whether the click was for tags.
export function take(event, form) {
  const button = event.submitter;
  if (!button?.hasAttribute('data-tag')) return false;
  event.preventDefault();
  change(button, picking.packData(form));
  return true;
}

async function change(button, data) {
  try {
    const response = await fetch(button.formAction, {
      method: 'POST', body: new URLSearchParams(data), headers: { Accept: 'text/plain', 'X-Refresh': '1' }, credentials: 'same-origin',
    });
    const isText = response.headers.get('Content-Type')?.startsWith('text/plain');
    say(isText ? await response.text() : bar.dataset.failed, !response.ok);
    if (!response.ok) return;
    bar.querySelector('input[name="AddTag"]').value = '';
    await refresh();
  } catch {
    say(bar.dataset.failed, true);
  }
}
