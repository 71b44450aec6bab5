// Plays a video over the library.
const dialog = document.getElementById('player');
const stage = dialog?.querySelector('[data-stage]');
const note = dialog?.querySelector('[data-note]');

function explain() {
  stage.replaceChildren();
  note.textContent = dialog.dataset.unplayable;
  note.hidden = false;
}

function play(link) {
  dialog.querySelector('#player-title bdi').textContent = link.dataset.name;
  dialog.querySelector('[data-file]').href = link.dataset.play;
  note.hidden = true;
  if (link.dataset.playable === 'true') {
    const video = document.createElement('video');
    video.controls = true;
    video.autoplay = true;
    video.playsInline = true;
    video.addEventListener('error', explain);
    video.src = link.dataset.play;
    stage.replaceChildren(video);
  } else {
    explain();
  }
  dialog.showModal();
}

// Dropping the source ends the transfer; a video that is merely hidden keeps loading.
function stop() {
  const video = stage.querySelector('video');
  if (video) {
    video.removeEventListener('error', explain);
    video.pause();
    video.removeAttribute('src');
    video.load();
  }
  stage.replaceChildren();
}

export function start() {
  if (!dialog) return;
  document.addEventListener('click', (event) => {
    const link = event.target.closest('a[data-play]');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    play(link);
  });
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog || event.target.closest('[data-close]')) dialog.close();
  });
  dialog.addEventListener('close', stop);
}
