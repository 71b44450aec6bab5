// Files as people give them: chosen, chosen as a folder, or dropped. Gives [{ path, file }], path with '/'.
export const fromInput = (input) => [...input.files].map((file) => ({ path: file.webkitRelativePath || file.name, file }));

const fileOf = (entry) => new Promise((resolve, reject) => entry.file(resolve, reject));

async function* filesBelow(entry) {
  if (entry.isFile) {
    yield { path: entry.fullPath.replace(/^\//, ''), file: await fileOf(entry) };
    return;
  }
  const reader = entry.createReader();
  // A folder gives its content in portions, until one is empty.
  for (;;) {
    const portion = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (portion.length === 0) return;
    for (const child of portion) yield* filesBelow(child);
  }
}

// The entries must be taken at once: the transfer is empty after the event.
export async function fromDrop(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (entries.length === 0) return [...transfer.files].map((file) => ({ path: file.name, file }));
  const found = [];
  for (const entry of entries) {
    for await (const file of filesBelow(entry)) found.push(file);
  }
  return found;
}
