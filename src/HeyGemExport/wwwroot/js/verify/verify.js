// The page where whoever received a delivery checks it. Everything that it needs is loaded with it: from then on it makes
// no request, and works without a network.
import { announce } from '../page.js';
import { bytes } from '../format.js';
import { sort } from './delivery.js';
import { hashesIn } from './lists.js';
import { Pool } from './pool.js';
import { showReport, word } from './report.js';
import { fromDrop, fromInput } from './sources.js';
import { compare, judge } from './verdict.js';
import { isZip } from './zip.js';

const page = document.getElementById('verify');
const part = (name) => page.querySelector(`[data-part="${name}"]`);
const published = document.getElementById('published');
// Started with the page: a new one would have to be fetched, and the network may be gone by then.
const pool = new Pool(new URL('./worker.js', import.meta.url), Math.min(4, Math.max(2, navigator.hardwareConcurrency ?? 2)));
let last = null;
let isChecking = false;
const reading = part('progress').querySelector('[data-bytes]').textContent;

// One part is seen at a time: choose, progress, result.
function show(name) {
  for (const other of ['choose', 'progress', 'result']) part(other).hidden = other !== name;
}

function follow(total) {
  let done = 0;
  let told = 0;
  const bar = part('progress').querySelector('progress');
  const percentage = part('progress').querySelector('[data-percent]');
  const figures = part('progress').querySelector('[data-bytes]');
  bar.removeAttribute('value');
  percentage.textContent = '';
  figures.textContent = reading;
  pool.onAdvance = (read) => {
    done = Math.min(total, done + read);
    const percent = total > 0 ? Math.floor((100 * done) / total) : 100;
    bar.value = percent;
    percentage.textContent = `${percent}%`;
    figures.textContent = word('Progress', bytes(done), bytes(total));
    if (percent - told >= 25) {
      told = percent;
      announce(word('Checking', percent));
    }
  };
}

async function measure(item) {
  try {
    item.found = await pool.run(item.header ? 'entry' : 'digest', item.task);
  } catch (fault) {
    if (fault.code === 'Cancelled') throw fault;
    item.found = { fault: fault.code };
  }
}

async function measureArchive(unit) {
  try {
    unit.sha256 = (await pool.run('digest', { blob: unit.file })).sha256;
  } catch (fault) {
    if (fault.code === 'Cancelled') throw fault;
    unit.faults.push({ name: unit.label, code: fault.code });
  }
}

async function measureAll(units) {
  const archives = units.filter((unit) => unit.file);
  const items = units.flatMap((unit) => unit.items);
  follow(archives.reduce((sum, unit) => sum + unit.file.size, 0) + items.reduce((sum, item) => sum + item.bytes, 0));
  // The whole archives take longest and go first, so that the workers end together.
  await Promise.all([...archives.map(measureArchive), ...items.map(measure)]);
}

// The same archive twice, as browsers leave it after a second download, is one.
const distinct = (units) => units.filter((unit, i) => !unit.sha256 || units.findIndex((other) => other.sha256 === unit.sha256) === i);

async function examine(sources) {
  await pool.ready;
  const { units, ignored, unknown } = await sort(sources, pool, isZip);
  if (units.length === 0) return null;
  await measureAll(units);
  const kept = distinct(units);
  const named = (paths) => paths.map((name) => ({ name }));
  return { units: kept, findings: { ...compare(kept), ignored: named(ignored), unknown: named(unknown) } };
}

function showResult() {
  if (!last) return;
  announce(showReport(part('result'), judge(last.findings, last.units, hashesIn(published.value)), last.findings));
}

function refuse(key) {
  part('refusal').hidden = false;
  part('refusal').textContent = word(key);
  announce(word(key));
}

function chooseAgain() {
  show('choose');
  page.querySelector('input[type="file"]').focus();
}

async function check(taking) {
  if (isChecking) return;
  isChecking = true;
  last = null;
  part('refusal').hidden = true;
  show('progress');
  follow(0);
  part('progress').querySelector('button').focus();
  try {
    const sources = await taking;
    last = sources.length === 0 ? null : await examine(sources);
    if (last) {
      showResult();
      show('result');
      part('result').querySelector('h2').focus();
    } else {
      chooseAgain();
      refuse('NoList');
    }
  } catch (fault) {
    pool.cancel();
    chooseAgain();
    refuse(fault.code === 'Cancelled' ? 'Cancelled' : 'Failed');
  } finally {
    isChecking = false;
  }
}

for (const input of page.querySelectorAll('input[type="file"]')) {
  input.addEventListener('change', () => {
    const sources = fromInput(input);
    input.value = ''; // choosing the same again shall check again
    if (sources.length > 0) check(sources);
  });
}

const bringsFiles = (event) => event.dataTransfer?.types.includes('Files');

// A file that misses the field would otherwise replace the page: the whole page takes it.
document.addEventListener('dragover', (event) => {
  if (!bringsFiles(event)) return;
  event.preventDefault();
  page.classList.add('dragging');
});
document.addEventListener('dragleave', (event) => event.relatedTarget || page.classList.remove('dragging'));
document.addEventListener('drop', (event) => {
  page.classList.remove('dragging');
  if (!bringsFiles(event)) return;
  event.preventDefault();
  if (!isChecking) check(fromDrop(event.dataTransfer));
});

part('progress').querySelector('button').addEventListener('click', () => pool.cancel());
part('result').querySelector('button').addEventListener('click', chooseAgain);
published.addEventListener('input', showResult);

// The export's page hands its hash over behind the #, which never leaves the browser.
published.value = hashesIn(location.hash).join('\n') || published.value;
pool.ready.then(() => page.setAttribute('data-ready', ''), () => refuse('Unsupported'));
