// The library page: picks, previews, the confirm card, filters that apply themselves, and a list that stays fresh.
import './page.js';
import * as confirm from './confirm.js';
import { refresh, poll } from './live.js';
import * as picking from './picking.js';
import * as player from './player.js';
import * as ranges from './ranges.js';
import * as saving from './saving/saving.js';
import * as searching from './searching.js';
import * as tags from './tags.js';
import * as thumbs from './thumbs.js';
import { tellZone } from './zone.js';

const dialog = document.getElementById('confirm-dialog');
const packForm = document.getElementById('pack');
let busy = false;

// A file of its own: the picks of other pages go with the form as it is sent.
function sendPlain(form) {
  for (const old of form.querySelectorAll('[data-sent-pick]')) old.remove();
  for (const box of document.querySelectorAll('input[form="pack"][name="Paths"], input[form="pack"][name="Batches"]')) box.checked = false;
  for (const [name, value] of picking.packData(form)) {
    if (name !== 'Paths' && name !== 'Batches') continue;
    const field = Object.assign(document.createElement('input'), { type: 'hidden', name, value });
    field.dataset.sentPick = '';
    form.append(field);
  }
  setTimeout(() => {
    for (const sent of form.querySelectorAll('[data-sent-pick]')) sent.remove();
    picking.show();
  });
}

async function pack(event) {
  if (tags.take(event, packForm)) return;
  if (event.submitter?.hasAttribute('data-plain')) {
    sendPlain(packForm);
    return;
  }
  event.preventDefault();
  if (busy) return;
  busy = true;
  try {
    await confirm.open(dialog, packForm.action, picking.packData(packForm, event.submitter));
  } finally {
    busy = false;
  }
}

function filterBatches(event) {
  const words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const batch of document.querySelectorAll('.batch[data-name]')) {
    const name = batch.dataset.name.toLowerCase();
    batch.hidden = !words.every((word) => name.includes(word));
  }
}

async function follow() {
  if (dialog.open || document.getElementById('player').open) return;
  const version = document.getElementById('summary').dataset.version;
  const response = await fetch('?handler=Version', { headers: { Accept: 'text/plain', 'X-Refresh': '1' } });
  if (response.ok && await response.text() !== version) await refresh();
}

picking.start();
ranges.start();
player.start();
thumbs.start();
saving.start();
confirm.start(dialog, (card) => {
  thumbs.observe();
  saving.offer(card);
}, saving.isRunning);
dialog.addEventListener('close', saving.stop);
packForm?.addEventListener('submit', pack);
dialog.addEventListener('submit', (event) => {
  // What was sent to be packed is no longer a pick.
  if (event.target.id === 'confirm-form' && !event.defaultPrevented) picking.clear();
});

const filters = document.getElementById('filters');
filters?.addEventListener('change', (event) => event.target.matches('select, [type="date"]') && filters.requestSubmit());
if (filters) {
  searching.start(filters);
  // What was chosen before this script ran; browsers restore nothing in a form without autocompletion.
  const isChosen = (select) => !select.selectedOptions[0].defaultSelected
    && (select.selectedIndex > 0 || [...select.options].some((option) => option.defaultSelected));
  const isEntered = (day) => day.value !== day.defaultValue;
  if ([...filters.querySelectorAll('select')].some(isChosen) || [...filters.querySelectorAll('[type="date"]')].some(isEntered)) {
    filters.requestSubmit();
  }
}
if (tellZone() && new URLSearchParams(location.search).has('days')) refresh();

const batchSearch = document.getElementById('batch-search');
batchSearch?.addEventListener('input', filterBatches);
document.addEventListener('live:refreshed', () => batchSearch && filterBatches({ target: batchSearch }));

poll(5, follow);
