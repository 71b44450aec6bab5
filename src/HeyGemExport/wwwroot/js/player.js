// Plays the videos of the list over it, one after another: by key, by button and by swipe. What is picked here is picked in the list.
import { bytes, fill, number } from './format.js';
import * as picking from './picking.js';
import * as playlist from './playlist.js';
import * as selection from './selection.js';

const dialog = document.getElementById('player');
const part = (name) => dialog.querySelector(`[data-${name}]`);
const stage = dialog && part('stage');
const shortestSwipe = 48;
const controlsHeight = 64;
const speeds = [0.5, 0.75, 1, 1.25, 1.5, 2, 3];
let sound = { volume: 1, muted: false };
let speed = 1;
let item = null;
let video = null;
let stepping = false;

function createVideo() {
  const element = document.createElement('video');
  Object.assign(element, { controls: true, autoplay: true, playsInline: true, defaultPlaybackRate: speed, ...sound });
  element.addEventListener('error', () => element === video && explain());
  // A new source begins with the default.
  element.addEventListener('ratechange', () => { element.defaultPlaybackRate = speed = element.playbackRate; });
  element.addEventListener('volumechange', () => { sound = { volume: element.volume, muted: element.muted }; });
  return element;
}

// Dropping the source ends the transfer; a video that is merely hidden keeps loading.
function letGo() {
  const old = video;
  video = null;
  if (!old) return;
  old.pause();
  old.removeAttribute('src');
  old.load();
  old.remove();
}

function explain() {
  letGo();
  const picture = item.picture && Object.assign(new Image(), { src: item.picture, alt: '', className: 'thumb-picture' });
  stage.replaceChildren(...(picture ? [picture] : []));
  part('note').textContent = dialog.dataset.unplayable;
  part('note').hidden = false;
}

function showPicks() {
  const box = part('pick');
  const byBatch = selection.hasBatch(item.batch);
  box.checked = byBatch || selection.hasPath(item.path);
  box.disabled = byBatch || !item.ready;
  const { count, size } = selection.total();
  part('picked').textContent = selection.isEmpty() ? '' : fill(part('picked').dataset.text, number(count), bytes(size));
}

function show(next) {
  item = next;
  dialog.querySelector('#player-title bdi').textContent = item.name;
  part('place').textContent = fill(part('place').dataset.text, number(item.number), number(playlist.size()));
  part('file').href = item.download;
  part('note').hidden = true;
  part('tags').replaceChildren(...(item.tags ? [document.importNode(item.tags, true)] : []));
  showPicks();
  if (item.playable) {
    // The same element goes on: browsers let it play with sound because the person started it.
    if (!video) {
      video = createVideo();
      stage.replaceChildren(video);
    }
    video.src = item.source;
  } else {
    explain();
  }
}

async function go(by) {
  if (stepping) return;
  stepping = true;
  try {
    const next = await playlist.step(item, by);
    if (next && dialog.open) show(next);
  } catch {
    // The next page cannot be had now; the same key asks again.
  } finally {
    stepping = false;
  }
}

function pick(on) {
  if (part('pick').disabled) return;
  selection.pickPath(item.path, item.batch, item.bytes, on);
  picking.show();
  showPicks();
}

function changeSpeed(by) {
  const at = speeds.findIndex((each) => each >= video.playbackRate - 0.01);
  video.playbackRate = speeds[Math.min(speeds.length - 1, Math.max(0, at + by))];
}

const keys = {
  ArrowDown: () => go(1),
  n: () => go(1),
  ArrowUp: () => go(-1),
  p: () => go(-1),
  Enter: () => {
    pick(true);
    go(1);
  },
  x: () => pick(!part('pick').checked),
  ' ': () => video && (video.paused ? video.play() : video.pause()),
  ArrowLeft: () => video && (video.currentTime -= 5),
  ArrowRight: () => video && (video.currentTime += 5),
  '[': () => video && changeSpeed(-1),
  ']': () => video && changeSpeed(1),
  m: () => video && (video.muted = !video.muted),
};

function press(event) {
  const key = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  // What has the focus keeps the keys that it has for itself.
  const isOwn = event.target.closest('a, button, input') && (event.key === 'Enter' || event.key === ' ');
  if (!key || isOwn || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  event.preventDefault();
  key();
}

// To the left for the next one, to the right for the one before; not along the controls.
function swipe() {
  let from = null;
  stage.addEventListener('touchstart', (event) => {
    const touch = event.touches[0];
    const isOnControls = touch.clientY > stage.getBoundingClientRect().bottom - controlsHeight;
    from = event.touches.length > 1 || isOnControls ? null : { x: touch.clientX, y: touch.clientY };
  }, { passive: true });
  stage.addEventListener('touchend', (event) => {
    const to = event.changedTouches[0];
    const across = from ? to.clientX - from.x : 0;
    if (Math.abs(across) >= shortestSwipe && Math.abs(across) > 2 * Math.abs(to.clientY - from.y)) go(across < 0 ? 1 : -1);
    from = null;
  }, { passive: true });
}

function stop() {
  letGo();
  stage.replaceChildren();
  // Where the person is now, if that is on this page.
  [...document.querySelectorAll('a[data-play]')].find((link) => link.dataset.play === item.source)?.focus();
}

export function start() {
  if (!dialog) return;
  document.addEventListener('click', (event) => {
    const link = event.target.closest('a[data-play]');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    show(playlist.start(link.closest('.row').querySelector('input[name="Paths"]').value));
    dialog.showModal();
  });
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog || event.target.closest('[data-close]')) dialog.close();
    const by = event.target.closest('[data-step]')?.dataset.step;
    if (by) go(Number(by));
  });
  dialog.addEventListener('change', (event) => event.target === part('pick') && pick(event.target.checked));
  // Before the video's own controls, which take the arrows for themselves.
  dialog.addEventListener('keydown', press, true);
  dialog.addEventListener('close', stop);
  swipe();
}
