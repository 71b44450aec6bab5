// What a worker of a pool does: runs tasks one at a time. Messages in: { id, kind, … } or { cancel: true }; out: { ready }, { advanced },
// { id, result } or { id, fault }.
const reportEveryMilliseconds = 100;
let abort = new AbortController();

function progress() {
  let pending = 0;
  let last = performance.now();
  const flush = () => {
    if (pending !== 0) postMessage({ advanced: pending });
    pending = 0;
    last = performance.now();
  };
  const advance = (bytes) => {
    pending += bytes;
    if (performance.now() - last > reportEveryMilliseconds) flush();
  };
  return { advance, flush };
}

// otherwise: the code of a fault that has none of its own.
export function serve(tasks, otherwise) {
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
      flush();
      const code = fault.name === 'AbortError' ? 'Cancelled' : otherwise;
      postMessage({ id: data.id, fault: typeof fault.code === 'string' ? fault.code : code });
    }
  });
  postMessage({ ready: true });
}
