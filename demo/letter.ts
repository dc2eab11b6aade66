import { createRequire } from "node:module";
import { readFile } from "node:fs/promises";
import fontkit from "@pdf-lib/fontkit";
import { PDFDocument, type PDFFont, type PDFPage } from "pdf-lib";
import { dayFromNow } from "./days.ts";

/** A letter from a body that has no account anywhere here, with what its clerk would read on it. */
export interface Letter {
  readonly pdf: Uint8Array;
  readonly senderName: string;
  readonly referenceCode: string;
  readonly issuedOn: string;
  readonly typeName: string;
  readonly subject: string;
  readonly signerName: string;
  readonly signerPosition: string;
}

export const applicant = "Nguyễn Văn An";
export const powerCompany = "Công ty Điện lực Mẫu Sơn";

const subject =
  "đề nghị thông báo kết quả cấp giấy phép xây dựng công trình trong hành lang an toàn lưới điện " +
  `của ông ${applicant}`;
const body = [
  `Công ty Điện lực Mẫu Sơn nhận được đề nghị của ông ${applicant}, trú tại tổ 5, phường Mẫu Sơn, về việc ` +
    "thỏa thuận khoảng cách an toàn khi xây dựng nhà ở riêng lẻ gần đường dây 22 kV lộ 471 E13.2.",
  "Qua kiểm tra thực địa, khoảng cách từ mép mái công trình đến dây dẫn ngoài cùng là 3,4 m, bảo đảm quy định về " +
    "hành lang bảo vệ an toàn lưới điện. Công ty thống nhất về khoảng cách an toàn của công trình.",
  "Đề nghị Sở Xây dựng thông báo kết quả cấp giấy phép xây dựng để Công ty phối hợp giám sát trong quá trình thi công.",
];

const page = { width: 595.28, height: 841.89, left: 85, right: 50 };

/** Writes the công văn of the power company as a PDF, as its own system would have. */
export async function writeLetter(): Promise<Letter> {
  const issuedOn = dayFromNow(-2);
  const [year, month, day] = issuedOn.split("-");
  const document = await PDFDocument.create();
  document.registerFontkit(fontkit);
  const [regular, bold, italic] = await Promise.all(
    ["400Regular/Tinos_400Regular", "700Bold/Tinos_700Bold", "400Regular_Italic/Tinos_400Regular_Italic"].map((face) =>
      font(document, face),
    ),
  );
  const sheet = document.addPage([page.width, page.height]);
  const centre = (text: string, x: number, y: number, face: PDFFont, size: number) =>
    sheet.drawText(text, { x: x - face.widthOfTextAtSize(text, size) / 2, y, font: face, size });
  centre("TỔNG CÔNG TY ĐIỆN LỰC MIỀN BẮC", 175, 780, regular!, 11);
  centre(powerCompany.toUpperCase(), 175, 764, bold!, 12);
  centre("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 425, 780, bold!, 12);
  centre("Độc lập - Tự do - Hạnh phúc", 425, 764, bold!, 13);
  centre("Số: 312/ĐLMS-KT", 175, 734, regular!, 13);
  centre(`Mẫu Sơn, ngày ${day} tháng ${month} năm ${year}`, 425, 734, italic!, 13);
  centre("V/v thông báo kết quả cấp giấy phép", 175, 716, regular!, 11);
  centre("xây dựng trong hành lang an toàn lưới điện", 175, 702, regular!, 11);
  centre("Kính gửi: Sở Xây dựng tỉnh Mẫu Sơn", 310, 670, regular!, 14);
  let top = 640;
  for (const text of body) top = paragraph(sheet, text, top, regular!) - 8;
  centre("GIÁM ĐỐC", 425, top - 20, bold!, 13);
  centre("(Đã ký)", 425, top - 60, italic!, 13);
  centre("Hoàng Văn Bách", 425, top - 100, bold!, 13);
  document.setTitle("Công văn 312/ĐLMS-KT");
  return {
    pdf: await document.save(),
    senderName: powerCompany,
    referenceCode: "312/ĐLMS-KT",
    issuedOn,
    typeName: "Công văn",
    subject,
    signerName: "Hoàng Văn Bách",
    signerPosition: "Giám đốc",
  };
}

async function font(document: PDFDocument, face: string): Promise<PDFFont> {
  const path = createRequire(import.meta.url).resolve(`@expo-google-fonts/tinos/${face}.ttf`);
  // Whole: the subsets that this library makes of these fonts lose glyphs.
  return document.embedFont(await readFile(path));
}

/** Sets a paragraph ragged right with its first line indented; gives where the next one may stand. */
function paragraph(sheet: PDFPage, text: string, top: number, face: PDFFont): number {
  const size = 14;
  const indent = 28;
  let line = "";
  let y = top;
  let x = page.left + indent;
  const widest = () => page.width - page.right - x;
  const flush = () => {
    sheet.drawText(line, { x, y, font: face, size });
    y -= 19;
    x = page.left;
  };
  for (const word of text.split(" ")) {
    const longer = line ? `${line} ${word}` : word;
    if (line && face.widthOfTextAtSize(longer, size) > widest()) {
      flush();
      line = word;
    } else line = longer;
  }
  flush();
  return y;
}
