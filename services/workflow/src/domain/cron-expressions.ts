import { inNewYork, type Instant } from '@catalyst/domain';

/** 1,2,3,7 -> "1-3,7". */
const ranges = (numbers: readonly number[]): string => {
  const parts: string[] = [];
  for (let index = 0; index < numbers.length;) {
    let last = index;
    while (numbers[last + 1] === numbers[last]! + 1) last += 1;
    parts.push(last === index ? String(numbers[index]) : `${numbers[index]}-${numbers[last]}`);
    index = last + 1;
  }
  return parts.join(',');
};

/**
 * Cron expressions in New York's time that fire at exactly these minutes of their date: one for
 * each group of hours with the same minutes.
 */
export const cronExpressions = (times: readonly Instant[]): string[] => {
  const minutesOf = new Map<string, Map<number, number[]>>();
  for (const at of times) {
    const { date, clock } = inNewYork(at);
    const [hour, minute] = clock.split(':').map(Number) as [number, number];
    const hours = minutesOf.get(date) ?? new Map<number, number[]>();
    minutesOf.set(date, hours);
    hours.set(hour, [...(hours.get(hour) ?? []), minute]);
  }
  return [...minutesOf].flatMap(([date, hours]) => {
    const hoursOf = new Map<string, number[]>();
    for (const [hour, minutes] of hours) {
      const text = ranges(minutes);
      hoursOf.set(text, [...(hoursOf.get(text) ?? []), hour]);
    }
    const [, month, day] = date.split('-').map(Number);
    return [...hoursOf].map(([minutes, list]) => `${minutes} ${ranges(list)} ${day} ${month} *`);
  });
};
