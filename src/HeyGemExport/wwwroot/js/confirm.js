// The confirm card as a dialog over the library. The card is the same page that opens without scripts.
import { enhance } from './page.js';

// A second click while the first is on its way does nothing.
export function onConfirm(form) {
  if (form.dataset.sent === 'true') return false;
  form.dataset.sent = 'true';
  form.setAttribute('aria-busy', 'true');
  return true;
}

export const release = (form) => {
  delete form.dataset.sent;
  form.removeAttribute('aria-busy');
};

let shown = () => {};

async function load(dialog, url, data) {
  dialog.setAttribute('aria-busy', 'true');
  try {
    const response = await fetch(url, {
      method: 'POST', body: new URLSearchParams(data), headers: { Accept: 'text/html' }, credentials: 'same-origin',
    });
    const card = new DOMParser().parseFromString(await response.text(), 'text/html').getElementById('confirm');
    if (!response.ok || !card) throw new Error(String(response.status));
    document.adoptNode(card);
    enhance(card);
    for (const other of card.querySelectorAll('noscript')) other.remove();
    dialog.replaceChildren(card);
    shown(card);
    return true;
  } catch {
    const note = document.createElement('p');
    note.className = 'notice notice-bad';
    note.setAttribute('role', 'alert');
    note.textContent = dialog.dataset.failed;
    dialog.querySelector('.notice[role="alert"]:first-child')?.remove();
    dialog.prepend(note);
    return false;
  } finally {
    dialog.removeAttribute('aria-busy');
  }
}

const body = (dialog) => dialog.querySelector('.confirm-body');

// The figures depend on the options: ask again, and stay where the person was.
async function reprice(dialog, form, name, value) {
  const top = body(dialog).scrollTop;
  const { open } = form.querySelector('.options');
  if (!await load(dialog, dialog.dataset.url, new FormData(form))) return;
  dialog.querySelector('.options').open = open;
  body(dialog).scrollTop = top;
  dialog.querySelector(`input[name="${name}"][value="${value}"]`)?.focus({ preventScroll: true });
}

export async function open(dialog, url, data) {
  dialog.dataset.url = url;
  await load(dialog, url, data);
  if (!dialog.open) dialog.showModal();
  dialog.querySelector('[data-confirm].button-primary:not(:disabled)')?.focus({ preventScroll: true });
}

// onCard: called with each card that the dialog shows. isBusy: whether it must not be closed by the way.
export function start(dialog, onCard, isBusy) {
  shown = onCard;
  dialog.addEventListener('cancel', (event) => isBusy() && event.preventDefault());
  dialog.addEventListener('click', (event) => {
    if ((event.target === dialog && !isBusy()) || event.target.closest('[data-close]')) {
      event.preventDefault();
      dialog.close();
    }
  });
  dialog.addEventListener('close', () => dialog.replaceChildren());
  // Back from the export, the back-forward cache may show a card that has been sent.
  window.addEventListener('pageshow', (event) => event.persisted && dialog.close());
  dialog.addEventListener('change', (event) => {
    const form = event.target.closest('#confirm-form');
    if (!form) return;
    reprice(dialog, form, event.target.name, event.target.value);
  });
  dialog.addEventListener('submit', (event) => {
    if (event.target.id === 'confirm-form') {
      if (!onConfirm(event.target)) event.preventDefault();
    } else if (event.target.matches('[data-again]')) {
      event.preventDefault();
      load(dialog, event.target.action, new FormData(event.target));
    }
  });
}
