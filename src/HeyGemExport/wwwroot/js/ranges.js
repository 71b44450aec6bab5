// Picking many at once: a click on the row, Shift for a range, Ctrl+A for the page, a button for everything that matches.
import { announce } from './page.js';
import * as picking from './picking.js';
import * as selection from './selection.js';

let anchor = null;
let isShift = false;

const boxes = () => [...document.querySelectorAll('.row input[name="Paths"]')];
const pickable = (box) => !box.disabled && !selection.hasBatch(box.dataset.batch);
const videoOf = (box) => ({ path: box.value, batch: box.dataset.batch, bytes: Number(box.dataset.bytes) });

// Before the change of the box itself is taken.
function clicked(box) {
  const all = boxes();
  const [from, to] = [all.findIndex((other) => other.value === anchor), all.indexOf(box)].sort((one, other) => one - other);
  if (isShift && from >= 0) selection.pickPaths(all.slice(from, to + 1).filter(pickable).map(videoOf), box.checked);
  anchor = box.value;
}

function clickedRow(event) {
  const row = event.target.closest('.row');
  const box = row?.querySelector('input[name="Paths"]');
  if (!box || event.target.closest('a, button, input, label, summary') || (!isShift && !getSelection().isCollapsed)) return;
  box.click();
}

function pickPage() {
  selection.pickPaths(boxes().filter(pickable).map(videoOf), true);
  picking.show();
}

async function pickMatching() {
  const address = new URL(location.href);
  address.searchParams.set('handler', 'Matching');
  const response = await fetch(address, { headers: { Accept: 'application/json' }, credentials: 'same-origin' });
  if (!response.ok) return;
  selection.pickPaths((await response.json()).filter((video) => !selection.hasBatch(video.batch)), true);
  picking.show();
  offerMatching();
  announce(document.querySelector('[data-pack-picked]').textContent);
}

// Offered as soon as the whole page is picked and there is more on others.
function offerMatching() {
  const button = document.querySelector('[data-pick-matching]');
  if (!button) return;
  const ready = boxes().filter((box) => !box.disabled || box.dataset.byBatch === 'true');
  const count = Number(button.dataset.count);
  button.hidden = ready.length === 0 || ready.length >= count || !ready.every((box) => box.checked) || selection.total().count >= count;
}

function press(event) {
  isShift = event.shiftKey;
  if (event.key.toLowerCase() !== 'a' || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
  if (event.target.closest('input:not([type="checkbox"]), textarea, select, dialog') || document.querySelector('dialog[open]')) return;
  event.preventDefault();
  pickPage();
  offerMatching();
  announce(document.querySelector('[data-pack-picked]').textContent);
}

export function start() {
  document.addEventListener('keydown', press);
  document.addEventListener('pointerdown', (event) => { isShift = event.shiftKey; });
  // A range of text is not what Shift is for here.
  document.addEventListener('mousedown', (event) => event.shiftKey && event.target.closest('.row') && event.preventDefault());
  document.addEventListener('click', (event) => {
    if (event.target.matches('.row input[name="Paths"]')) clicked(event.target);
    else if (event.target.closest('[data-pick-matching]')) pickMatching();
    else clickedRow(event);
  });
  // After the picks themselves have been taken.
  for (const event of ['change', 'click', 'live:refreshed']) document.addEventListener(event, () => setTimeout(offerMatching));
  offerMatching();
}
