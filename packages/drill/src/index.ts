export { runDrill, type DrillOptions, type DrillResult } from './run-drill.ts';
export type { CaseResult } from './settle.ts';
export { runSoak, type SoakOptions, type WindowResult } from './run-soak.ts';
export { chooseCases } from './cases.ts';
