// The list of exports, fresh while anything in it moves.
import './page.js';
import { refresh, whileVisible } from './live.js';

const moving = () => document.getElementById('exports').dataset.moving === 'true';

whileVisible(2, async () => {
  if (moving()) await refresh();
});
