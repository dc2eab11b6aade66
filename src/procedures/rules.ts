import { wrongState } from "../errors.ts";
import type { Procedure, ProcedureComponent } from "./entities.ts";

/** WRONG_STATE unless dossiers may be received under the procedure on that day (thủ tục còn hiệu lực). */
export function assertInForce(procedure: Pick<Procedure, "code" | "validFrom" | "validTo">, day: string): void {
  if (procedure.validFrom > day || (procedure.validTo && procedure.validTo < day))
    throw wrongState(
      `Thủ tục ${procedure.code} không có hiệu lực trong ngày tiếp nhận.`,
      `Procedure ${procedure.code} is not in force on the day of reception.`,
      { validFrom: procedure.validFrom, validTo: procedure.validTo ?? null },
    );
}

/** Time that the law allows, as printed: `05 ngày làm việc`. */
export const printedTimeLimit = ({ timeLimit, timeUnit }: Pick<Procedure, "timeLimit" | "timeUnit">): string =>
  `${String(timeLimit).padStart(2, "0")} ${timeUnit === "WORKING_DAY" ? "ngày" : "giờ"} làm việc`;

/** A paper as one line: `Đơn đề nghị (bản chính, số lượng: 01)`. */
export const printedComponent = ({ name, kind, quantity }: ProcedureComponent): string =>
  `${name} (${kind}, số lượng: ${quantity})`;
