// Shows the poster of each video that scrolls into view: an image, or a tiny video of one picture, drawn once and let go, because browsers
// play only so many at a time. What has been loaded is kept for a list that refreshes itself; a video without one keeps its placeholder.
const atOnce = 4;
const longestSide = 480;
const patience = 8000;
const pause = 50;
const drawn = new Map();
const waiting = [];
let active = 0;

function draw(video) {
  const canvas = document.createElement('canvas');
  const scale = Math.min(1, longestSide / Math.max(video.videoWidth, video.videoHeight));
  canvas.className = 'thumb-picture';
  canvas.width = Math.round(video.videoWidth * scale);
  canvas.height = Math.round(video.videoHeight * scale);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context.drawImage(video, 0, 0, canvas.width, canvas.height);
  // A video can say that it has its picture a moment before it can be drawn.
  return context.getImageData(canvas.width >> 1, canvas.height >> 1, 1, 1).data[3] > 0 ? canvas : null;
}

// Gives a picture, or null where the browser cannot decode it.
function fromVideo(source) {
  return new Promise((resolve) => {
    const video = document.createElement('video');
    let retry = 0;
    const done = (picture) => {
      clearTimeout(timer);
      clearTimeout(retry);
      video.onloadeddata = null;
      video.onerror = null;
      video.removeAttribute('src');
      video.load();
      resolve(picture);
    };
    const timer = setTimeout(done, patience, null);
    video.muted = true;
    video.playsInline = true;
    video.preload = 'auto';
    video.onloadeddata = () => {
      const picture = video.videoWidth > 0 && draw(video);
      if (picture) done(picture);
      else retry = setTimeout(video.onloadeddata, pause);
    };
    video.onerror = () => done(null);
    video.src = source;
  });
}

// A key frame that is too large for a poster comes as an image from the same address.
function fromImage(source) {
  return new Promise((resolve) => {
    const image = new Image();
    image.className = 'thumb-picture';
    image.alt = '';
    image.onload = () => resolve(image);
    image.onerror = () => resolve(null);
    image.src = source;
  });
}

// The same video can stand in the list and on the confirm card.
function copyOf(picture) {
  const copy = picture.cloneNode();
  if (copy instanceof HTMLCanvasElement) copy.getContext('2d').drawImage(picture, 0, 0);
  return copy;
}

function place(thumb) {
  const picture = drawn.get(thumb.dataset.poster);
  // What stands in noscript is parsed into elements when a script fetches the page.
  if (picture && !thumb.querySelector(':scope > .thumb-picture')) thumb.append(picture.isConnected ? copyOf(picture) : picture);
  return drawn.has(thumb.dataset.poster);
}

async function next() {
  if (active >= atOnce || waiting.length === 0) return;
  const link = waiting.shift();
  if (!link.isConnected || place(link)) {
    next();
    return;
  }
  const source = link.dataset.poster;
  active++;
  drawn.set(source, (link.dataset.posterImage ? null : await fromVideo(source)) ?? await fromImage(source));
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

export function observe() {
  if (navigator.connection?.saveData) return;
  for (const thumb of document.querySelectorAll('.thumb[data-poster]')) {
    if (!place(thumb)) seen.observe(thumb);
  }
}

export function start() {
  document.addEventListener('live:refreshed', observe);
  observe();
}
