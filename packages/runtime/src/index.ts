export * from './app-error.ts';
export * from './clock.ts';
export * from './context.ts';
export * from './line-clock.ts';
export * from './load-config.ts';
export * from './log.ts';
export { createOutage } from './resilience/outage.ts';
export * from './resilience/outside-call.ts';
export * from './resilience/take-turn.ts';
