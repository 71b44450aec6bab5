// Tells the person who waits, through the system, when an export ends and its page is not in sight. Asked for by a click, for
// this tab and this export; where the browser has no notifications or does not allow them, nothing shows.
import { announce } from './page.js';

const key = (id) => `heygem.notify.${id}`;
const isPossible = () => window.isSecureContext && 'Notification' in window && Notification.permission !== 'denied';

function isWanted(id) {
  try {
    return sessionStorage.getItem(key(id)) === '1' && Notification.permission === 'granted';
  } catch {
    return false;
  }
}

// The card is exchanged when the export moves on, and the button with it.
export function offerNotification(card) {
  const button = card.querySelector('[data-notify]');
  if (!button || !isPossible()) return;
  const show = () => {
    const wanted = isWanted(card.dataset.id);
    button.hidden = wanted;
    card.querySelector('[data-notifying]').hidden = !wanted;
  };
  show();
  button.addEventListener('click', async () => {
    if (await Notification.requestPermission() === 'granted') {
      try {
        sessionStorage.setItem(key(card.dataset.id), '1');
      } catch {
        return;
      }
      announce(card.querySelector('[data-notifying]').textContent);
    }
    if (isPossible()) show();
    else button.hidden = true;
  });
}

export function notifyEnd(card, title) {
  if (!isPossible() || !isWanted(card.dataset.id) || (!document.hidden && document.hasFocus())) return;
  try {
    const notification = new Notification(title, { body: card.querySelector('.export-name')?.textContent ?? '', tag: card.dataset.id, icon: card.dataset.icon });
    notification.addEventListener('click', () => {
      window.focus();
      notification.close();
    });
  } catch {
    // Android shows notifications of service workers only.
  }
}
