//! What crosses between the page and its worker. Types only: both sides include it, neither gains code.

import type { Intent, Update } from "postern-client/types";

/** From the page to the worker. Each tab numbers what it asks, from 1. */
export type ToWorker = { number: number; intent: Intent };

/** From the worker to the page. */
export type FromWorker =
  /** What the engine told, in order; one batch is shown in one frame. */
  | { type: "updates"; updates: Update[] }
  /** The intent of this number was taken in, and what could be shown of it at once was told before. */
  | { type: "answered"; number: number }
  /** One intent or one update was lost on the way. The engine lives on. */
  | { type: "lost"; detail: string }
  /** The engine could not be loaded, or it broke. Nothing more comes. */
  | { type: "broken"; detail: string };
