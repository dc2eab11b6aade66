interface Moment {
  readonly day: string;
  readonly time: string | null;
  readonly zone: string | null;
}

const vietnamOffsetMinutes = 7 * 60;
// A day of numbers in either order, then perhaps a time, then perhaps a zone.
const momentPattern =
  /^(\d{1,4}[/-]\d{1,2}[/-]\d{1,4})(?:(?:T| +)(\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:?\d{2})?)?$/;

/** "2026-03-02" from yyyy/MM/dd, dd/MM/yyyy or ISO 8601; undefined if it is no day. A time, if any, is left out. */
export function parseDay(text: string): string | undefined {
  const moment = parseMoment(text);
  return moment && toVietnam(moment).day;
}

/** "2026-03-02T08:30:00+07:00" from any of the date orders with a time; what has no zone is Vietnam's time. */
export function parseTimestamp(text: string): string | undefined {
  const moment = parseMoment(text);
  if (!moment) return undefined;
  const { day, time } = toVietnam({ ...moment, time: moment.time ?? "00:00:00" });
  return `${day}T${time}+07:00`;
}

/** The wire's yyyy/MM/dd. */
export function formatDay(day: string): string {
  return day.replaceAll("-", "/");
}

/** The wire's yyyy/MM/dd HH:mm:ss, which has no zone and means Vietnam's time. */
export function formatTimestamp(timestamp: string): string {
  return `${formatDay(timestamp.slice(0, 10))} ${timestamp.slice(11, 19)}`;
}

function parseMoment(text: string): Moment | undefined {
  const match = momentPattern.exec(text.trim());
  const day = match?.[1] && parseCalendarDay(match[1]);
  const time = match?.[2] === undefined ? null : parseTime(match[2]);
  return day && time !== undefined ? { day, time, zone: match?.[3] ?? null } : undefined;
}

function parseCalendarDay(text: string): string | undefined {
  const [a = "", month = "", b = ""] = text.split(/[/-]/);
  const [year, day] = a.length === 4 ? [a, b] : [b, a];
  if (!/^(?:1[89]|2\d)\d\d$/.test(year) || day.length > 2) return undefined;
  const iso = `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  const time = Date.parse(iso);
  // Date takes 2026-02-30 for 2 March; only what comes back unchanged is a day.
  return Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== iso ? undefined : iso;
}

function parseTime(text: string): string | undefined {
  const [hour = "", minute = "", second = "00"] = text.split(/[:.]/);
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  return `${hour.padStart(2, "0")}:${minute}:${second}`;
}

function toVietnam({ day, time, zone }: Moment): { day: string; time: string | null } {
  if (time === null || zone === null) return { day, time };
  const minutes = zone === "Z" ? 0 : Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  const offset = zone.startsWith("-") ? -minutes : minutes;
  const shifted = new Date(Date.parse(`${day}T${time}Z`) + (vietnamOffsetMinutes - offset) * 60_000).toISOString();
  return { day: shifted.slice(0, 10), time: shifted.slice(11, 19) };
}
