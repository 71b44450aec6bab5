// Reads ZIP archives from a Blob: the directory at the end, and where the data of an entry is.
// Format: APPNOTE.TXT 4.3.7 (local header), 4.3.12 (central header), 4.3.14 to 4.3.16 (ends), 4.5.3 (ZIP64).
const local = { signature: 0x04034b50, bytes: 30 };
const central = { signature: 0x02014b50, bytes: 46 };
const end = { signature: 0x06054b50, bytes: 22 };
const zip64End = { signature: 0x06064b50, bytes: 56 };
const zip64Locator = { signature: 0x07064b50, bytes: 20 };
const maxCommentBytes = 0xffff;
const maxDirectoryBytes = 256 * 1024 * 1024;
const in64 = 0xffffffff;
const encrypted = 1;

// What is wrong with an archive; the code names a text of the page.
export class ZipFault extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

const view = (bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const read = async (blob, from, to) => view(new Uint8Array(await blob.slice(from, to).arrayBuffer()));
const sub = (data, from, count) => new Uint8Array(data.buffer, data.byteOffset + from, count);

function uint64(data, at) {
  const value = data.getBigUint64(at, true);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new ZipFault('ZipDirectory');
  return Number(value);
}

export async function isZip(blob) {
  if (blob.size < end.bytes) return false;
  const signature = (await read(blob, 0, 4)).getUint32(0, true);
  return signature === local.signature || signature === end.signature;
}

async function findEnd(blob) {
  const from = Math.max(0, blob.size - end.bytes - maxCommentBytes);
  const tail = await read(blob, from, blob.size);
  for (let at = tail.byteLength - end.bytes; at >= 0; at--) {
    if (tail.getUint32(at, true) === end.signature && at + end.bytes + tail.getUint16(at + 20, true) === tail.byteLength) {
      return { offset: from + at, data: new DataView(tail.buffer, tail.byteOffset + at, end.bytes) };
    }
  }
  // A download that broke off has no end; nothing else is as likely.
  throw new ZipFault('ZipNoEnd');
}

async function findDirectory(blob) {
  const found = await findEnd(blob);
  const plain = {
    count: found.data.getUint16(10, true), bytes: found.data.getUint32(12, true), offset: found.data.getUint32(16, true), end: found.offset,
  };
  const at = found.offset - zip64Locator.bytes;
  const locator = at >= 0 ? await read(blob, at, found.offset) : null;
  if (locator?.getUint32(0, true) !== zip64Locator.signature) return plain;
  const wide = uint64(locator, 8);
  const data = await read(blob, wide, wide + zip64End.bytes);
  if (data.byteLength < zip64End.bytes || data.getUint32(0, true) !== zip64End.signature) throw new ZipFault('ZipDirectory');
  return { count: uint64(data, 32), bytes: uint64(data, 40), offset: uint64(data, 48), end: wide };
}

function zip64Field(extra) {
  for (let at = 0; at + 4 <= extra.byteLength;) {
    const bytes = extra.getUint16(at + 2, true);
    if (extra.getUint16(at, true) === 1) return view(sub(extra, at + 4, Math.min(bytes, extra.byteLength - at - 4)));
    at += 4 + bytes;
  }
  return new DataView(new ArrayBuffer(0));
}

// The 64-bit field holds only the figures that did not fit, in this order.
function widen(figures, extra) {
  const field = zip64Field(extra);
  let at = 0;
  return figures.map((figure) => {
    if (figure !== in64) return figure;
    if (at + 8 > field.byteLength) throw new ZipFault('ZipDirectory');
    at += 8;
    return uint64(field, at - 8);
  });
}

const utf8 = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true });

function entryAt(data, at) {
  if (at + central.bytes > data.byteLength || data.getUint32(at, true) !== central.signature) throw new ZipFault('ZipDirectory');
  const nameBytes = data.getUint16(at + 28, true);
  const extraBytes = data.getUint16(at + 30, true);
  const headerBytes = central.bytes + nameBytes + extraBytes + data.getUint16(at + 32, true);
  if (at + headerBytes > data.byteLength) throw new ZipFault('ZipDirectory');
  const [bytes, packedBytes, offset] = widen(
    [data.getUint32(at + 24, true), data.getUint32(at + 20, true), data.getUint32(at + 42, true)],
    view(sub(data, at + central.bytes + nameBytes, extraBytes)));
  return {
    headerBytes,
    entry: {
      name: utf8.decode(sub(data, at + central.bytes, nameBytes)),
      isEncrypted: (data.getUint16(at + 8, true) & encrypted) !== 0,
      method: data.getUint16(at + 10, true),
      crc: data.getUint32(at + 16, true),
      bytes, packedBytes, offset,
    },
  };
}

// All entries that are files, as the directory has them. Throws a ZipFault where there is no sound directory.
export async function readDirectory(blob) {
  const directory = await findDirectory(blob);
  if (directory.offset + directory.bytes > directory.end || directory.bytes > maxDirectoryBytes) throw new ZipFault('ZipDirectory');
  const data = await read(blob, directory.offset, directory.offset + directory.bytes);
  const entries = [];
  let at = 0;
  for (let i = 0; i < directory.count; i++) {
    const { entry, headerBytes } = entryAt(data, at);
    at += headerBytes;
    if (!entry.name.endsWith('/')) entries.push(entry);
  }
  if (at !== data.byteLength) throw new ZipFault('ZipDirectory');
  return entries;
}

// The packed data of one entry. Throws a ZipFault where it cannot be read.
export async function openEntry(blob, entry) {
  if (entry.isEncrypted) throw new ZipFault('EntryEncrypted');
  if (entry.method !== 0 && entry.method !== 8) throw new ZipFault('EntryMethod');
  const header = await read(blob, entry.offset, entry.offset + local.bytes);
  if (header.byteLength < local.bytes || header.getUint32(0, true) !== local.signature) throw new ZipFault('EntryHeader');
  const nameEnd = entry.offset + local.bytes + header.getUint16(26, true);
  const name = utf8.decode(await blob.slice(entry.offset + local.bytes, nameEnd).arrayBuffer());
  if (name !== entry.name) throw new ZipFault('EntryHeader');
  const from = nameEnd + header.getUint16(28, true);
  if (from + entry.packedBytes > blob.size) throw new ZipFault('EntryHeader');
  return { packed: blob.slice(from, from + entry.packedBytes), isDeflated: entry.method === 8 };
}
