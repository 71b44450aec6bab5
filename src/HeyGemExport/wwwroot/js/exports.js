// The list of exports, fresh while anything in it moves.
import './page.js';
import { refresh, poll } from './live.js';

const moving = () => document.getElementById('exports').dataset.moving === 'true';

poll(2, async () => {
  if (moving()) await refresh();
});
