// What the person picked: videos and whole batches. Lives in the session, so that it survives paging and searching.
const storageKey = 'heygem.selection';

function load() {
  try {
    const saved = JSON.parse(sessionStorage.getItem(storageKey)) ?? {};
    return { paths: new Map(saved.paths ?? []), batches: new Map(saved.batches ?? []) };
  } catch {
    return { paths: new Map(), batches: new Map() };
  }
}

const { paths, batches } = load();

function save() {
  try {
    sessionStorage.setItem(storageKey, JSON.stringify({ paths: [...paths], batches: [...batches] }));
  } catch {
    // A full or forbidden storage costs the memory of the selection, not the selection on this page.
  }
}

export const hasPath = (path) => paths.has(path);
export const hasBatch = (name) => batches.has(name);
export const isEmpty = () => paths.size === 0 && batches.size === 0;
export const pickedPaths = () => [...paths];
export const pickedBatches = () => [...batches];

export function pickPath(path, batch, size, on) {
  if (on) paths.set(path, { batch, size });
  else paths.delete(path);
  save();
}

// Many at once, which are saved once.
export function pickPaths(videos, on) {
  for (const { path, batch, bytes } of videos) {
    if (on) paths.set(path, { batch, size: bytes });
    else paths.delete(path);
  }
  save();
}

export function pickBatch(name, count, size, on) {
  if (on) batches.set(name, { count, size });
  else batches.delete(name);
  save();
}

export function clear() {
  paths.clear();
  batches.clear();
  save();
}

// A video of a picked batch counts once.
export function total() {
  let count = 0;
  let size = 0;
  for (const batch of batches.values()) {
    count += batch.count;
    size += batch.size;
  }
  for (const video of paths.values()) {
    if (batches.has(video.batch)) continue;
    count++;
    size += video.size;
  }
  return { count, size };
}
