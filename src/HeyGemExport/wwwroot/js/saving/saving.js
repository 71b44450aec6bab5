// Saves the videos of the confirm card into a folder, without an archive: where the browser can write into folders.
import { bytes, fill, number } from '../format.js';
import { Pool } from '../verify/pool.js';

const atOnce = 3;
let pool = null;
let run = null;

export const isRunning = () => run?.running === true;

export function offer(card) {
  const isPossible = window.isSecureContext && 'showDirectoryPicker' in window;
  for (const part of card.querySelectorAll('[data-save-offer]')) part.hidden = !isPossible;
}

export function stop() {
  if (!isRunning()) return;
  run.cancelled = true;
  pool.cancel();
}

const part = (name) => run.card.querySelector(`[data-saving-${name}]`);
const word = (key, ...values) => fill(run.card.querySelector('[data-saving]').dataset[key], ...values);

const holdOn = (event) => event.preventDefault();

function show(name, text) {
  part(name).textContent = text;
}

function advance(by) {
  run.done += by;
  const percent = run.total > 0 ? Math.min(100, Math.floor((100 * run.done) / run.total)) : 100;
  part('bar').value = percent;
  show('figures', word('figures', number(run.ended), number(run.files.length), bytes(Math.min(run.done, run.total)), bytes(run.total)));
}

function complain(file, code) {
  const item = document.createElement('li');
  const name = document.createElement('bdi');
  name.textContent = file.name;
  item.append(name, ` · ${run.card.querySelector('[data-saving]').dataset[`fault${code}`] ?? code}`);
  part('issues').append(item);
}

async function saveOne(file) {
  if (run.cancelled) return;
  try {
    const href = new URL(file.href, location.href).href;
    file.state = await pool.run('save', { root: run.root, name: file.name, bytes: file.bytes, href });
  } catch (fault) {
    if (fault.code === 'Cancelled') return;
    file.state = 'failed';
    complain(file, fault.code);
  }
  run.ended++;
  advance(0);
}

const count = (...states) => run.files.filter((file) => states.includes(file.state)).length;

function conclude() {
  const [saved, present, failed] = [count('saved', 'resumed'), count('present'), count('failed')];
  const left = run.files.length - saved - present - failed;
  const isWhole = failed + left === 0;
  const key = isWhole ? 'whole' : run.cancelled ? 'stopped' : 'incomplete';
  show('title', word(isWhole ? 'titleWhole' : 'titleEnded'));
  show('outcome', word(key, number(saved), number(present), number(failed + left), run.root.name));
  part('outcome').className = `notice ${isWhole ? 'notice-good' : 'notice-warn'}`;
  part('outcome').hidden = false;
  part('again').hidden = isWhole;
  part('stop').hidden = true;
  part('close').hidden = false;
  part('title').focus({ preventScroll: true });
}

// Also goes on with what a run before left.
async function work() {
  run.running = true;
  run.cancelled = false;
  run.files.filter((file) => file.state === 'failed').forEach((file) => { file.state = ''; });
  const open = run.files.filter((file) => !file.state);
  run.ended = run.files.length - open.length;
  run.total = run.files.reduce((sum, file) => sum + file.bytes, 0);
  run.done = run.total - open.reduce((sum, file) => sum + file.bytes, 0);
  part('issues').replaceChildren();
  part('outcome').hidden = true;
  part('again').hidden = true;
  part('close').hidden = true;
  part('stop').hidden = false;
  show('title', word('title', run.root.name));
  pool.onAdvance = advance;
  advance(0);
  part('stop').focus({ preventScroll: true });
  addEventListener('beforeunload', holdOn);
  try {
    await Promise.all(open.map(saveOne));
  } finally {
    removeEventListener('beforeunload', holdOn);
    run.running = false;
  }
  conclude();
}

async function list(form, url) {
  const response = await fetch(url, { method: 'POST', body: new URLSearchParams(new FormData(form)), headers: { 'X-Refresh': '1' } });
  if (!response.ok) throw new Error(String(response.status));
  return response.json();
}

async function begin(button) {
  const card = button.closest('#confirm');
  let root;
  try {
    root = await window.showDirectoryPicker({ id: 'heygem', mode: 'readwrite', startIn: 'downloads' });
  } catch {
    return; // nothing chosen, or a folder that the browser keeps to itself
  }
  card.classList.add('is-saving');
  card.querySelector('[data-saving]').hidden = false;
  run = { card, root, files: [], total: 0, done: 0, ended: 0 };
  try {
    pool ??= new Pool(new URL('./worker.js', import.meta.url), atOnce);
    run.files = await list(card.querySelector('#confirm-form'), button.dataset.url);
    await pool.ready;
    await work();
  } catch {
    show('title', word('titleEnded'));
    show('outcome', word('failed'));
    part('outcome').className = 'notice notice-bad';
    part('outcome').hidden = false;
    part('stop').hidden = true;
    part('close').hidden = false;
  }
}

export function start() {
  document.addEventListener('click', (event) => {
    const button = event.target.closest('[data-save], [data-saving-stop], [data-saving-again]');
    if (!button) return;
    if (button.matches('[data-save]')) begin(button);
    else if (button.matches('[data-saving-stop]')) stop();
    else work();
  });
}
