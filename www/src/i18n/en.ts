/** English, and with it the list of keys that every language has; by areas, one file each. `{name}` marks what is filled in. */

import { card } from './en/card.js';
import { conversation } from './en/conversation.js';
import { customer } from './en/customer.js';
import { desk } from './en/desk.js';
import { errors } from './en/errors.js';
import { frame } from './en/frame.js';
import { parties } from './en/parties.js';
import { supervisor } from './en/supervisor.js';

export const en = { ...frame, ...desk, ...conversation, ...card, ...parties, ...customer, ...supervisor, ...errors } as const;
