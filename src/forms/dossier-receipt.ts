import { Flow, paragraph, stackCentred, textWidth, type Block, type ParagraphStyle, type Sheet } from "./layout.ts";
import { balancedLines, singleLine, type Run } from "./line-breaking.ts";
import { mm, PdfWriter, type Printed } from "./pdf.ts";
import { drawQrCode } from "./qr-code.ts";
import { atMost, capitals, legibleText } from "./text.ts";

/** One component of a dossier as received. */
export interface ReceivedComponent {
  name: string;
  /** As "bản chính", "bản sao", "bản điện tử". */
  kind: string;
  quantity: string;
}

/** Receipt and appointment (giấy tiếp nhận hồ sơ và hẹn trả kết quả); dates and times are printed as given. */
export interface DossierReceipt {
  superior?: string;
  agency: string;
  /** The one-stop unit (bộ phận tiếp nhận và trả kết quả). */
  desk: string;
  /** As "125/TNHS". */
  receiptNumber: string;
  dossierCode: string;
  /** What a citizen types beside the code to look the dossier up. */
  lookupSecret: string;
  procedureCode: string;
  procedureName: string;
  applicantName: string;
  /** Identifier of the applicant, for the QR code alone. */
  applicantId?: string;
  address: string;
  phone?: string;
  email?: string;
  components: readonly ReceivedComponent[];
  /** Number of sets (số lượng bộ). */
  sets: string;
  /** Time the law allows, as "05 ngày làm việc". */
  processingTime: string;
  receivedAt: string;
  dueAt: string;
  /** Where and how the result is handed over. */
  resultDelivery: string;
  registerBook?: string;
  registerOrdinal?: string;
  /** Place and day above the signatures, as "Mẫu Sơn, ngày 05 tháng 02 năm 2026". */
  placeAndDay: string;
  receiverName: string;
  /** Becomes the creation date of the file. */
  madeAt: Date;
}

const sheet: Sheet = { width: mm(210), height: mm(297), top: mm(15), bottom: mm(15), left: mm(20), right: mm(15) };
const qrSize = mm(26);
const field: ParagraphStyle = { size: 13, leading: 16.5, before: 3, align: "left" };
const title = "Giấy tiếp nhận hồ sơ và hẹn trả kết quả";

/** Makes form 01 of the one-stop mechanism (TT 03/2025/TT-VPCP, Phụ lục I), its QR code at the top left. */
export async function dossierReceipt(data: DossierReceipt): Promise<Printed> {
  const receipt = legible(data);
  const writer = await PdfWriter.create(`${title} ${receipt.dossierCode}`, data.madeAt);
  const flow = new Flow(writer, sheet);
  drawHead(flow, receipt);
  flow.add([...fields(receipt), signatures(receipt)]);
  return writer.finish();
}

/**
 * The text of the QR code: dossier, procedure, applicant's identifier and name of the paper, parted by "|"
 * (TT 01/2023/TT-VPCP names these data, and no format for them).
 */
export function receiptQrText(data: Pick<DossierReceipt, "dossierCode" | "procedureCode" | "applicantId">): string {
  const parts = [data.dossierCode, data.procedureCode, data.applicantId ?? "", title];
  return parts.map((part) => part.normalize("NFC").replaceAll("|", " ").trim()).join("|");
}

function legible({ components, madeAt, ...texts }: DossierReceipt): DossierReceipt {
  const text = (name: string, value: string) => legibleText(name, value, 300).trim();
  const cleaned = Object.entries(texts).map(([name, value]) => [name, text(name, value ?? "")]);
  return {
    ...(Object.fromEntries(cleaned) as typeof texts),
    components: atMost("components", components, 200).map(({ name, kind, quantity }) => ({
      name: text("components", name),
      kind: text("components", kind),
      quantity: text("components", quantity),
    })),
    madeAt,
  };
}

