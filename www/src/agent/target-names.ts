/** What those are called whom this page has offered to choose from: a conversation names them by their ids. */

import type { Target, Targets } from 'jackfield';
import { t } from '../i18n/index.js';

const names = new Map<string, string>();

/** Keeps the names of colleagues and queues that were found. */
export function keepNames({ agents, queues }: Targets): void {
  agents.forEach(({ userId, name }) => names.set(`agent ${userId}`, name));
  queues.forEach(({ queueId, name }) => names.set(`queue ${queueId}`, name));
}

/** What a target is called; after a reload, a colleague. */
export function nameOfTarget(target: Target | undefined): string {
  switch (target?.type) {
    case 'number': return target.number;
    case 'queue': return names.get(`queue ${target.queueId}`) ?? target.queueId;
    case 'agent': return names.get(`agent ${target.userId}`) ?? t('handOver.colleague');
    default: return t('handOver.colleague');
  }
}
