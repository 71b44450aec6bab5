// The ops page, fresh at once while anything moves, and now and then when nothing does.
import './page.js';
import { refresh, poll } from './live.js';

const stillTicks = 5;
let tick = 0;

const isMoving = () => document.getElementById('ops-figures').dataset.moving === 'true';

// A person who is about to confirm must not lose the button under the hand.
const isAsked = () => document.querySelector('.ops-sure[open]') !== null;

poll(2, async () => {
  tick++;
  const isDue = !isAsked() && (isMoving() || tick % stillTicks === 0);
  if (isDue && !await refresh()) throw new Error('The page could not be brought up to date.');
});
