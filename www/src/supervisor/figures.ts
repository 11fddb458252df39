/** What is made of the gateway's counts and sums where they are read: shares and averages. The formulas stand in docs/wire.md. */

import type { AgentStats, QueueFigures } from 'jackfield';
import { language } from '../i18n/index.js';
import { duration, now } from '../ui/clock.js';

/** What stands where there is nothing to make a figure of. */
export const NONE = '–';

/** Those answered in time, of those answered or abandoned. */
export function serviceLevel(figures: Pick<QueueFigures, 'answered' | 'answeredInTime' | 'abandoned'> | undefined): number | undefined {
  return figures && share(figures.answeredInTime, figures.answered + figures.abandoned);
}

/** How long those who were answered had waited, at the mean. */
export function answerTime(figures: QueueFigures | undefined): number | undefined {
  return figures && mean(figures.waitMs, figures.answered);
}

/** How long agents had a conversation, wrap-up included, at the mean. */
export function handleTime(figures: QueueFigures | undefined): number | undefined {
  return figures && mean(figures.talkMs + figures.holdMs + figures.wrapUpMs, figures.handled);
}

/** The share of an agent's time at the desk that went into conversations, up to now. */
export function occupancy({ today, state, stateSince }: AgentStats): number | undefined {
  if (!today) return undefined;
  const running = stateSince === undefined ? 0 : Math.max(0, now() - Math.max(stateSince, today.since));
  const at = state === 'handling' || state === 'wrapUp';
  const worked = today.handlingMs + today.wrappingUpMs + (at ? running : 0);
  return share(worked, worked + today.readyMs + (state === 'ready' ? running : 0));
}

/** A share in the reader's way of writing it. */
export function percent(value: number | undefined): string {
  return value === undefined ? NONE : new Intl.NumberFormat(language(), { style: 'percent', maximumFractionDigits: 0 }).format(value);
}

/** A length of time. */
export function time(milliseconds: number | undefined): string {
  return milliseconds === undefined ? NONE : duration(milliseconds);
}

function share(part: number, whole: number): number | undefined {
  return whole > 0 ? part / whole : undefined;
}

function mean(sum: number, count: number): number | undefined {
  return count > 0 ? sum / count : undefined;
}
