// Brings one video into a folder, and compares it with the server's SHA-256 before it counts.
import { Sha256 } from '../verify/sha256.js';

const pieceBytes = 1024 * 1024;
const pauses = [1000, 3000, 9000];

// What is written becomes visible when the file is closed, which copies it once more. The first time after so many bytes, then whenever
// it has doubled: a browser that ends leaves at least half of what had come, and all copies together are no longer than the file.
const firstCheckpoint = 32 * 1024 * 1024;

class SaveFault extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

// RFC 9530: of the whole file, whatever part of it was asked for.
function digestOf(response) {
  const [, sum] = /sha-256=:([^:]+):/.exec(response.headers.get('Repr-Digest') ?? '') ?? [];
  return sum ? [...atob(sum)].map((byte) => byte.charCodeAt(0).toString(16).padStart(2, '0')).join('') : null;
}

async function ask(href, options, signal) {
  let response;
  try {
    response = await fetch(href, {
      ...options, signal, cache: 'no-store', headers: { ...options.headers, 'Want-Repr-Digest': 'sha-256=10' },
    });
  } catch (fault) {
    throw signal.aborted ? fault : new SaveFault('Network');
  }
  if (response.ok) return response;
  response.body?.cancel().catch(() => {});
  const codes = { 401: 'Refused', 403: 'Refused', 404: 'Gone', 416: 'Changed' };
  throw new SaveFault(codes[response.status] ?? 'Network');
}

async function askDigest(href, tag, signal) {
  const response = await ask(href, { method: 'HEAD' }, signal);
  if (tag && response.headers.get('ETag') !== tag) throw new SaveFault('Changed');
  return digestOf(response);
}

async function find(folder, name) {
  try {
    return await (await folder.getFileHandle(name)).getFile();
  } catch (fault) {
    if (fault.name === 'NotFoundError') return null;
    throw fault;
  }
}

async function hashFile(file, hash, signal) {
  for (let from = 0; from < file.size; from += pieceBytes) {
    signal.throwIfAborted();
    hash.update(new Uint8Array(await file.slice(from, from + pieceBytes).arrayBuffer()));
  }
}

async function isSame(file, href, signal) {
  const hash = new Sha256();
  await hashFile(file, hash, signal);
  return hash.hex() === await askDigest(href, null, signal);
}

async function* piecesOf(response, signal) {
  const reader = response.body.getReader();
  for (;;) {
    let part;
    try {
      part = await reader.read();
    } catch (fault) {
      throw signal.aborted ? fault : new SaveFault('Network');
    }
    if (part.done) return;
    yield part.value;
  }
}

// A file that is being written, from the end of what was there before.
class Target {
  #handle;
  #out;
  #waiting = [];
  #waitingBytes = 0;
  #checkpoint;

  static async open(handle, at, keeps) {
    const target = new Target();
    target.#handle = handle;
    target.#checkpoint = keeps ? Math.max(firstCheckpoint, 2 * at) : Infinity;
    await target.#reopen(at);
    return target;
  }

  async write(piece, end) {
    this.#waiting.push(piece);
    this.#waitingBytes += piece.length;
    if (this.#waitingBytes < pieceBytes) return;
    await this.#flush();
    if (end < this.#checkpoint) return;
    await this.#out.close();
    this.#checkpoint = 2 * end;
    await this.#reopen(end);
  }

  async keep() {
    await this.#flush();
    await this.#out.close();
  }

  drop() {
    return this.#out.abort();
  }

  async #reopen(at) {
    this.#out = await this.#handle.createWritable({ keepExistingData: at > 0 });
    await this.#out.seek(at);
  }

  async #flush() {
    if (this.#waitingBytes === 0) return;
    await this.#out.write(new Blob(this.#waiting));
    this.#waiting = [];
    this.#waitingBytes = 0;
  }
}

async function receive({ href, bytes }, from, hash, target, advance, signal) {
  const response = await ask(href, from > 0 ? { headers: { Range: `bytes=${from}-` } } : {}, signal);
  if (response.status !== (from > 0 ? 206 : 200) || from + Number(response.headers.get('Content-Length')) !== bytes) {
    response.body.cancel().catch(() => {});
    throw new SaveFault('Changed');
  }
  let at = from;
  for await (const piece of piecesOf(response, signal)) {
    hash.update(piece);
    at += piece.length;
    await target.write(piece, at);
    advance(piece.length);
  }
  if (at !== bytes) throw new SaveFault('Network');
  const expected = digestOf(response) ?? await askDigest(href, response.headers.get('ETag'), signal);
  if (hash.hex() !== expected) throw new SaveFault('Mismatch');
}

// own: whether the file was made here, and may be kept unfinished. What somebody else may have put there is only ever replaced by what has
// been compared: it stays as it was until then.
async function attempt(task, folder, name, own, advance, signal) {
  let present = await find(folder, name);
  if (present && present.size >= task.bytes) {
    if (present.size === task.bytes && await isSame(present, task.href, signal)) {
      advance(task.bytes);
      return own.made ? 'saved' : 'present';
    }
    if (!own.made) throw new SaveFault('Other');
    await folder.removeEntry(name);
    present = null;
  }
  const from = present?.size ?? 0;
  own.made ||= from === 0;
  const hash = new Sha256();
  if (from > 0) await hashFile(present, hash, signal);
  advance(from);
  const handle = await folder.getFileHandle(name, { create: true });
  const target = await Target.open(handle, from, own.made);
  try {
    await receive(task, from, hash, target, advance, signal);
    await target.keep();
    return own.made ? 'saved' : 'resumed';
  } catch (fault) {
    const continues = own.made && !['Mismatch', 'Changed', 'Gone'].includes(fault.code);
    await (continues ? target.keep() : target.drop()).catch(() => {});
    if (own.made && (!continues || (await handle.getFile()).size === 0)) {
      await folder.removeEntry(name).catch(() => {});
      own.made = false;
    }
    throw fault.code === 'Mismatch' && !own.made && from > 0 ? new SaveFault('Other') : fault;
  }
}

const codes = { QuotaExceededError: 'NoSpace', NotAllowedError: 'NotAllowed', TypeMismatchError: 'Other' };

function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

// Answers 'saved', 'resumed' or 'present'. A connection that breaks is tried again, from where it broke.
export async function save(task, advance, signal) {
  const names = task.name.split('/');
  const name = names.pop();
  const own = { made: false };
  for (let tries = 0; ; tries++) {
    let counted = 0;
    const count = (bytes) => {
      counted += bytes;
      advance(bytes);
    };
    try {
      let folder = task.root;
      for (const each of names) folder = await folder.getDirectoryHandle(each, { create: true });
      return await attempt(task, folder, name, own, count, signal);
    } catch (fault) {
      if (signal.aborted) throw fault;
      advance(-counted);
      if (fault.code !== 'Network' || tries === pauses.length) throw codes[fault.name] ? new SaveFault(codes[fault.name]) : fault;
      await pause(pauses[tries], signal);
    }
  }
}
