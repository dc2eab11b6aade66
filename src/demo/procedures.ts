import { Context } from "../context.ts";
import type { TimeUnit } from "../graphql/types.ts";
import { newId } from "../ids.ts";
import { Procedure, ProcedureStep } from "../procedures/entities.ts";
import type { Services } from "../services.ts";
import type { DemoOffice } from "./province.ts";

interface DemoProcedure {
  /** Of the form of the national codes, invented like the province. */
  readonly code: string;
  readonly name: string;
  readonly sector: string;
  /** Symbol of the deciding department; communes decide the others, each for itself. */
  readonly department: string | null;
  readonly limit: readonly [time: number, unit: TimeUnit];
  readonly steps: readonly (readonly [name: string, hours: number])[];
  readonly components: readonly (readonly [name: string, kind: string])[];
}

const original = "bản chính";
const copy = "bản sao";

/** Procedures of the demo province with believable times, steps and papers. */
export const demoProcedures: readonly DemoProcedure[] = [
  {
    code: "9.009001",
    name: "Cấp giấy phép xây dựng mới đối với nhà ở riêng lẻ",
    sector: "Hoạt động xây dựng",
    department: "SXD",
    limit: [10, "WORKING_DAY"],
    steps: [
      ["Thẩm định hồ sơ, kiểm tra thực địa", 40],
      ["Trưởng phòng soát xét", 16],
      ["Lãnh đạo Sở ký duyệt", 16],
      ["Phát hành kết quả", 3],
    ],
    components: [
      ["Đơn đề nghị cấp giấy phép xây dựng", original],
      ["Giấy tờ chứng minh quyền sử dụng đất", copy],
      ["Bản vẽ thiết kế xây dựng", original],
    ],
  },
  {
    code: "9.009002",
    name: "Cấp chứng chỉ hành nghề hoạt động xây dựng hạng II, hạng III",
    sector: "Hoạt động xây dựng",
    department: "SXD",
    limit: [20, "WORKING_DAY"],
    steps: [
      ["Thẩm định hồ sơ", 60],
      ["Sát hạch", 60],
      ["Lãnh đạo Sở ký duyệt", 20],
      ["Phát hành kết quả", 8],
    ],
    components: [
      ["Đơn đề nghị cấp chứng chỉ hành nghề", original],
      ["Văn bằng do cơ sở đào tạo cấp", copy],
      ["Ảnh màu cỡ 4x6 cm", "tệp ảnh"],
    ],
  },
  {
    code: "9.009003",
    name: "Thành lập hội có phạm vi hoạt động trong tỉnh",
    sector: "Tổ chức phi chính phủ",
    department: "SNV",
    limit: [30, "WORKING_DAY"],
    steps: [
      ["Thẩm định hồ sơ", 120],
      ["Lấy ý kiến cơ quan liên quan", 60],
      ["Lãnh đạo Sở ký duyệt", 30],
      ["Phát hành kết quả", 8],
    ],
    components: [
      ["Đơn đề nghị thành lập hội", original],
      ["Dự thảo điều lệ hội", original],
      ["Danh sách ban vận động", original],
    ],
  },
  {
    code: "9.009004",
    name: "Cấp phiếu lý lịch tư pháp",
    sector: "Lý lịch tư pháp",
    department: "STP",
    limit: [5, "WORKING_DAY"],
    steps: [
      ["Tra cứu, xác minh", 24],
      ["Lãnh đạo Sở ký duyệt", 8],
      ["Phát hành kết quả", 4],
    ],
    components: [["Tờ khai yêu cầu cấp phiếu lý lịch tư pháp", original]],
  },
  {
    code: "9.009005",
    name: "Cấp giấy phép môi trường",
    sector: "Môi trường",
    department: "SNNMT",
    limit: [15, "WORKING_DAY"],
    steps: [
      ["Thẩm định hồ sơ, kiểm tra thực tế", 72],
      ["Lãnh đạo Sở ký duyệt", 24],
      ["Phát hành kết quả", 8],
    ],
    components: [
      ["Văn bản đề nghị cấp giấy phép môi trường", original],
      ["Báo cáo đề xuất cấp giấy phép môi trường", original],
    ],
  },
  {
    code: "9.009006",
    name: "Cấp bản sao trích lục hộ tịch",
    sector: "Hộ tịch",
    department: null,
    limit: [4, "WORKING_HOUR"],
    steps: [
      ["Tra cứu sổ, lập trích lục", 2],
      ["Lãnh đạo Ủy ban ký", 1],
      ["Phát hành kết quả", 1],
    ],
    components: [["Tờ khai cấp bản sao trích lục hộ tịch", original]],
  },
  {
    code: "9.009007",
    name: "Xác nhận tình trạng hôn nhân",
    sector: "Hộ tịch",
    department: null,
    limit: [3, "WORKING_DAY"],
    steps: [
      ["Kiểm tra, xác minh", 15],
      ["Lãnh đạo Ủy ban ký", 4],
      ["Phát hành kết quả", 2],
    ],
    components: [
      ["Tờ khai cấp giấy xác nhận tình trạng hôn nhân", original],
      ["Trích lục ghi chú ly hôn, nếu có", copy],
    ],
  },
];

/** Each agency enters its own procedures, in force since the two-level administration began. */
export async function fillDemoProcedures(services: Services, offices: readonly DemoOffice[]): Promise<void> {
  for (const { id: agencyId, agency } of offices) {
    const own = demoProcedures.filter(({ department }) =>
      department ? department === agency.symbol : agency.level === "COMMUNE",
    );
    if (own.length === 0) continue;
    await new Context(services, null, "demo", agencyId).transact(async (em) => {
      for (const { code, name, sector, limit, steps, components } of own) {
        const procedure = em.create(Procedure, {
          id: newId(),
          agencyId,
          code,
          version: 1,
          name,
          sector,
          timeLimit: limit[0],
          timeUnit: limit[1],
          validFrom: "2025-07-01",
          validTo: null,
          components: components.map(([paper, kind]) => ({ name: paper, kind, quantity: "01" })),
        });
        for (const [index, [step, hours]] of steps.entries())
          em.create(ProcedureStep, { procedureId: procedure.id, ordinal: index + 1, name: step, hours });
      }
      await em.flush();
    });
  }
}
