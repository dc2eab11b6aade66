const offset = 7 * 3_600_000;

/** The day in Vietnam so many days from now, `YYYY-MM-DD`. */
export const dayFromNow = (days: number): string =>
  new Date(Date.now() + offset + days * 86_400_000).toISOString().slice(0, 10);

/** The same, or the Monday after where that is at a weekend: nobody is given until a Sunday. */
export function workdayFromNow(days: number): string {
  const day = dayFromNow(days);
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return weekday === 0 ? dayFromNow(days + 1) : weekday === 6 ? dayFromNow(days + 2) : day;
}

/** A day as people write it, `21/11/2026`. */
export const printedDay = (day: string): string => day.split("-").reverse().join("/");

/** An instant as people read it in Vietnam, `16:30 21/11/2026`. */
export function printedTime(instant: string): string {
  const text = new Date(Date.parse(instant) + offset).toISOString();
  return `${text.slice(11, 16)} ${printedDay(text.slice(0, 10))}`;
}
