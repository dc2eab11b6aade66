import { badInput } from "../errors.ts";

/** The 29 types of administrative documents, NĐ 30/2020 Điều 7; abbreviations by Annex III (loại văn bản hành chính). */
export const documentTypes = [
  ["NQ", "Nghị quyết", "NQ"],
  ["QD", "Quyết định", "QĐ"],
  ["CT", "Chỉ thị", "CT"],
  ["QC", "Quy chế", "QC"],
  ["QYD", "Quy định", "QyĐ"],
  ["TC", "Thông cáo", "TC"],
  ["TB", "Thông báo", "TB"],
  ["HD", "Hướng dẫn", "HD"],
  ["CTR", "Chương trình", "CTr"],
  ["KH", "Kế hoạch", "KH"],
  ["PA", "Phương án", "PA"],
  ["DEAN", "Đề án", "ĐA"],
  ["DUAN", "Dự án", "DA"],
  ["BC", "Báo cáo", "BC"],
  ["BB", "Biên bản", "BB"],
  ["TTR", "Tờ trình", "TTr"],
  ["HDONG", "Hợp đồng", "HĐ"],
  ["CV", "Công văn", ""],
  ["CD", "Công điện", "CĐ"],
  ["BGN", "Bản ghi nhớ", "BGN"],
  ["BTT", "Bản thỏa thuận", "BTT"],
  ["GUQ", "Giấy ủy quyền", "GUQ"],
  ["GM", "Giấy mời", "GM"],
  ["GGT", "Giấy giới thiệu", "GGT"],
  ["GNP", "Giấy nghỉ phép", "GNP"],
  ["PG", "Phiếu gửi", "PG"],
  ["PC", "Phiếu chuyển", "PC"],
  ["PB", "Phiếu báo", "PB"],
  ["THC", "Thư công", ""],
].map(([code, name, abbreviation]) => ({ code: code!, name: name!, abbreviation: abbreviation! }));

export type DocumentTypeRecord = (typeof documentTypes)[number];

const byCode = new Map(documentTypes.map((type) => [type.code, type]));

export const documentType = (code: string): DocumentTypeRecord | undefined => byCode.get(code);

/** Type by code, or BAD_INPUT. */
export function requireDocumentType(code: string): DocumentTypeRecord {
  const type = documentType(code);
  if (!type) throw badInput("typeCode", `Không có loại văn bản “${code}”.`, `There is no document type "${code}".`);
  return type;
}
