import { tasks } from './checks.js';
import { serve } from './server.js';

// A file that was moved, changed or taken away since it was chosen cannot be read any more.
serve(tasks, 'FileUnreadable');
