// Runs tasks one at a time. Messages in: { id, kind, … } or { cancel: true }; out: { ready }, { advanced }, { id, result } or
// { id, fault }.
import { tasks } from './checks.js';

const reportEveryMilliseconds = 100;
let abort = new AbortController();

function progress() {
  let pending = 0;
  let last = performance.now();
  const flush = () => {
    if (pending > 0) postMessage({ advanced: pending });
    pending = 0;
    last = performance.now();
  };
  const advance = (bytes) => {
    pending += bytes;
    if (performance.now() - last > reportEveryMilliseconds) flush();
  };
  return { advance, flush };
}

addEventListener('message', async ({ data }) => {
  if (data.cancel) {
    abort.abort();
    abort = new AbortController();
    return;
  }
  const { advance, flush } = progress();
  try {
    const result = await tasks[data.kind](data, advance, abort.signal);
    flush();
    postMessage({ id: data.id, result });
  } catch (fault) {
    // A file that was moved, changed or taken away since it was chosen cannot be read any more.
    postMessage({ id: data.id, fault: fault.code && typeof fault.code === 'string' ? fault.code : fault.name === 'AbortError' ? 'Cancelled' : 'FileUnreadable' });
  }
});

postMessage({ ready: true });
