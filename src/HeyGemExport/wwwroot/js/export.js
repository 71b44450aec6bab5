// Follows one export, and starts the download of an archive that was just confirmed, or became ready before the person's eyes; once.
import './copy.js';
import { announce } from './page.js';
import { bytes, estimate, fill, number } from './format.js';
import { poll, refresh } from './live.js';
import { notifyEnd, offerNotification } from './notify.js';

const card = () => document.getElementById('export');
const downloadedKey = `heygem.downloaded.${card().dataset.id}`;
const wasRunning = card().dataset.ended === 'false';
const confirmed = location.hash === '#confirmed';
const armed = confirmed || wasRunning;
let told = -1;

function set(field, text) {
  const element = card().querySelector(`[data-field="${field}"]`);
  if (element && element.textContent !== text) element.textContent = text;
}

function showFigures(figures) {
  const done = figures.state === 'verifying' ? figures.verifiedBytes : figures.doneBytes;
  const texts = card().dataset;
  set('files', fill(texts.files, number(figures.doneFiles), number(figures.fileCount)));
  set('bytes', fill(texts.bytes, bytes(done), bytes(figures.totalBytes)));
  set('speed', figures.bytesPerSecond > 0 ? fill(texts.speed, bytes(figures.bytesPerSecond)) : '–');
  set('left', figures.etaSeconds > 0 ? fill(texts.about, estimate(figures.etaSeconds, texts)) : '–');

  // The same figure as Pages/Exports/OverallProgress.cs.
  if (figures.state === 'queued' || !(figures.totalBytes > 0)) return;

  const percent = Math.min(100, Math.floor((100 * (2 * figures.doneBytes + figures.verifiedBytes)) / (3 * figures.totalBytes)));
  set('percent', `${percent}%`);
  const bar = card().querySelector('[data-progress]');
  if (bar) bar.value = percent;
  document.title = `${fill(texts.title, percent)} · ${texts.product}`;
  if (percent - told >= 10) {
    told = percent - (percent % 10);
    announce(fill(texts.title, percent));
  }
}

function download() {
  const link = card().querySelector('[data-download]');
  if (!link || !armed || card().dataset.state !== 'ready' || card().dataset.leaves === 'true') return;
  try {
    if (sessionStorage.getItem(downloadedKey)) return;
    sessionStorage.setItem(downloadedKey, '1');
  } catch {
    return;
  }
  card().querySelector('[data-started]').hidden = false;
  link.click();
}

// One after another: browsers drop downloads that begin at the same moment.
async function downloadAll() {
  for (const part of [...card().querySelectorAll('[data-part]')]) {
    part.click();
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

document.addEventListener('click', (event) => {
  if (event.target.closest('[data-download-all]')) downloadAll();
});

async function showState() {
  if (!await refresh()) throw new Error('The page could not be brought up to date.');
  document.title = document.title.replace(/^[^·]*·/, `${card().querySelector('h1').textContent} ·`);
  announce(card().querySelector('h1').textContent);
  offerNotification(card());
  if (['ready', 'failed'].includes(card().dataset.state)) notifyEnd(card(), card().querySelector('h1').textContent);
  download();
}

const hasEnded = (figures) => ['ready', 'failed', 'cancelled', 'expired'].includes(figures.state);

// The sums of archives come some time after they are ready.
const isSettled = (figures) => hasEnded(figures) && (figures.state !== 'ready' || figures.parts.every((part) => part.sha256));

function showSums(parts) {
  for (const part of parts.filter((known) => known.sha256)) {
    const code = card().querySelector(`[data-sum="${part.number}"]`);
    if (!code || code.textContent) continue;
    code.textContent = part.sha256;
    card().querySelector(`[data-summing="${part.number}"]`)?.remove();
    card().querySelector(`[data-copy="${code.id}"]`).hidden = false;
  }
  const check = card().querySelector('[data-verify]');
  if (check) check.hash = parts.map((part) => part.sha256).join(',');
}

async function take(figures) {
  const known = card().dataset;
  const moved = figures.state !== known.state || String(Boolean(figures.overSoftLimit)) !== known.slow;
  if (moved) await showState();
  if (hasEnded(figures)) showSums(figures.parts);
  else showFigures(figures);
}

// Not by server-sent events: over HTTP/1.1 a browser has six connections to a server, and six open pages would take them all. In the
// background as well, so that the download starts and the person is told.
async function follow() {
  const response = await fetch(card().dataset.api, { headers: { Accept: 'application/json', 'X-Refresh': '1' } });
  if (!response.ok) throw new Error(String(response.status));
  const figures = await response.json();
  await take(figures);
  return !isSettled(figures);
}

if (confirmed) history.replaceState(history.state, '', location.pathname + location.search);
offerNotification(card());
if (card().dataset.settled === 'false') poll(1, follow, 5);
if (!wasRunning) download();
