import { describeIssues } from '@catalyst/runtime';
import { ownerLimits, type OwnerLimits } from '../domain/owner-limits.ts';
import type { Terminal } from '../terminal.ts';

type Raw = Record<string, unknown>;
interface Question {
  text: string;
  name: keyof OwnerLimits;
  read: (typed: string) => unknown;
}

const asList = (typed: string): string[] =>
  typed
    .toUpperCase()
    .split(/[\s,]+/)
    .filter((word) => word !== '');
const asDollars = (typed: string): string => typed.replace(/^\$|,/g, '');
const isYes = (typed: string): boolean => /^y(es)?$/i.test(typed);

const QUESTIONS: readonly Question[] = [
  { name: 'max_risk_usd', text: 'Dollars to lose at most in one trade', read: asDollars },
  { name: 'max_notional_usd', text: 'Dollars to put into one position at most', read: asDollars },
  { name: 'max_total_notional_usd', text: 'Dollars in all positions at most', read: asDollars },
  { name: 'max_positions', text: 'Positions at the same time', read: Number },
  {
    name: 'daily_loss_usd',
    text: 'Dollars lost in a day at which everything is sold',
    read: asDollars,
  },
  { name: 'never_symbols', text: 'Symbols never to be traded (none: Enter)', read: asList },
  { name: 'follow_exits', text: 'Sell when the desk sells? (yes/no)', read: isYes },
  {
    name: 'follow_levels',
    text: 'Move your stop and target towards the price as the desk moves its own? (yes/no)',
    read: isYes,
  },
  {
    name: 'send_fills',
    text: 'Tell the desk your entry and exit prices and your result, in units of risk? (yes/no)',
    read: isYes,
  },
];

const shown = (value: unknown): string => {
  if (Array.isArray(value)) return value.join(' ');
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value);
};

/** The owner's limits by plain questions; what is not asked has its careful default. */
export const askLimits = async (terminal: Terminal): Promise<OwnerLimits> => {
  const answers: Raw = { ...ownerLimits.parse({}) };
  for (const { name, text, read } of QUESTIONS)
    for (;;) {
      const typed = await terminal.ask(text, { fallback: shown(answers[name]) });
      // a total below one position would only refuse what comes next
      const raised = name === 'max_notional_usd' ? { max_total_notional_usd: '999999999' } : {};
      const parsed = ownerLimits.safeParse({ ...answers, ...raised, [name]: read(typed) });
      if (parsed.success) {
        answers[name] = parsed.data[name];
        break;
      }
      terminal.note(describeIssues('', parsed.error.issues));
    }
  return ownerLimits.parse(answers);
};
