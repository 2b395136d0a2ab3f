import { randomBytes } from 'node:crypto';
import type { DeskStanding } from '@catalyst/contracts';
import type { AppError, Log } from '@catalyst/service-kit';
import { envelopeLine, toEnvelope, type Mode } from '../domain/envelope.ts';
import {
  fence,
  holdsOutside,
  markOutside,
  UNTRUSTED_NOTE,
  visibleLine,
} from '../domain/outside-words.ts';
import { shownNumbers, withoutNoise } from '../domain/shown-numbers.ts';
import type { Tool, ToolAnswer } from '../tools/tool.ts';
import type { KeepStanding } from './keep-standing.ts';

interface Deps {
  standing: Pick<KeepStanding, 'read'>;
  mode: Mode;
  log: Log;
}

/** A text that stands alone, and the same facts as data. */
export interface Answer {
  text: string;
  data: Record<string, unknown>;
  picture?: Buffer;
}

/** What an act that enters nothing on a desk that is stopped should not be silent about. */
const IN_VAIN: Readonly<Record<string, string>> = {
  halted: 'nothing is entered until the operator resumes or arms it',
  reducing: 'entries are paused until the operator resumes',
  flattening: 'everything is being closed, and nothing is entered until the operator resumes',
};

/** Puts every answer, an error's too, into the one envelope, with outside words marked. */
export const createMakeAnswers = ({ standing: kept, mode, log }: Deps) => {
  /** Nothing waits for it in vain: an answer without a standing says that it has none. */
  const readStanding = async (): Promise<DeskStanding | null> => {
    try {
      return await kept.read();
    } catch (error) {
      log.warn('standing_unread', { error });
      return null;
    }
  };
  const told = (standing: DeskStanding | null, found: ToolAnswer, tool: Tool): Answer => {
    const around = toEnvelope(mode, standing, found.as_of);
    const marked = markOutside(tool.output, tool.output.parse(found.data));
    const data = shownNumbers(marked) as Record<string, unknown>;
    const fenced = fence(found.quotes ?? [], randomBytes(8).toString('hex'));
    const vain =
      tool.annotations.readOnlyHint || tool.only_lowers_risk
        ? undefined
        : IN_VAIN[around.trading_state];
    return {
      text: [
        envelopeLine(around),
        withoutNoise(found.text),
        ...(vain
          ? [`Trading is ${around.trading_state} (${around.trading_reason}): ${vain}.`]
          : []),
        ...(fenced ? ['', fenced] : []),
      ].join('\n'),
      data: {
        ...around,
        ...(holdsOutside(data) && { untrusted_note: UNTRUSTED_NOTE }),
        ...data,
      },
      ...(found.picture && { picture: found.picture }),
    };
  };
  return {
    readStanding,
    /** A read's standing is asked for beside the read, an act's after it. */
    succeeded: told,
    failed: (standing: DeskStanding | null, error: AppError): Answer => {
      const around = toEnvelope(mode, standing);
      const { code, message, details } = error.toBody().error;
      // a service names the part of its own request; here there are arguments alone
      const told = visibleLine(message.replaceAll(/\b(body|params|query)\.(?=[a-z])/g, ''));
      return {
        text: `${envelopeLine(around)}\n${code}: ${told}`,
        data: { ...around, error: shownNumbers({ code, message: told, details }) },
      };
    },
  };
};
export type MakeAnswers = ReturnType<typeof createMakeAnswers>;
