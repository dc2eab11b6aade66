/** How long an answer of the hub is waited for. */
const patienceMilliseconds = 10_000;

/** The hub's answer, or an error when none has come in time: one that never answers must not hold up all agencies. */
export function answered<T>(answer: Promise<T>, milliseconds = patienceMilliseconds): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new Error(`The hub has not answered in ${milliseconds} ms`)),
    milliseconds,
  );
  return Promise.race([answer, late.promise]).finally(() => clearTimeout(timer));
}
