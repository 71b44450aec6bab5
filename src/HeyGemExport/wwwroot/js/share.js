// The page of a link: posters, and buttons that copy.
import './copy.js';
import { start } from './thumbs.js';

start();
