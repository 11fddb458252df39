/** Korean, by the same areas as English. */

import { card } from './ko/card.js';
import { conversation } from './ko/conversation.js';
import { customer } from './ko/customer.js';
import { desk } from './ko/desk.js';
import { errors } from './ko/errors.js';
import { frame } from './ko/frame.js';
import { parties } from './ko/parties.js';
import { supervisor } from './ko/supervisor.js';
import type { Messages } from './index.js';

export const ko: Messages = { ...frame, ...desk, ...conversation, ...card, ...parties, ...customer, ...supervisor, ...errors };
