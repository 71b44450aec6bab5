// What was handed in, sorted: archives, unpacked files, and the lists that say what there should be.
import { isChecksumList, isManifest, parseChecksumList, parseManifest } from './lists.js';

// What systems leave in folders by themselves.
const ofTheSystem = /(^|\/)(\.DS_Store|\._[^/]*|Thumbs\.db|desktop\.ini|__MACOSX\/.*)$/i;

const folderOf = (path) => path.slice(0, path.lastIndexOf('/') + 1);
const baseOf = (path) => path.slice(path.lastIndexOf('/') + 1);

// Every entry of one archive or one unpacked folder: { name, bytes, task } and the lists among them.
async function unitOf(label, items, pool) {
  const unit = { label, items, expected: [], parts: [], part: null, leftOut: [], hasList: false, faults: [] };
  const read = async (item, parse) => {
    try {
      return parse(await pool.run('text', item.task));
    } catch (fault) {
      if (fault.code === 'Cancelled') throw fault;
      unit.faults.push({ name: item.name, code: fault.code ?? 'ListUnreadable' });
      return null;
    }
  };
  const list = items.find((item) => isChecksumList(item.name));
  const manifest = items.find((item) => isManifest(item.name));
  const sums = list && await read(list, parseChecksumList);
  const facts = manifest && await read(manifest, parseManifest);
  if (list) list.isList = true;
  if (manifest) manifest.isList = true;
  unit.hasList = Boolean(sums || facts);
  unit.expected = [...(facts?.files ?? []), ...(facts?.set ?? []), ...(sums ?? [])];
  return facts ? { ...unit, parts: facts.parts, part: facts.part, leftOut: facts.leftOut } : unit;
}

async function archiveOf({ path, file }, pool) {
  try {
    const entries = await pool.run('directory', { blob: file });
    const items = entries.map((entry) => ({ name: entry.name, bytes: entry.bytes, header: entry, task: { blob: file, entry } }));
    return { ...await unitOf(path, items, pool), file };
  } catch (fault) {
    if (fault.code === 'Cancelled') throw fault;
    const faults = [{ name: path, code: fault.code }];
    return { label: path, items: [], expected: [], parts: [], part: null, leftOut: [], hasList: false, faults, file };
  }
}

function rootsOf(loose) {
  const lists = loose.filter(({ path }) => isChecksumList(baseOf(path)) || isManifest(baseOf(path))).map(({ path }) => folderOf(path));
  // A folder inside a delivery may hold a list as well; what counts is the outermost.
  return [...new Set(lists)].filter((root) => !lists.some((other) => other !== root && root.startsWith(other)));
}

async function foldersOf(loose, pool) {
  const units = [];
  for (const root of rootsOf(loose)) {
    const below = loose.filter(({ path }) => path.startsWith(root));
    const items = below.map(({ path, file }) => ({
      name: path.slice(root.length), bytes: file.size, task: { blob: file },
      isFlat: root === '' && below.every((other) => !other.path.includes('/')),
    }));
    units.push(await unitOf(root.replace(/\/$/, ''), items, pool));
  }
  return units;
}

// Gives { units, ignored, unknown }: ignored files are the system's, unknown ones belong to no list.
export async function sort(sources, pool, isZip) {
  const ignored = sources.filter(({ path }) => ofTheSystem.test(path));
  const archives = [];
  const loose = [];
  for (const source of sources.filter((other) => !ignored.includes(other))) {
    const claims = /\.zip$/i.test(source.path) || await isZip(source.file).catch(() => false);
    (claims ? archives : loose).push(source);
  }
  const units = await foldersOf(loose, pool);
  const listed = new Set(units.flatMap((unit) => unit.expected.map((file) => file.name)));
  for (const archive of archives) {
    if (!listed.has(baseOf(archive.path))) units.push(await archiveOf(archive, pool));
  }
  const roots = rootsOf(loose);
  const unknown = loose.filter(({ path }) => !roots.some((root) => path.startsWith(root))).map(({ path }) => path);
  return { units, ignored: ignored.map(({ path }) => path), unknown };
}
