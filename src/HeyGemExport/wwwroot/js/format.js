// Figures and times for people. Sizes follow ByteSize.cs, estimates follow Pages/PlayingTime.cs.
const language = document.documentElement.lang || 'en';
const units = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'];

export const number = (value) => new Intl.NumberFormat(language).format(value);

export function bytes(value) {
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1;
  const figure = new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
  return `${figure} ${units[unit]}`;
}

export const fill = (text, ...values) => text.replace(/\{(\d)(?::[^}]*)?\}/g, (_, index) => values[index]);

// texts: { seconds, minutes, hours }, each with one place for the figure.
export function estimate(seconds, texts) {
  if (seconds < 90) return fill(texts.seconds, Math.max(1, Math.ceil(seconds)));
  if (seconds < 90 * 60) return fill(texts.minutes, Math.round(seconds / 60));
  return fill(texts.hours, number(Math.round(seconds / 360) / 10));
}

const two = (value) => String(value).padStart(2, '0');

// The server writes times in its own zone; the viewer's may differ.
export function localizeTimes(root) {
  for (const element of root.querySelectorAll('time[datetime]')) {
    const at = new Date(element.dateTime);
    if (Number.isNaN(at.getTime())) continue;
    const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
    element.textContent = `${day} ${two(at.getHours())}:${two(at.getMinutes())}`;
    element.title = new Intl.DateTimeFormat(language, { dateStyle: 'full', timeStyle: 'long' }).format(at);
  }
}
