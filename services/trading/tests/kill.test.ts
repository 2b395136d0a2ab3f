import { describe } from '@jest/globals';
import { amidATrade } from './kill/amid-a-trade.ts';
import { dayOnlyProtection } from './kill/day-only-protection.ts';
import { killedDesk } from './kill/killed-desk.ts';
import { personsExit } from './kill/persons-exit.ts';

const desk = killedDesk();

describe('a service that is killed with -9', () => amidATrade(desk));

describe('a protection that the broker takes for the day only', () => dayOnlyProtection(desk));

describe("a person's own exit", () => personsExit(desk));
