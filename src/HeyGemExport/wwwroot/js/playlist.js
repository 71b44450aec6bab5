// The videos of the list in order, also those of the pages before and after this one, which are fetched when somebody comes to their end.
let items = [];
let total = 0;
let edges = { prev: null, next: null };

function read(root) {
  const list = root.querySelector('.rows');
  if (!list) return { found: [], edges: { prev: null, next: null } };
  total = Number(list.dataset.total);
  const found = [...list.querySelectorAll('.row')].map((row, index) => {
    const link = row.querySelector('a[data-play]');
    const box = row.querySelector('input[name="Paths"]');
    return link && {
      number: Number(list.dataset.first) + index,
      path: box.value,
      batch: box.dataset.batch,
      bytes: Number(box.dataset.bytes),
      ready: !row.classList.contains('row-off'),
      name: link.dataset.name,
      source: link.dataset.play,
      download: link.dataset.download,
      playable: link.dataset.playable === 'true',
      picture: link.dataset.posterImage && link.dataset.poster,
      tags: row.querySelector('.row-tags'),
    };
  }).filter(Boolean);
  const edge = (rel) => root.querySelector(`.pager a[rel="${rel}"]`)?.getAttribute('href') ?? null;
  return { found, edges: { prev: edge('prev'), next: edge('next') } };
}

async function extend(rel) {
  const response = await fetch(new URL(edges[rel], location.href), { headers: { Accept: 'text/html' }, credentials: 'same-origin' });
  if (!response.ok) throw new Error(String(response.status));
  const page = read(new DOMParser().parseFromString(await response.text(), 'text/html'));
  edges[rel] = page.edges[rel];
  items = rel === 'next' ? [...items, ...page.found] : [...page.found, ...items];
}

export function start(path) {
  ({ found: items, edges } = read(document));
  return items.find((item) => item.path === path);
}

export const size = () => total;

// The item so many steps away, or null at the end of the list.
export async function step(from, by) {
  const rel = by > 0 ? 'next' : 'prev';
  const target = () => items[items.findIndex((item) => item.path === from.path) + by];
  // A page can have nothing to play.
  while (!target() && edges[rel]) await extend(rel);
  return target() ?? null;
}
