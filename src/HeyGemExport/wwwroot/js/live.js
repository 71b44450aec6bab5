// Keeps a page up to date: fetches it again and exchanges the parts marked data-live, keeping focus and scroll.
import { enhance } from './page.js';

function focusKey() {
  const element = document.activeElement;
  const part = element?.closest('[data-live]');
  if (!part) return null;
  const all = [...part.querySelectorAll('a[href], button, input, select, summary')];
  const same = (other) => other.tagName === element.tagName && other.name === element.name
    && other.value === element.value && other.getAttribute('href') === element.getAttribute('href');
  return { part: part.id, same, index: all.indexOf(element) };
}

function restoreFocus(key) {
  const part = key && document.getElementById(key.part);
  if (!part || part.contains(document.activeElement)) return;
  const all = [...part.querySelectorAll('a[href], button, input, select, summary')];
  (all.find(key.same) ?? all[Math.min(key.index, all.length - 1)])?.focus({ preventScroll: true });
}

function exchange(part, fresh) {
  enhance(fresh);
  if (part.isEqualNode(fresh)) return;
  const top = part.scrollTop;
  part.replaceWith(fresh);
  fresh.scrollTop = top;
}

// Answers whether the page could be brought up to date; a page of another shape is loaded anew.
export async function refresh(url = location.href) {
  const shown = location.href;
  const response = await fetch(url, { headers: { Accept: 'text/html', 'X-Refresh': '1' }, credentials: 'same-origin' });
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
  restoreFocus(key);
  document.dispatchEvent(new CustomEvent('live:refreshed'));
  return true;
}

// Calls a task again and again while the page can be seen, until it answers false; one call at a time, slower while
// it fails.
export function whileVisible(seconds, task) {
  let failures = 0;
  let timer = 0;
  let running = false;
  let ended = false;
  const next = () => {
    clearTimeout(timer);
    timer = setTimeout(run, seconds * 1000 * Math.min(8, 2 ** failures));
  };
  async function run() {
    if (document.hidden || running || ended) return;
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
  document.addEventListener('visibilitychange', () => document.hidden || run());
  next();
}
