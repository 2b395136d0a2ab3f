export * from './book.ts';
export * from './book-history.ts';
export * from './book-rows.ts';
export { movableTarget } from './flows/patch-target.ts';
export { notOpen, type ExitCause } from './flows/exit-cause.ts';
export type { Alert, HaltFile, LifeDeps, LifeSettings } from './flows/life-deps.ts';
export * from './order-life.ts';
export * from './show-rows.ts';
export * from './rebuild.ts';
