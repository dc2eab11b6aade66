import type { Journal } from "../journal.ts";
import type { Output } from "../output.ts";
import { congvan } from "./programs.ts";

interface AuditReport {
  readonly ok: boolean;
  readonly agencies: readonly { readonly events: number }[];
}

/** Every agency's chain of acts is recomputed by the command line on the same data (kiểm tra nhật ký). */
export async function verifyAudit(journal: Journal, output: Output, dataDirectory: string): Promise<void> {
  await journal.step(
    "congvan audit verify",
    async ({ check }) => {
      const { status, output: printed, errors } = await congvan(dataDirectory, "audit", "verify", "--json");
      await output.keep("audit-report.json", printed || errors);
      check("mã thoát (exit status)", [0, ""], [status, errors]);
      const report = JSON.parse(printed || "{}") as Partial<AuditReport>;
      check("nhật ký nguyên vẹn (chains intact)", true, report.ok);
      const events = (report.agencies ?? []).reduce((sum, agency) => sum + agency.events, 0);
      check("có sự kiện (there are acts)", true, events > 30);
      return { events, agencies: report.agencies?.length ?? 0 };
    },
    ({ events, agencies }) => `congvan audit verify: ${events} sự kiện của ${agencies} cơ quan, chuỗi băm nguyên vẹn`,
  );
}
