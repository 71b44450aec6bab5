// The deliveries of one export, fresh while anything in them moves.
import './copy.js';
import { refresh, whileVisible } from './live.js';

const moving = () => document.getElementById('deliveries').dataset.moving === 'true';

whileVisible(2, async () => {
  if (moving()) await refresh();
});
