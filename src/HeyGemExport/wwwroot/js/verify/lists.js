// The lists that come with a delivery. SHA256SUMS: as GNU sha256sum writes it (Coreutils manual, "cksum output modes");
// manifest.json: docs/manifest.md.
const line = /^(\\?)([0-9a-fA-F]{64}) [ *](.+)$/;
const hash = /^[0-9a-f]{64}$/;
const escapes = { '\\\\': '\\', '\\n': '\n', '\\r': '\r' };

export class ListFault extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

// The list may be numbered, when something that was packed has its name already.
export const isChecksumList = (name) => /^SHA256SUMS( \(\d+\))?$/.test(name);
export const isManifest = (name) => /^manifest( \(\d+\))?\.json$/.test(name);

// Gives [{ name, sha256 }].
export function parseChecksumList(text) {
  return text.replace(/^\uFEFF/, '').split(/\r?\n/).filter((row) => row !== '').map((row) => {
    const match = line.exec(row);
    if (!match) throw new ListFault('ListUnreadable');
    const name = match[1] ? match[3].replace(/\\[\\nr]/g, (escape) => escapes[escape]) : match[3];
    return { name: name.replace(/^\.\//, ''), sha256: match[2].toLowerCase() };
  });
}

const array = (value) => (Array.isArray(value) ? value : []);
const text = (value) => (typeof value === 'string' ? value : '');

// Gives { part, parts, files: [{ name, sha256, bytes }], set: [{ name, bytes }], leftOut: [{ path, reason }] }. The set is
// every file of all parts; the hashes of the others are in their own parts.
export function parseManifest(json) {
  let manifest;
  try {
    manifest = JSON.parse(json.replace(/^\uFEFF/, ''));
  } catch {
    throw new ListFault('ListUnreadable');
  }
  if (manifest?.version !== 1 || !Array.isArray(manifest.files)) throw new ListFault('ListVersion');
  const files = manifest.files.map((file) => ({ name: text(file?.name), sha256: text(file?.sha256).toLowerCase(), bytes: file?.bytes }));
  if (files.some((file) => file.name === '' || !hash.test(file.sha256))) throw new ListFault('ListUnreadable');
  return {
    part: manifest.part ?? null,
    parts: array(manifest.parts).map((part) => ({ number: part?.number, name: text(part?.name), fileCount: Number(part?.fileCount) })),
    files,
    set: array(manifest.set).map((file) => ({ name: text(file?.name), bytes: file?.bytes })),
    leftOut: array(manifest.leftOut).map((file) => ({ path: text(file?.path), reason: text(file?.reason) })),
  };
}

// Every SHA-256 that a text mentions: a pasted hash, several of them, or whole lines of sha256sum.
export const hashesIn = (pasted) => [...new Set((pasted.match(/\b[0-9a-fA-F]{64}\b/g) ?? []).map((found) => found.toLowerCase()))];
