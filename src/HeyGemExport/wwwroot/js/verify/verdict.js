// Compares what is there with what should be there. Nothing here reads a file or a page.
const key = (name) => name.normalize('NFC');
const baseOf = (name) => name.slice(name.lastIndexOf('/') + 1);

const isOwnList = (unit, name) => unit.items.some((item) => item.isList && item.name === name);

// What the lists of a set say together: several lists may name a file, and all of them must be right.
function expectedOf(files) {
  const expected = new Map();
  for (const { name, sha256, bytes } of files) {
    const file = expected.get(key(name)) ?? { name, sha256: new Set(), bytes };
    if (sha256) file.sha256.add(sha256);
    file.bytes ??= bytes;
    expected.set(key(name), file);
  }
  return expected;
}

// Files that were chosen one by one have lost their folders.
function wantedFor(item, expected, taken) {
  const exact = expected.get(key(item.name));
  if (exact || !item.isFlat) return exact;
  const candidates = [...expected.values()].filter((file) => baseOf(key(file.name)) === key(item.name) && !taken.has(file));
  return candidates.find((file) => file.sha256.has(item.found?.sha256)) ?? candidates[0];
}

// Why a file is not what it should be, or null. Codes name texts of the page.
function flaw(item, wanted) {
  const { found, header } = item;
  if (found.fault) return found.fault;
  if (header && found.bytes !== header.bytes) return 'EntryLength';
  if (wanted?.bytes !== undefined && found.bytes !== wanted.bytes) return 'Length';
  if (header && found.crc !== header.crc) return 'EntryCrc';
  if (wanted && [...wanted.sha256].some((sha256) => sha256 !== found.sha256)) return 'Content';
  return null;
}

// The parts of one export have their list of parts in common; anything else stands alone.
function setsOf(units) {
  const sets = new Map();
  for (const unit of units) {
    const name = unit.parts.length > 1 ? JSON.stringify(unit.parts) : unit;
    sets.set(name, [...(sets.get(name) ?? []), unit]);
  }
  return [...sets.values()];
}

// An unpacked folder may hold the files of all parts although only one part's lists are left in it.
function missingParts(units, expected) {
  const [{ parts }] = units;
  if (parts.length < 2) return [];
  const isWhole = units.some((unit) => !unit.file) && expected.size >= parts.reduce((sum, part) => sum + part.fileCount, 0);
  return isWhole ? [] : parts.filter((part) => !units.some((unit) => unit.part === part.number)).map(({ name }) => ({ name }));
}

function compareSet(units, findings) {
  const expected = expectedOf(units.flatMap((unit) => unit.expected.filter((file) => !isOwnList(unit, file.name))));
  const hasList = units.some((unit) => unit.hasList);
  const taken = new Set();
  for (const unit of units) {
    const ownLists = expectedOf(unit.expected.filter((file) => isOwnList(unit, file.name)));
    const seen = new Set();
    for (const item of unit.items) {
      const wanted = item.isList ? ownLists.get(key(item.name)) : wantedFor(item, expected, taken);
      const reason = flaw(item, wanted);
      const isExtra = seen.has(key(item.name)) || taken.has(wanted) || (hasList && !wanted && !item.isList);
      if (isExtra) findings.extra.push({ name: item.name });
      else if (reason) findings.changed.push({ name: item.name, reason });
      else if (wanted?.sha256.size === 0) findings.unproved.push({ name: item.name });
      else if (!item.isList) findings.intact++;
      if (wanted) taken.add(wanted);
      seen.add(key(item.name));
    }
    findings.unreadable.push(...unit.faults.map(({ name, code }) => ({ name, reason: code })));
    findings.leftOut.push(...unit.leftOut.map(({ path, reason }) => ({ name: path, note: reason })));
  }
  findings.missing.push(...[...expected.values()].filter((file) => !taken.has(file)).map(({ name }) => ({ name })));
  findings.missingParts.push(...missingParts(units, expected));
}

// units: from delivery.js, each item with found: { sha256, crc, bytes } or { fault }. Gives the findings by kind.
export function compare(units) {
  const findings = { missingParts: [], missing: [], changed: [], extra: [], unreadable: [], unproved: [], leftOut: [], intact: 0 };
  for (const set of setsOf(units)) compareSet(set, findings);
  return findings;
}

const faults = ['missingParts', 'missing', 'changed', 'extra', 'unreadable'];

// published: hashes that the person pasted. Gives each archive's match (null: nothing to compare with) and the verdict.
export function judge(findings, units, published) {
  const archives = units.filter((unit) => unit.file);
  const matches = archives.map((unit) => (published.length === 0 || !unit.sha256 ? null : published.includes(unit.sha256)));
  const isPublished = matches.length > 0 && matches.every((match) => match === true);
  const isProved = units.every((unit) => unit.hasList || (unit.file && isPublished));
  const isBad = faults.some((kind) => findings[kind].length > 0);
  const isPartial = findings.unproved.length > 0;
  const verdict = isBad ? 'bad' : matches.includes(false) ? 'foreign' : isPartial ? 'partial' : isProved ? 'good' : 'undamaged';
  return { archives: archives.map((unit, i) => ({ name: unit.label, sha256: unit.sha256, match: matches[i] })), verdict };
}
