// The page of a share link.
import './page.js';
import { copyOnClick } from './copy.js';

const share = document.getElementById('share');
if (share) copyOnClick(share.dataset.copied);
