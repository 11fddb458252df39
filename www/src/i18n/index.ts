/** The pages' words, in the user's language. Keys and what they want filled in are checked by the compiler. */

import { keep, recall } from '../ui/store.js';
import { en } from './en.js';
import { ko } from './ko.js';

export type Key = keyof typeof en;
/** The same keys in another language. */
export type In<Words> = { readonly [K in keyof Words]: string };
export type Messages = In<typeof en>;
type Holes<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Holes<Rest> : never;
type Fill<K extends Key> = [Holes<(typeof en)[K]>] extends [never] ? [] : [values: Readonly<Record<Holes<(typeof en)[K]>, string | number>>];

export const languages = ['en', 'ko'] as const;
export type Language = (typeof languages)[number];

const KEPT = 'jackfield.language';
const messages: Readonly<Record<Language, Messages>> = { en, ko };
const listeners = new Set<() => void>();
let current: Language = initialLanguage();

/** The language now. */
export function language(): Language {
  return current;
}

/** The text of a key. */
export function t<K extends Key>(key: K, ...fill: Fill<K>): string {
  const text: string = messages[current][key];
  const values = fill[0] as Readonly<Record<string, string | number>> | undefined;
  return values ? text.replace(/\{(\w+)\}/g, (hole, name: string) => String(values[name] ?? hole)) : text;
}

/** A language's own name for itself. */
export function nameOf(which: Language): string {
  return messages[which]['language.name'];
}

/** Whether a text is a key; for keys that are put together from codes. */
export function isKey(text: string): text is Key {
  return Object.hasOwn(en, text);
}

/** Changes the language, keeps it for the next visit, and tells the page. */
export function chooseLanguage(which: Language): void {
  if (which === current) return;
  current = which;
  keep('browser', KEPT, which);
  document.documentElement.lang = which;
  listeners.forEach((listener) => listener());
}

/** Calls back whenever the language changes. */
export function onLanguage(listener: () => void): void {
  listeners.add(listener);
}

/** Hours and minutes of a time, as people here write it. */
export function clockTime(at: number): string {
  return new Intl.DateTimeFormat(current, { hour: 'numeric', minute: '2-digit' }).format(at);
}

/** A day, as people here write it. */
export function day(at: number): string {
  const isToday = new Date(at).toDateString() === new Date().toDateString();
  return isToday ? t('chat.today') : new Intl.DateTimeFormat(current, { weekday: 'long', month: 'long', day: 'numeric' }).format(at);
}

/** A day and a time, as people here write it, in short. */
export function moment(at: number): string {
  return new Intl.DateTimeFormat(current, { dateStyle: 'medium', timeStyle: 'short' }).format(at);
}

/** A length of time in words, as short as people here write it. */
export function span(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  const part = (value: number, unit: 'minute' | 'second') =>
    new Intl.NumberFormat(current, { style: 'unit', unit, unitDisplay: 'narrow' }).format(value);
  return seconds < 60 ? part(seconds, 'second') : `${part(Math.floor(seconds / 60), 'minute')} ${part(seconds % 60, 'second')}`;
}

/** A whole number of minutes or hours in words, to choose among. */
export function lengthOfTime(milliseconds: number): string {
  const minutes = Math.round(milliseconds / 60_000);
  const [value, unit] = minutes % 60 === 0 ? [minutes / 60, 'hour'] : [minutes, 'minute'];
  return new Intl.NumberFormat(current, { style: 'unit', unit, unitDisplay: 'long' }).format(value);
}

function initialLanguage(): Language {
  const kept = recall('browser', KEPT);
  const wished = [kept ?? '', ...navigator.languages].map((tag) => tag.slice(0, 2).toLowerCase());
  const found = wished.map((tag) => languages.find((which) => which === tag)).find((which) => which !== undefined) ?? 'en';
  document.documentElement.lang = found;
  return found;
}
