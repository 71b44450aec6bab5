// Tells the person who waits when an export ends and its page is not in sight: in the tab's title and picture; by the system, where the
// browser has notifications, which plain HTTP has not, and the person asked for it, for this tab and this export; and by a sound, for all
// exports, which this browser remembers.
import { announce } from './page.js';

const notifyKey = (id) => `heygem.notify.${id}`;
const soundKey = 'heygem.sound';
const isPossible = () => window.isSecureContext && 'Notification' in window && Notification.permission !== 'denied';
const isInSight = () => !document.hidden && document.hasFocus();
let audio = null;

// Where the browser keeps nothing, nothing is remembered.
function read(storage, key) {
  try {
    return window[storage].getItem(key) === '1';
  } catch {
    return false;
  }
}

function write(storage, key, on) {
  try {
    if (on) window[storage].setItem(key, '1');
    else window[storage].removeItem(key);
    return true;
  } catch {
    return false;
  }
}

const isWanted = (id) => read('sessionStorage', notifyKey(id)) && Notification.permission === 'granted';

// Two notes, a fourth apart. A browser that has seen no click on the site stays silent.
function ring() {
  try {
    audio ??= new AudioContext();
    audio.resume();
    for (const [index, frequency] of [659.26, 880].entries()) {
      const [tone, volume, from] = [audio.createOscillator(), audio.createGain(), audio.currentTime + index * 0.18];
      tone.frequency.value = frequency;
      volume.gain.setValueAtTime(0.2, from);
      volume.gain.exponentialRampToValueAtTime(0.001, from + 0.5);
      tone.connect(volume).connect(audio.destination);
      tone.start(from);
      tone.stop(from + 0.5);
    }
  } catch {
    // No sound here.
  }
}

function offerSound(card) {
  const label = card.querySelector('[data-sound]');
  if (!label || !('AudioContext' in window)) return;
  const box = label.querySelector('input');
  label.hidden = false;
  box.checked = read('localStorage', soundKey);
  box.addEventListener('change', () => {
    write('localStorage', soundKey, box.checked);
    if (box.checked) ring();
  });
}

// The card is exchanged when the export moves on, and the button with it.
export function offerNotification(card) {
  offerSound(card);
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
      if (!write('sessionStorage', notifyKey(card.dataset.id), true)) return;
      announce(card.querySelector('[data-notifying]').textContent);
    }
    if (isPossible()) show();
    else button.hidden = true;
  });
}

// Until the person looks again.
function markTab(card) {
  const icon = document.querySelector('link[rel="icon"]');
  const [title, picture] = [document.title, icon.href];
  document.title = `(1) ${title}`;
  icon.href = card.dataset.iconEnded;
  const seen = () => {
    if (!isInSight()) return;
    document.title = title;
    icon.href = picture;
    window.removeEventListener('focus', seen);
    document.removeEventListener('visibilitychange', seen);
  };
  window.addEventListener('focus', seen);
  document.addEventListener('visibilitychange', seen);
}

export function notifyEnd(card, title) {
  if (read('localStorage', soundKey)) ring();
  if (isInSight()) return;
  markTab(card);
  if (!isPossible() || !isWanted(card.dataset.id)) return;
  try {
    const body = card.querySelector('.export-name')?.textContent ?? '';
    const notification = new Notification(title, { body, tag: card.dataset.id, icon: card.dataset.icon });
    notification.addEventListener('click', () => {
      window.focus();
      notification.close();
    });
  } catch {
    // Android shows notifications of service workers only.
  }
}
