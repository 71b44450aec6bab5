// Draws a frame of each video that scrolls into view. Two at a time, headers and one frame only; each is kept,
// so that a list that refreshes itself does not load them again.
const limit = 2;
const patience = 8000;
const drawn = new Map();
const waiting = [];
let active = 0;

function draw(video, key) {
  const canvas = document.createElement('canvas');
  canvas.width = 176;
  canvas.height = 112;
  const scale = Math.max(canvas.width / video.videoWidth, canvas.height / video.videoHeight);
  const width = video.videoWidth * scale;
  const height = video.videoHeight * scale;
  canvas.getContext('2d').drawImage(video, (canvas.width - width) / 2, (canvas.height - height) / 2, width, height);
  drawn.set(key, canvas);
}

function grab(source, key) {
  return new Promise((resolve) => {
    const video = document.createElement('video');
    const timer = setTimeout(done, patience);
    function done() {
      clearTimeout(timer);
      video.removeAttribute('src');
      video.load();
      resolve();
    }
    video.muted = true;
    video.preload = 'auto';
    video.addEventListener('error', done, { once: true });
    video.addEventListener('loadedmetadata', () => {
      video.currentTime = Math.min(0.5, (video.duration || 1) / 2);
    }, { once: true });
    video.addEventListener('seeked', () => {
      if (video.videoWidth > 0) draw(video, key);
      done();
    }, { once: true });
    video.src = source;
  });
}

const keyOf = (link) => `${link.dataset.play}|${link.closest('.row')?.querySelector('data')?.value}`;

function place(link) {
  const canvas = drawn.get(keyOf(link));
  if (canvas && !link.contains(canvas)) link.prepend(canvas);
  return Boolean(canvas);
}

async function next() {
  if (active >= limit || waiting.length === 0) return;
  const link = waiting.shift();
  if (!link.isConnected || place(link)) return next();
  active++;
  await grab(link.dataset.play, keyOf(link));
  active--;
  place(link);
  next();
}

const seen = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    seen.unobserve(target);
    waiting.push(target);
    next();
  }
}, { rootMargin: '120px' });

function observe() {
  for (const link of document.querySelectorAll('a.thumb[data-playable="true"][data-ready="true"]')) {
    if (!place(link)) seen.observe(link);
  }
}

export function start() {
  if (navigator.connection?.saveData) return;
  document.addEventListener('live:refreshed', observe);
  observe();
}
