// What is picked and not in the list that is shown, as after a search: says how many, lists them, and drops them.
import { fill, number } from './format.js';
import * as selection from './selection.js';

const maxListed = 200;

// As UnsafeText.cs: characters that hide, or that turn the text around.
const visible = (text) => text.replace(/[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '\uFFFD');

// A picked batch counts with those of its videos that the list does not show.
function find(shown) {
  const paths = new Set(shown.map((box) => box.value));
  const batches = selection.pickedBatches()
    .map(([name, batch]) => ({ name, count: batch.count - shown.filter((box) => box.dataset.batch === name).length }))
    .filter((batch) => batch.count > 0);
  const videos = selection.pickedPaths()
    .filter(([path, video]) => !paths.has(path) && !selection.hasBatch(video.batch))
    .map(([path]) => path);
  return { batches, videos, count: batches.reduce((sum, batch) => sum + batch.count, videos.length) };
}

function entry(text, field, value, drop) {
  const item = document.createElement('li');
  const name = document.createElement('bdi');
  name.textContent = text;
  const button = Object.assign(document.createElement('button'), { type: 'button', className: 'tag-remove', textContent: '×' });
  button.dataset[field] = value;
  button.setAttribute('aria-label', fill(drop, text));
  item.append(name, button);
  return item;
}

export function show(shown) {
  const part = document.querySelector('[data-pack-beyond]');
  if (!part) return;
  const { batches, videos, count } = find(shown);
  part.hidden = count === 0;
  if (count === 0) part.open = false;
  const summary = part.querySelector('summary');
  summary.textContent = fill(summary.dataset.text, number(count));
  const list = part.querySelector('ul');
  const nameOf = (batch) => (batch === '.' ? list.dataset.ungrouped : visible(batch));
  const { drop: dropText, batch: batchText } = list.dataset;
  const entries = [
    ...batches.map(({ name, count: of }) => entry(fill(batchText, nameOf(name), number(of)), 'dropBatch', name, dropText)),
    ...videos.slice(0, maxListed).map((path) => entry(visible(path), 'dropPath', path, dropText)),
  ];
  if (videos.length > maxListed) {
    entries.push(Object.assign(document.createElement('li'), { textContent: fill(list.dataset.more, number(videos.length - maxListed)) }));
  }
  list.replaceChildren(...entries);
}

// Of a batch, what the list shows stays picked.
function dropBatch(name, shown) {
  selection.pickBatch(name, 0, 0, false);
  for (const box of shown) {
    if (box.dataset.batch === name) selection.pickPath(box.value, name, Number(box.dataset.bytes), true);
  }
}

// Answers whether the click dropped something; the focus stays in the list, or goes to the pack button.
export function drop(target, shown) {
  const button = target.closest('[data-pack-drop], [data-drop-batch], [data-drop-path]');
  if (!button) return false;
  const index = [...document.querySelectorAll('[data-pack-beyond] li button')].indexOf(button);
  if ('dropBatch' in button.dataset) {
    dropBatch(button.dataset.dropBatch, shown);
  } else if ('dropPath' in button.dataset) {
    selection.pickPath(button.dataset.dropPath, '', 0, false);
  } else {
    const { batches, videos } = find(shown);
    for (const batch of batches) dropBatch(batch.name, shown);
    for (const path of videos) selection.pickPath(path, '', 0, false);
  }
  queueMicrotask(() => {
    const others = [...document.querySelectorAll('[data-pack-beyond]:not([hidden]) li button')];
    (others[Math.min(Math.max(index, 0), others.length - 1)] ?? document.querySelector('.button-pack')).focus();
  });
  return true;
}
