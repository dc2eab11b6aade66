import type { AdministrativeDocument } from "../../src/forms/administrative-document.ts";

export const madeAt = new Date("2026-11-21T02:00:00Z");

/** A công văn with every kind of line. */
export const letter: AdministrativeDocument = {
  superior: "Ủy ban nhân dân tỉnh Mẫu Sơn",
  agency: "Sở Nội vụ",
  symbol: "SNV-VP",
  place: "Mẫu Sơn",
  subject: "triển khai Hệ thống quản lý văn bản và điều hành dùng chung của tỉnh",
  urgency: "FLASH",
  addressees: ["Các sở, ban, ngành cấp tỉnh", "Ủy ban nhân dân các xã, phường"],
  body: `Thực hiện Nghị định số 30/2020/NĐ-CP của Chính phủ về công tác văn thư,
Sở Nội vụ đề nghị các cơ quan, đơn vị:

1. Rà soát, cập nhật danh sách người làm công tác văn thư.
a) Ký số của người có thẩm quyền trên văn bản điện tử đúng vị trí quy định;
- Báo cáo kết quả trước ngày 05 tháng 12 năm 2026./.`,
  signerTitles: ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"],
  signerName: "Nguyễn Thị Minh Hạnh",
  recipients: ["Như trên", "Giám đốc, các Phó Giám đốc Sở"],
  archive: "VT, VP (05)",
  madeAt,
};

/** A decision, without what is optional elsewhere. */
export const decision: AdministrativeDocument = {
  superior: "Ủy ban nhân dân tỉnh Mẫu Sơn",
  agency: "Sở Nội vụ",
  symbol: "QĐ-SNV",
  place: "Mẫu Sơn",
  type: "Quyết định",
  subject: "Về việc ban hành Quy chế công tác văn thư, lưu trữ",
  authority: "Giám đốc Sở Nội vụ",
  grounds: ["Căn cứ Luật Lưu trữ ngày 21 tháng 6 năm 2024;", "Theo đề nghị của Chánh Văn phòng Sở."],
  enactment: "QUYẾT ĐỊNH:",
  body: "Điều 1. Ban hành kèm theo Quyết định này Quy chế.\n\nĐiều 2. Quyết định này có hiệu lực kể từ ngày ký./.",
  signerTitles: ["Giám đốc"],
  signerName: "Hoàng Văn Thắng",
  recipients: ["Như Điều 2"],
  archive: "VT",
  madeAt,
};
