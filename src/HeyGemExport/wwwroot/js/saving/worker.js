import { serve } from '../verify/server.js';
import { save } from './transfer.js';

serve({ save }, 'Folder');