function drawHead(flow: Flow, receipt: DossierReceipt): void {
  const { page, cursor: top } = flow;
  const right = sheet.width - sheet.right;
  const state = singleLine("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "bold", 11.5);
  const motto = singleLine("Độc lập - Tự do - Hạnh phúc", "bold", 12.5);
  drawQrCode(page, receiptQrText(receipt), sheet.left - mm(3), top + mm(3), qrSize);

  const left = sheet.left + qrSize - mm(2);
  const leftWidth = right - state.width - mm(3) - left;
  const names = [
    ...(receipt.superior ? balancedLines(capitals(receipt.superior), "regular", 11, leftWidth) : []),
    ...balancedLines(capitals(receipt.agency), "regular", 11, leftWidth),
    ...balancedLines(capitals(receipt.desk), "bold", 11, leftWidth),
  ];
  const leftBottom = stackCentred(page, left + leftWidth / 2, top, names, 14);
  const rightCentre = right - state.width / 2;
  const rightBottom = stackCentred(page, rightCentre, top, [state, motto], 15.5) - 2;
  page.rule(rightCentre - motto.width / 2, rightBottom, rightCentre + motto.width / 2, rightBottom, 0.75);
  const number = balancedLines(`Số: ${receipt.receiptNumber}`, "regular", 12, leftWidth);
  const numberBottom = stackCentred(page, left + leftWidth / 2, leftBottom - 4, number, 15);
  const place = balancedLines(receipt.placeAndDay, "italic", 12.5, state.width);
  const placeBottom = stackCentred(page, rightCentre, rightBottom - 8, place, 16);

  const middle = sheet.left + textWidth(sheet) / 2;
  const bottom = Math.min(numberBottom, placeBottom, top + mm(3) - qrSize) - 12;
  flow.moveTo(stackCentred(page, middle, bottom, [singleLine(capitals(title), "bold", 15)], 20) - 6);
}

function fields(receipt: DossierReceipt): Block[] {
  const line = (label: string, value: string, bold = false): Block[] =>
    block([
      { text: `${label}:`, face: "regular" },
      { text: value, face: bold ? "bold" : "regular" },
    ]);
  const given = (label: string, value?: string): Block[] => (value ? line(label, value) : []);
  return [
    ...line("Mã hồ sơ", receipt.dossierCode, true),
    ...line("Mã tra cứu", receipt.lookupSecret, true),
    ...line("Đã tiếp nhận hồ sơ của", receipt.applicantName, true),
    ...line("Địa chỉ", receipt.address),
    ...given("Số điện thoại", receipt.phone),
    ...given("Email", receipt.email),
    ...line("Nội dung yêu cầu giải quyết", `${receipt.procedureName} (mã thủ tục: ${receipt.procedureCode})`),
    ...block([{ text: "Thành phần hồ sơ nộp gồm:", face: "regular" }]),
    ...receipt.components.flatMap(({ name, kind, quantity }, index) =>
      block([{ text: `${index + 1}. ${name} (${kind}, số lượng: ${quantity})`, face: "regular" }], mm(8)),
    ),
    ...line("Số lượng hồ sơ", `${receipt.sets} (bộ)`),
    ...line("Thời gian giải quyết hồ sơ theo quy định", receipt.processingTime),
    ...line("Thời gian nhận hồ sơ", receipt.receivedAt),
    ...line("Thời gian trả kết quả giải quyết hồ sơ", receipt.dueAt, true),
    ...line("Đăng ký nhận kết quả tại", receipt.resultDelivery),
    ...given("Vào Sổ theo dõi hồ sơ, quyển số", receipt.registerBook),
    ...given("Số thứ tự trong sổ", receipt.registerOrdinal),
  ];
}

function block(runs: readonly Run[], inset = 0): Block[] {
  return paragraph(runs, sheet.left + inset, textWidth(sheet) - inset, field);
}

/** Both signatures; the receiver's name stands under the space for signing. */
function signatures(receipt: DossierReceipt): Block {
  const column = textWidth(sheet) / 2;
  const [left, right] = [sheet.left + column / 2, sheet.left + column * 1.5];
  const names = balancedLines(receipt.receiverName, "bold", 13, column);
  return {
    height: 34 + mm(22) + names.length * 17,
    before: 14,
    draw(page, top) {
      const hint = singleLine("(Ký và ghi rõ họ tên)", "italic", 11.5);
      for (const [centre, role] of [
        [left, "NGƯỜI NỘP HỒ SƠ"],
        [right, "NGƯỜI TIẾP NHẬN HỒ SƠ"],
      ] as const) {
        stackCentred(page, centre, top, [singleLine(role, "bold", 12.5), hint], 17);
      }
      stackCentred(page, right, top - 34 - mm(22), names, 17);
    },
  };
}
