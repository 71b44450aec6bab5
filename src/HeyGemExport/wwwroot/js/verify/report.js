// Shows what a check found. Names come from strangers: they are only ever text.
import { fill, number } from '../format.js';

const mostNamed = 200;
const kinds = ['missingParts', 'missing', 'changed', 'extra', 'unreadable', 'unproved', 'leftOut', 'unknown', 'ignored'];
const words = new Map([...document.getElementById('verify-words').content.querySelectorAll('[data-word]')]
  .map((element) => [element.dataset.word, element.textContent]));

export const word = (key, ...figures) => fill(words.get(key) ?? key, ...figures);

const counted = (key, count) => word(count === 1 && words.has(`${key}.One`) ? `${key}.One` : key, number(count));

// As FileNameTagHelper.cs: what would hide or reorder other characters is made visible.
const visible = (name) => name.replace(/[\p{Cc}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu, '\uFFFD');

function element(tag, className, ...content) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...content);
  return made;
}

const nameOf = (name) => element('bdi', '', visible(name));

function row({ name, reason, note }) {
  const item = element('li', '', nameOf(name));
  const why = reason ? word(`Fault.${reason}`) : words.get(`Reason.${note}`) ?? note;
  if (why) item.append(' ', element('span', 'muted', visible(why)));
  return item;
}

function group(kind, items) {
  const rows = items.slice(0, mostNamed).map(row);
  if (items.length > mostNamed) rows.push(element('li', 'muted', word('More', number(items.length - mostNamed))));
  const details = element('details', `finding finding-${kind}`,
    element('summary', '', element('span', '', word(`Find.${kind}`)), ' ', element('span', 'count', number(items.length))),
    element('ul', 'issue-files', ...rows));
  details.open = !['leftOut', 'unknown', 'ignored'].includes(kind);
  details.dataset.kind = kind;
  return details;
}

function archiveRow({ name, sha256, match }) {
  const state = match === null ? [] : [' ', element('span', `chip ${match ? 'chip-good' : 'chip-bad'}`, word(match ? 'Match' : 'NoMatch'))];
  return element('li', '', element('p', '', nameOf(name), ...state), element('p', '', element('code', '', sha256 ?? '–')));
}

export function showReport(root, { verdict, archives }, findings) {
  const panel = root.querySelector('[data-verdict]');
  panel.dataset.verdict = verdict;
  panel.querySelector('h2').textContent = counted(`Verdict.${verdict}`, findings.intact);
  panel.querySelector('p').textContent = word(`Detail.${verdict}`);
  const found = kinds.filter((kind) => findings[kind]?.length > 0);
  root.querySelector('[data-findings]').replaceChildren(...found.map((kind) => group(kind, findings[kind])));
  const list = root.querySelector('[data-archives]');
  list.hidden = archives.length === 0;
  list.querySelector('ul').replaceChildren(...archives.map(archiveRow));
  return panel.querySelector('h2').textContent;
}
