// What a worker does: each task reads a file or an entry once, in pieces, and tells what it found.
import { crc32 } from './crc32.js';
import { Sha256 } from './sha256.js';
import { ZipFault, openEntry, readDirectory } from './zip.js';

const pieceBytes = 1024 * 1024;
const maxTextBytes = 64 * 1024 * 1024;

// Large slices cost fewer turns than the pieces of Blob.stream(), and the next one is read while this one is hashed.
async function* slices(blob, signal) {
  const load = (from) => (from < blob.size ? blob.slice(from, from + pieceBytes).arrayBuffer() : null);
  let next = load(0);
  for (let from = 0; from < blob.size; from += pieceBytes) {
    signal.throwIfAborted();
    const bytes = new Uint8Array(await next);
    next = load(from + pieceBytes);
    yield bytes;
  }
}

// An entry that unpacks to more than it says is not read to its end, however long that is.
async function* inflated(packed, limit, signal) {
  const reader = packed.stream().pipeThrough(new DecompressionStream('deflate-raw')).getReader();
  let total = 0;
  try {
    while (total <= limit) {
      signal.throwIfAborted();
      const { done, value } = await reader.read();
      if (done) return;
      total += value.length;
      yield value;
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

async function unpacked(blob, header, signal) {
  const { packed, isDeflated } = await openEntry(blob, header);
  return isDeflated ? inflated(packed, header.bytes, signal) : slices(packed, signal);
}

async function measure(source, withCrc, advance) {
  const hash = new Sha256();
  let crc = 0;
  let bytes = 0;
  for await (const piece of source) {
    hash.update(piece);
    if (withCrc) crc = crc32(piece, crc);
    bytes += piece.length;
    advance(piece.length);
  }
  return { sha256: hash.hex(), crc, bytes };
}

const digest = ({ blob }, advance, signal) => measure(slices(blob, signal), false, advance);

async function entry({ blob, entry: header }, advance, signal) {
  try {
    return await measure(await unpacked(blob, header, signal), true, advance);
  } catch (fault) {
    if (fault instanceof ZipFault) return { fault: fault.code };
    if (fault instanceof TypeError) return { fault: 'EntryData' }; // what DecompressionStream throws
    throw fault;
  }
}

async function text({ blob, entry: header }, _, signal) {
  if ((header?.bytes ?? blob.size) > maxTextBytes) throw new ZipFault('ListTooLong');
  const parts = [];
  for await (const piece of header ? await unpacked(blob, header, signal) : slices(blob, signal)) parts.push(piece);
  return new Blob(parts).text();
}

export const tasks = { directory: ({ blob }) => readDirectory(blob), digest, entry, text };
