// The deliveries of one export, fresh while anything in them moves.
import './copy.js';
import { refresh, poll } from './live.js';

const moving = () => document.getElementById('deliveries').dataset.moving === 'true';

poll(2, async () => {
  if (moving()) await refresh();
});
