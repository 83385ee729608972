//! Dates and sizes, as the catalogue's language writes them.

import { LANGUAGE, NO_DATE } from "./en";
import { localeOf } from "./locale";

const LOCALE = localeOf(LANGUAGE);

const numbers = new Intl.NumberFormat(LOCALE);
const time = new Intl.DateTimeFormat(LOCALE, { hour: "numeric", minute: "2-digit" });
const weekday = new Intl.DateTimeFormat(LOCALE, { weekday: "short" });
const dayOfYear = new Intl.DateTimeFormat(LOCALE, { day: "numeric", month: "short" });
const dayOfAnyYear = new Intl.DateTimeFormat(LOCALE, { day: "numeric", month: "short", year: "numeric" });
const medium = new Intl.DateTimeFormat(LOCALE, { dateStyle: "medium", timeStyle: "short" });
const full = new Intl.DateTimeFormat(LOCALE, { dateStyle: "full", timeStyle: "long" });

/** "1,204". */
export function number(n: number): string {
  return numbers.format(n);
}

/** For a row: the time today, the weekday this week, else a short date. */
export function shortDate(ms: number | null, now: number): string {
  const date = valid(ms);
  if (!date) return "";
  const today = new Date(now);
  if (date.toDateString() === today.toDateString()) return time.format(date);
  const age = new Date(now).setHours(0, 0, 0, 0) - new Date(date).setHours(0, 0, 0, 0);
  // Rounded: a day on which the clocks change has 23 or 25 hours.
  const days = Math.round(age / DAY);
  if (days > 0 && days < 7) return weekday.format(date);
  return (date.getFullYear() === today.getFullYear() ? dayOfYear : dayOfAnyYear).format(date);
}

/** For a message's head. */
export function mediumDate(ms: number | null): string {
  const date = valid(ms);
  return date ? medium.format(date) : NO_DATE;
}

/** With weekday, seconds and time zone: for whoever asks for it. */
export function fullDate(ms: number | null): string {
  const date = valid(ms);
  return date ? full.format(date) : NO_DATE;
}

/** For `<time datetime>`. */
export function isoDate(ms: number | null): string | undefined {
  return valid(ms)?.toISOString();
}

/** "3.4 MB". Decimal units, as every system but one shows them. */
export function size(bytes: number): string {
  const step = bytes < 1000 ? 0 : bytes < 1_000_000 ? 1 : bytes < 1_000_000_000 ? 2 : 3;
  const unit = (["byte", "kilobyte", "megabyte", "gigabyte"] as const)[step] ?? "byte";
  const value = bytes / 1000 ** step;
  const digits = step >= 2 && value < 100 ? 1 : 0;
  return new Intl.NumberFormat(LOCALE, {
    style: "unit",
    unit,
    unitDisplay: step === 0 ? "long" : "short",
    maximumFractionDigits: digits,
  }).format(value);
}

function valid(ms: number | null): Date | null {
  if (ms === null) return null;
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? null : date;
}

const DAY = 86_400_000;
