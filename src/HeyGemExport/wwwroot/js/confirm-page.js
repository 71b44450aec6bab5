// The confirm card as a page of its own.
import './page.js';
import { onConfirm, release } from './confirm.js';
import * as saving from './saving/saving.js';
import * as thumbs from './thumbs.js';

thumbs.observe();
saving.start();
saving.offer(document.getElementById('confirm'));

const form = document.getElementById('confirm-form');
form?.addEventListener('submit', (event) => {
  if (event.submitter?.hasAttribute('data-confirm') && !onConfirm(form)) event.preventDefault();
});
form?.addEventListener('change', () => form.querySelector('[formaction]').click());
window.addEventListener('pageshow', () => form && release(form));
