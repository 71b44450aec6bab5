// Keeps a page up to date: fetches it again and exchanges the parts marked data-live that have changed (LiveTagHelper.cs), keeping focus,
// scroll, what is open and what was typed.
import { enhance } from './page.js';

const focusable = 'a[href], button, input, select, textarea, summary';
const hashed = (root) => [...root.querySelectorAll('[data-live]')];

function focusKey() {
  const element = document.activeElement;
  const part = element?.closest('[data-live][id]');
  if (!part) return null;
  const all = [...part.querySelectorAll(focusable)];
  const same = (other) => other.tagName === element.tagName && other.name === element.name && other.value === element.value
    && ['href', 'aria-label', 'class'].every((name) => other.getAttribute(name) === element.getAttribute(name));
  return { part: part.id, element, same, index: all.indexOf(element), caret: element.selectionStart };
}

function restoreFocus(key) {
  const part = key && document.getElementById(key.part);
  if (!part || part.contains(document.activeElement)) return;
  const all = [...part.querySelectorAll(focusable)];
  const target = part.contains(key.element) ? key.element : all.find(key.same) ?? all[Math.min(key.index, all.length - 1)];
  target?.focus({ preventScroll: true });
  if (Number.isInteger(key.caret)) target?.setSelectionRange?.(key.caret, key.caret);
}

// What a person has opened or typed, by a name that it has in both.
function states(root, kept) {
  const found = new Map();
  for (const element of root.querySelectorAll('details, input:is([type="text"], [type="password"], [type="number"]), textarea')) {
    if (kept?.has(element.closest('[data-live]'))) continue;
    const name = element.name || element.className || element.querySelector('summary')?.textContent.replace(/\d/g, '');
    let key = `${element.tagName} ${name}`;
    while (found.has(key)) key += '+';
    found.set(key, element);
  }
  return found;
}

function keepState(part, fresh, kept) {
  const before = states(part, kept);
  for (const [key, element] of states(fresh)) {
    const old = before.get(key);
    if (!old) continue;
    if (element.tagName === 'DETAILS') element.open = old.open;
    else if (old.value !== old.defaultValue) element.value = old.value;
  }
}

// Rows that have not changed came empty: each with the old one.
function unchangedRows(part, fresh) {
  const old = new Map();
  for (const row of hashed(part)) old.set(row.dataset.live, [...(old.get(row.dataset.live) ?? []), row]);
  return hashed(fresh).map((row) => [row, old.get(row.dataset.live)?.shift()]).filter(([, known]) => known);
}

function exchange(part, fresh) {
  if (part.dataset.live === fresh.dataset.live) return;
  enhance(fresh);
  const rows = unchangedRows(part, fresh);
  keepState(part, fresh, new Set(rows.map(([, old]) => old)));
  for (const [row, old] of rows) row.replaceWith(old);
  const top = part.scrollTop;
  part.replaceWith(fresh);
  fresh.scrollTop = top;
}

// Answers whether the page could be brought up to date; a page of another shape is loaded anew.
export async function refresh(url = location.href) {
  const shown = location.href;
  const known = hashed(document).map((part) => part.dataset.live).slice(0, 600).join();
  const response = await fetch(url, {
    headers: { Accept: 'text/html', 'X-Refresh': '1', 'X-Live': known }, credentials: 'same-origin', cache: 'no-store',
  });
  if (!response.ok) return false;
  const html = await response.text();
  // Meanwhile the person may have asked for something else.
  if (location.href !== shown) return false;
  const fresh = new DOMParser().parseFromString(html, 'text/html');
  const parts = [...document.querySelectorAll('[data-live][id]')];
  const shape = (root) => [...root.querySelectorAll('[data-live][id]')].map((part) => part.id).join();
  if (shape(fresh) !== shape(document)) {
    location.reload();
    return true;
  }

  const key = focusKey();
  for (const part of parts) exchange(part, document.adoptNode(fresh.getElementById(part.id)));
  document.dispatchEvent(new CustomEvent('live:refreshed'));
  restoreFocus(key);
  return true;
}

// Calls a task again and again, until it answers false; one call at a time, and slower while it fails. While the page cannot be seen it
// pauses, or takes its time where hiddenSeconds is given.
export function poll(seconds, task, hiddenSeconds = 0) {
  let failures = 0;
  let timer = 0;
  let running = false;
  let ended = false;
  const next = () => {
    clearTimeout(timer);
    const pause = document.hidden ? hiddenSeconds : seconds;
    if (pause > 0) timer = setTimeout(run, pause * 1000 * Math.min(8, 2 ** failures));
  };
  async function run() {
    if (running || ended) return;
    running = true;
    try {
      ended = await task() === false;
      failures = 0;
    } catch {
      failures++;
    } finally {
      running = false;
    }
    if (!ended) next();
  }
  document.addEventListener('visibilitychange', () => (document.hidden ? next() : run()));
  next();
}
