// Ties the check boxes and the pack bar to the selection.
import * as beyond from './beyond.js';
import { bytes, fill, number } from './format.js';
import * as selection from './selection.js';

const batchBoxes = () => [...document.querySelectorAll('input[name="Batches"][form="pack"]')];
const videoBoxes = () => [...document.querySelectorAll('input[name="Paths"][form="pack"]')];
const isReady = (box) => !box.disabled || box.dataset.byBatch === 'true';

export function show() {
  for (const box of batchBoxes()) {
    box.checked = selection.hasBatch(box.value);
    if (box.checked) selection.pickBatch(box.value, Number(box.dataset.count), Number(box.dataset.bytes), true);
  }
  for (const box of videoBoxes()) showVideo(box);
  showPage();
  showBar();
}

function showVideo(box) {
  if (!isReady(box)) {
    selection.pickPath(box.value, '', 0, false);
    return;
  }
  const byBatch = selection.hasBatch(box.dataset.batch);
  box.dataset.byBatch = byBatch;
  box.disabled = byBatch;
  box.checked = byBatch || selection.hasPath(box.value);
}

function showPage() {
  const page = document.getElementById('pick-page');
  if (!page) return;
  const ready = videoBoxes().filter(isReady);
  const picked = ready.filter((box) => box.checked).length;
  page.disabled = ready.length === 0;
  page.checked = picked > 0 && picked === ready.length;
  page.indeterminate = picked > 0 && picked < ready.length;
}

function showBar() {
  const picked = document.querySelector('[data-pack-picked]');
  if (!picked) return;
  const { count, size } = selection.total();
  const none = selection.isEmpty();
  picked.textContent = fill(picked.dataset.text, number(count), bytes(size));
  picked.hidden = none;
  document.querySelector('[data-pack-clear]').hidden = none;
  document.querySelector('[data-pack-all]').hidden = !none;
  beyond.show(videoBoxes().filter(isReady));
}

// What the form sends: what is picked on this page and on others, or nothing, which means all that is shown.
export function packData(form, button = null) {
  const data = new FormData(form, button);
  data.delete('Paths');
  data.delete('Batches');
  for (const [path] of selection.pickedPaths()) data.append('Paths', path);
  for (const [batch] of selection.pickedBatches()) data.append('Batches', batch);
  return data;
}

export function clear() {
  selection.clear();
  show();
}

function changed(event) {
  const box = event.target;
  if (box.id === 'pick-page') {
    for (const video of videoBoxes().filter((other) => isReady(other) && !other.disabled)) {
      selection.pickPath(video.value, video.dataset.batch, Number(video.dataset.bytes), box.checked);
    }
  } else if (box.name === 'Paths') {
    selection.pickPath(box.value, box.dataset.batch, Number(box.dataset.bytes), box.checked);
  } else if (box.name === 'Batches') {
    selection.pickBatch(box.value, Number(box.dataset.count), Number(box.dataset.bytes), box.checked);
  } else {
    return;
  }
  show();
}

export function start() {
  document.addEventListener('change', changed);
  document.addEventListener('click', (event) => {
    if (event.target.closest('[data-pack-clear]')) clear();
    else if (beyond.drop(event.target, videoBoxes().filter(isReady))) show();
  });
  document.addEventListener('live:refreshed', show);
  // A page from the back-forward cache shows the boxes as they were left.
  window.addEventListener('pageshow', show);
  // What was ticked before this script ran is a pick, too; browsers restore no ticks in a form without autocompletion.
  for (const box of [...batchBoxes(), ...videoBoxes()].filter((early) => early.checked)) changed({ target: box });
  show();
}
