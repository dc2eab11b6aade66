import type { AgencyKind, AgencyLevel, PositionRank } from "../graphql/types.ts";

/** A post in the demo province and who holds it. */
export interface DemoOfficial {
  readonly username: string;
  readonly fullName: string;
  readonly title: string;
  readonly rank: PositionRank;
  /** Symbol of the unit, if any. */
  readonly unit?: string;
  /** Permissions beyond those of the rank. */
  readonly also?: readonly string[];
}

export interface DemoAgency {
  readonly code: string;
  readonly code102: string;
  readonly name: string;
  readonly symbol: string;
  readonly level: AgencyLevel;
  readonly kind: AgencyKind;
  readonly parent: string | null;
  readonly place: string;
  readonly address: string;
  readonly units: readonly (readonly [symbol: string, name: string])[];
  readonly officials: readonly DemoOfficial[];
}

const province = "Mẫu Sơn";
const oneStop = ["dossier:read", "dossier:receive", "dossier:return"];

/** An invented province of two levels (cấp tỉnh, cấp xã) with believable offices; nobody in it exists. */
export const demoAgencies: readonly DemoAgency[] = [
  {
    code: "H99",
    code102: "000.00.00.H99",
    name: "Ủy ban nhân dân tỉnh Mẫu Sơn",
    symbol: "UBND",
    level: "PROVINCE",
    kind: "PEOPLES_COMMITTEE",
    parent: null,
    place: province,
    address: "Số 1 đường Hùng Vương, phường Mẫu Sơn",
    units: [["TH", "Phòng Tổng hợp"]],
    officials: [
      { username: "chutich.ubnd", fullName: "Hoàng Minh Đức", title: "Chủ tịch", rank: "HEAD" },
      { username: "phochutich.ubnd", fullName: "Nông Thị Thu Hằng", title: "Phó Chủ tịch", rank: "DEPUTY" },
      {
        username: "tonghop.ubnd",
        fullName: "Vi Văn Quyết",
        title: "Trưởng phòng Tổng hợp",
        rank: "UNIT_HEAD",
        unit: "TH",
      },
      { username: "vanthu.ubnd", fullName: "Lê Thị Ngọc Ánh", title: "Văn thư", rank: "CLERK" },
    ],
  },
  {
    code: "H99.01",
    code102: "000.00.01.H99",
    name: "Văn phòng Ủy ban nhân dân tỉnh Mẫu Sơn",
    symbol: "VP",
    level: "PROVINCE",
    kind: "OFFICE",
    parent: "H99",
    place: province,
    address: "Số 1 đường Hùng Vương, phường Mẫu Sơn",
    units: [["HCTC", "Phòng Hành chính - Tổ chức"]],
    officials: [
      { username: "chanhvanphong.vp", fullName: "Trần Quốc Huy", title: "Chánh Văn phòng", rank: "HEAD" },
      { username: "phovanphong.vp", fullName: "Lương Thị Bích", title: "Phó Chánh Văn phòng", rank: "DEPUTY" },
      { username: "vanthu.vp", fullName: "Phạm Thị Hồng Nhung", title: "Văn thư", rank: "CLERK" },
    ],
  },
  {
    code: "H99.02",
    code102: "000.00.02.H99",
    name: "Sở Nội vụ tỉnh Mẫu Sơn",
    symbol: "SNV",
    level: "PROVINCE",
    kind: "DEPARTMENT",
    parent: "H99",
    place: province,
    address: "Số 12 đường Trần Phú, phường Mẫu Sơn",
    units: [
      ["VP", "Văn phòng Sở"],
      ["CCHC", "Phòng Cải cách hành chính"],
    ],
    officials: [
      { username: "giamdoc.snv", fullName: "Nguyễn Thị Thanh Hà", title: "Giám đốc", rank: "HEAD" },
      { username: "phogiamdoc.snv", fullName: "Đặng Văn Long", title: "Phó Giám đốc", rank: "DEPUTY" },
      {
        username: "chanhvanphong.snv",
        fullName: "Hà Thị Kim Oanh",
        title: "Chánh Văn phòng Sở",
        rank: "UNIT_HEAD",
        unit: "VP",
      },
      { username: "vanthu.snv", fullName: "Bùi Thị Lan", title: "Văn thư", rank: "CLERK", unit: "VP" },
      { username: "chuyenvien.snv", fullName: "Lý Văn Thành", title: "Chuyên viên", rank: "OFFICER", unit: "CCHC" },
    ],
  },
  {
    code: "H99.03",
    code102: "000.00.03.H99",
    name: "Sở Tài chính tỉnh Mẫu Sơn",
    symbol: "STC",
    level: "PROVINCE",
    kind: "DEPARTMENT",
    parent: "H99",
    place: province,
    address: "Số 20 đường Trần Phú, phường Mẫu Sơn",
    units: [
      ["VP", "Văn phòng Sở"],
      ["NS", "Phòng Ngân sách"],
    ],
    officials: [
      { username: "giamdoc.stc", fullName: "Phùng Quang Vinh", title: "Giám đốc", rank: "HEAD" },
      { username: "phogiamdoc.stc", fullName: "Triệu Thị Mai", title: "Phó Giám đốc", rank: "DEPUTY" },
      { username: "vanthu.stc", fullName: "Đỗ Thị Yến", title: "Văn thư", rank: "CLERK", unit: "VP" },
      { username: "chuyenvien.stc", fullName: "Ngô Đức Anh", title: "Chuyên viên", rank: "OFFICER", unit: "NS" },
    ],
  },
  {
    code: "H99.04",
    code102: "000.00.04.H99",
    name: "Sở Xây dựng tỉnh Mẫu Sơn",
    symbol: "SXD",
    level: "PROVINCE",
    kind: "DEPARTMENT",
    parent: "H99",
    place: province,
    address: "Số 35 đường Lê Lợi, phường Mẫu Sơn",
    units: [
      ["VP", "Văn phòng Sở"],
      ["QLXD", "Phòng Quản lý xây dựng"],
    ],
    officials: [
      { username: "giamdoc.sxd", fullName: "Vũ Đình Khải", title: "Giám đốc", rank: "HEAD" },
      { username: "phogiamdoc.sxd", fullName: "Ma Thị Duyên", title: "Phó Giám đốc", rank: "DEPUTY" },
      {
        username: "truongphong.sxd",
        fullName: "Nguyễn Hữu Phước",
        title: "Trưởng phòng Quản lý xây dựng",
        rank: "UNIT_HEAD",
        unit: "QLXD",
      },
      { username: "vanthu.sxd", fullName: "Trịnh Thị Hoa", title: "Văn thư", rank: "CLERK", unit: "VP" },
      { username: "chuyenvien.sxd", fullName: "Nông Văn Tùng", title: "Chuyên viên", rank: "OFFICER", unit: "QLXD" },
    ],
  },
  {
    code: "H99.05",
    code102: "000.00.05.H99",
    name: "Sở Nông nghiệp và Môi trường tỉnh Mẫu Sơn",
    symbol: "SNNMT",
    level: "PROVINCE",
    kind: "DEPARTMENT",
    parent: "H99",
    place: province,
    address: "Số 7 đường Bà Triệu, phường Mẫu Sơn",
    units: [["VP", "Văn phòng Sở"]],
    officials: [
      { username: "giamdoc.snnmt", fullName: "Chu Văn Hải", title: "Giám đốc", rank: "HEAD" },
      { username: "vanthu.snnmt", fullName: "Hoàng Thị Thơm", title: "Văn thư", rank: "CLERK", unit: "VP" },
      { username: "chuyenvien.snnmt", fullName: "Dương Công Minh", title: "Chuyên viên", rank: "OFFICER", unit: "VP" },
    ],
  },
  {
    code: "H99.06",
    code102: "000.00.06.H99",
    name: "Sở Khoa học và Công nghệ tỉnh Mẫu Sơn",
    symbol: "SKHCN",
    level: "PROVINCE",
    kind: "DEPARTMENT",
    parent: "H99",
    place: province,
    address: "Số 9 đường Bà Triệu, phường Mẫu Sơn",
    units: [["CDS", "Phòng Chuyển đổi số"]],
    officials: [
      { username: "giamdoc.skhcn", fullName: "Lâm Quốc Bảo", title: "Giám đốc", rank: "HEAD" },
      { username: "vanthu.skhcn", fullName: "Tô Thị Hạnh", title: "Văn thư", rank: "CLERK" },
      { username: "chuyenvien.skhcn", fullName: "Phan Thanh Bình", title: "Chuyên viên", rank: "OFFICER", unit: "CDS" },
    ],
  },
  {
    code: "H99.07",
    code102: "000.00.07.H99",
    name: "Sở Tư pháp tỉnh Mẫu Sơn",
    symbol: "STP",
    level: "PROVINCE",
    kind: "DEPARTMENT",
    parent: "H99",
    place: province,
    address: "Số 15 đường Lê Lợi, phường Mẫu Sơn",
    units: [["HCTP", "Phòng Hành chính tư pháp"]],
    officials: [
      { username: "giamdoc.stp", fullName: "Đinh Thị Tuyết", title: "Giám đốc", rank: "HEAD" },
      { username: "vanthu.stp", fullName: "Nguyễn Thị Thùy", title: "Văn thư", rank: "CLERK" },
    ],
  },
  {
    code: "H99.10",
    code102: "000.00.10.H99",
    name: "Trung tâm Phục vụ hành chính công tỉnh Mẫu Sơn",
    symbol: "TTPVHCC",
    level: "PROVINCE",
    kind: "ONE_STOP_CENTRE",
    parent: "H99.01",
    place: province,
    address: "Số 3 quảng trường Hùng Vương, phường Mẫu Sơn",
    units: [["TNTKQ", "Bộ phận Tiếp nhận và Trả kết quả"]],
    officials: [
      { username: "giamdoc.ttpvhcc", fullName: "Lục Văn Thắng", title: "Giám đốc", rank: "HEAD", also: oneStop },
      {
        username: "motcua.ttpvhcc",
        fullName: "Vương Thị Hiền",
        title: "Cán bộ tiếp nhận",
        rank: "OFFICER",
        unit: "TNTKQ",
        also: oneStop,
      },
      { username: "vanthu.ttpvhcc", fullName: "Mông Thị Liên", title: "Văn thư", rank: "CLERK", also: oneStop },
    ],
  },
  {
    code: "H99.31",
    code102: "000.31.00.H99",
    name: "Ủy ban nhân dân phường Mẫu Sơn",
    symbol: "UBND",
    level: "COMMUNE",
    kind: "PEOPLES_COMMITTEE",
    parent: "H99",
    place: "phường Mẫu Sơn",
    address: "Số 50 đường Trần Phú, phường Mẫu Sơn",
    units: [["VP", "Văn phòng HĐND và UBND"]],
    officials: [
      { username: "chutich.phuongmauson", fullName: "Đàm Thị Ngân", title: "Chủ tịch", rank: "HEAD" },
      {
        username: "vanthu.phuongmauson",
        fullName: "Cao Thị Hương",
        title: "Văn thư",
        rank: "CLERK",
        unit: "VP",
        also: oneStop,
      },
      {
        username: "chuyenvien.phuongmauson",
        fullName: "Lăng Văn Khánh",
        title: "Công chức",
        rank: "OFFICER",
        unit: "VP",
      },
    ],
  },
  {
    code: "H99.32",
    code102: "000.32.00.H99",
    name: "Ủy ban nhân dân xã Bản Mẫu",
    symbol: "UBND",
    level: "COMMUNE",
    kind: "PEOPLES_COMMITTEE",
    parent: "H99",
    place: "Bản Mẫu",
    address: "Trung tâm xã Bản Mẫu",
    units: [["VP", "Văn phòng HĐND và UBND"]],
    officials: [
      { username: "chutich.banmau", fullName: "Tráng A Sùng", title: "Chủ tịch", rank: "HEAD" },
      {
        username: "vanthu.banmau",
        fullName: "Giàng Thị Mỷ",
        title: "Văn thư",
        rank: "CLERK",
        unit: "VP",
        also: oneStop,
      },
      { username: "chuyenvien.banmau", fullName: "Lò Văn Páo", title: "Công chức", rank: "OFFICER", unit: "VP" },
    ],
  },
  {
    code: "H99.33",
    code102: "000.33.00.H99",
    name: "Ủy ban nhân dân xã Đông Mẫu",
    symbol: "UBND",
    level: "COMMUNE",
    kind: "PEOPLES_COMMITTEE",
    parent: "H99",
    place: "Đông Mẫu",
    address: "Trung tâm xã Đông Mẫu",
    units: [["VP", "Văn phòng HĐND và UBND"]],
    officials: [
      { username: "chutich.dongmau", fullName: "Bế Thị Sen", title: "Chủ tịch", rank: "HEAD" },
      {
        username: "vanthu.dongmau",
        fullName: "Hứa Thị Xuân",
        title: "Văn thư",
        rank: "CLERK",
        unit: "VP",
        also: oneStop,
      },
    ],
  },
];
