/** Why a conversation waits: the gateway's reasons, in the reader's words. */

import type { Explanation, Session } from 'jackfield';
import { clockTime, lengthOfTime, span, t } from '../i18n/index.js';
import { explain as explainError } from '../session/errors.js';
import { button } from '../ui/button.js';
import { now } from '../ui/clock.js';
import { h, setAttribute, setShown, uniqueId } from '../ui/dom.js';

/** So many of the offers that are over are told. */
const OFFERS = 3;

/** A button that opens the reasons, and where they stand. They are asked for anew at each opening: they are those of the moment. */
export function why(session: Session, conversationId: string, signal: AbortSignal): { readonly button: HTMLElement; readonly element: HTMLElement } {
  const list = h('ul', { id: uniqueId('why'), testid: 'why', class: 'why', hidden: true });
  const open = button({
    testid: 'why-open', label: t('why.open'), size: 'small', appearance: 'subtle',
    run: async () => {
      const shown = list.hidden !== false;
      if (shown) list.replaceChildren(...(await reasons(session, conversationId, signal)).map((text) => h('li', { attrs: { dir: 'auto' } }, text)));
      setShown(list, shown);
      setAttribute(open.element, 'aria-expanded', String(shown));
    },
  });
  setAttribute(open.element, 'aria-expanded', 'false');
  setAttribute(open.element, 'aria-controls', list.id);
  return { button: open.element, element: list };
}

async function reasons(session: Session, conversationId: string, signal: AbortSignal): Promise<string[]> {
  try {
    return explained(session, await session.supervision.explain(conversationId, { signal }));
  } catch (error) {
    return [explainError(error)?.text ?? ''];
  }
}

function explained(session: Session, told: Explanation): string[] {
  const agent = (userId: string) => session.state.floor?.agents.find((one) => one.userId === userId)?.name ?? userId;
  const queue = (queueId: string) => session.state.floor?.queues.find((one) => one.queueId === queueId)?.name ?? queueId;
  const asked = skills(told.skills);
  const welcome = skills(told.preferred);
  const next = told.nextQueues[0];
  return [
    because(told),
    ...told.offered.map(({ userId }) => t('waiting.rings', { names: agent(userId) })),
    asked && t('offer.reason.skills', { skills: asked }),
    welcome && t('why.welcome', { skills: welcome }),
    told.only.length > 0 ? t('why.only', { names: told.only.map(agent).join(', ') }) : '',
    ...calledBack(told),
    told.ring > 0 ? t('why.ring', { ring: told.ring }) : '',
    told.relaxesAt === undefined ? '' : t('why.relaxes', { time: inTime(told.relaxesAt) }),
    told.headStartMs === undefined ? '' : t('why.headStart', { time: lengthOfTime(told.headStartMs) }),
    told.rule === undefined ? '' : t('why.rule', { rule: told.rule }),
    next !== undefined && told.nextAt !== undefined ? t('why.next', { queue: queue(next), time: inTime(told.nextAt) }) : '',
    ...told.before.slice(-OFFERS).map((offer) => t('why.before', { name: agent(offer.userId), time: clockTime(offer.offeredAt), outcome: t(`outcome.${offer.outcome ?? 'rescinded'}`) })),
  ].filter((text) => text !== '');
}

/** What it waits for, by where the agents fall out who could serve it. */
function because({ agents, offered }: Explanation): string {
  if (!agents || offered.length > 0) return '';
  if (agents.serving === 0) return t('why.nobodyServes');
  if (agents.fitting === 0) return t('why.nobodyFits', { count: agents.serving });
  if (agents.signedIn === 0) return t('why.nobodySignedIn', { count: agents.fitting });
  if (agents.available === 0) return t('why.nobodyAvailable', { count: agents.signedIn });
  if (agents.withRoom === 0) return t('why.nobodyHasRoom', { count: agents.available });
  return agents.ready === 0 ? t('why.turnedDown', { count: agents.withRoom }) : t('why.othersFirst', { count: agents.ready });
}

function calledBack({ callback }: Explanation): string[] {
  if (!callback) return [];
  const { at, awaySince, attempts } = callback;
  return [
    at === undefined ? t('why.callback') : t('why.callbackAt', { time: clockTime(at) }),
    awaySince === undefined ? '' : t('why.callbackAway', { time: clockTime(awaySince) }),
    attempts > 0 ? t('why.callbackMissed', { count: attempts }) : '',
  ];
}

function skills(all: Readonly<Record<string, number>>): string {
  return Object.entries(all).map(([skill, level]) => t('offer.skill', { skill, level })).join(', ');
}

function inTime(at: number): string {
  return span(Math.max(0, at - now()));
}
