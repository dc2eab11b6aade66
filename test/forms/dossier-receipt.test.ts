import QRCode from "qrcode";
import { expect, test } from "vitest";
import { dossierReceipt, receiptQrText, type DossierReceipt } from "../../src/forms/dossier-receipt.ts";
import { mm } from "../../src/forms/pdf.ts";
import { madeAt } from "./examples.ts";
import { inTheClear, prose, random, readFonts, readText, readWords, render } from "./poppler.ts";

const receipt: DossierReceipt = {
  superior: "Ủy ban nhân dân tỉnh Mẫu Sơn",
  agency: "Trung tâm Phục vụ hành chính công",
  desk: "Bộ phận Tiếp nhận và Trả kết quả",
  receiptNumber: "125/TNHS",
  dossierCode: "H99.12-261121-0007",
  lookupSecret: "K7QM",
  procedureCode: "1.001193",
  procedureName: "Đăng ký khai sinh",
  applicantName: "Trần Thị Ngọc Ánh",
  applicantId: "020190001234",
  address: "Số 12, đường Hùng Vương, phường Hoàng Văn Thụ, tỉnh Mẫu Sơn",
  phone: "0912 345 678",
  email: "ngocanh@example.vn",
  components: [
    { name: "Tờ khai đăng ký khai sinh", kind: "bản chính", quantity: "01" },
    { name: "Hộ chiếu của cha, mẹ", kind: "bản điện tử", quantity: "02" },
  ],
  sets: "01",
  processingTime: "05 ngày làm việc",
  receivedAt: "08 giờ 15 phút, ngày 21 tháng 11 năm 2026",
  dueAt: "17 giờ 00 phút, ngày 27 tháng 11 năm 2026",
  resultDelivery: "Bộ phận Tiếp nhận và Trả kết quả",
  registerBook: "03",
  registerOrdinal: "0125",
  placeAndDay: "Mẫu Sơn, ngày 21 tháng 11 năm 2026",
  receiverName: "Lý Thu Hà",
  madeAt,
};

/** Modules of the printed QR code, read off the rendered page, that are not as in the code of `text`. */
function wrongModules(bytes: Buffer, text: string): number {
  const { modules } = QRCode.create([{ data: Buffer.from(text), mode: "byte" }], { errorCorrectionLevel: "M" });
  const dpi = 300;
  const image = render(bytes, dpi);
  const [left, top, side] = [17, 12, 26].map((length) => (length / 25.4) * dpi) as [number, number, number];
  const module = side / (modules.size + 8);
  let wrong = 0;
  for (let row = -4; row < modules.size + 4; row++) {
    for (let column = -4; column < modules.size + 4; column++) {
      const [x, y] = [left + (column + 4.5) * module, top + (row + 4.5) * module].map(Math.floor) as [number, number];
      const inside = row >= 0 && column >= 0 && row < modules.size && column < modules.size;
      const dark = inside && modules.get(row, column) === 1;
      if (image.grey[y * image.width + x]! < 128 !== dark) wrong++;
    }
  }
  return wrong;
}

test("bears every field of form 01, but the applicant's identifier in the QR code alone", async () => {
  const { bytes, pages } = await dossierReceipt(receipt);
  const text = readText(bytes);
  const { superior, agency, desk, applicantId, components, madeAt: _, ...printed } = receipt;
  for (const field of [...Object.values(printed), ...components.flatMap((part) => Object.values(part) as string[])]) {
    expect(text).toContain(field.replaceAll(" ", ""));
  }
  expect(text).toContain("GIẤYTIẾPNHẬNHỒSƠVÀHẸNTRẢKẾTQUẢ");
  for (const name of [superior!, agency, desk]) {
    expect(text).toContain(name.toLocaleUpperCase("vi").replaceAll(" ", ""));
  }
  expect(text).not.toContain(applicantId);
  expect(pages).toBe(1);
  expect(readFonts(bytes).every((font) => font.includes("yes yes yes"))).toBe(true);
  inTheClear(bytes);
});

test("the QR code at the top left is module for module that of the dossier", async () => {
  const { bytes } = await dossierReceipt(receipt);
  const text = "H99.12-261121-0007|1.001193|020190001234|Giấy tiếp nhận hồ sơ và hẹn trả kết quả";
  expect(receiptQrText(receipt)).toBe(text);
  expect(wrongModules(bytes, text)).toBe(0);
});

test("the check finds the QR code of another dossier (planted)", async () => {
  const { bytes } = await dossierReceipt({ ...receipt, dossierCode: "H99.12-261121-0008" });
  expect(wrongModules(bytes, receiptQrText(receipt))).toBeGreaterThan(20);
});

test("no word stands over the QR code or outside the page, however long the fields are", async () => {
  for (let seed = 1; seed <= 12; seed++) {
    const next = random(seed);
    const long = { ...receipt, agency: prose(next, 18), desk: prose(next, 12), placeAndDay: prose(next, 12) };
    const count = Math.floor(next() * 60);
    const components = Array.from({ length: count }, () => ({ ...receipt.components[0]!, name: prose(next, 30) }));
    const { bytes } = await dossierReceipt({ ...long, address: prose(next, 50), components });
    for (const { text, page, rect } of readWords(bytes).words) {
      const overQr = page === 1 && rect[0] < mm(43) && rect[3] > mm(297 - 38);
      const inside = rect[0] >= mm(20) - 0.1 && rect[2] <= mm(195) + 0.1 && rect[1] >= mm(15) && rect[3] <= mm(294);
      expect([text, inside, overQr]).toEqual([text, true, false]);
    }
  }
});

test("lines without data are left out; equal data give equal bytes; NFD is NFC", async () => {
  const { phone, email, registerBook, registerOrdinal, superior, applicantId, ...bare } = receipt;
  const { bytes } = await dossierReceipt(bare);
  expect(readText(bytes)).not.toMatch(/Email|điệnthoại|quyểnsố/);
  const decomposed = { ...(JSON.parse(JSON.stringify(receipt).normalize("NFD")) as DossierReceipt), madeAt };
  const [one, two] = [await dossierReceipt(receipt), await dossierReceipt(decomposed)];
  expect(two.bytes.equals(one.bytes)).toBe(true);
});

test("more than two hundred components, or a field without end, are refused", async () => {
  const components = Array.from({ length: 201 }, () => receipt.components[0]!);
  await expect(dossierReceipt({ ...receipt, components })).rejects.toMatchObject({ code: "TOO_MANY" });
  const address = "a".repeat(1_000_000);
  await expect(dossierReceipt({ ...receipt, address })).rejects.toMatchObject({ code: "TOO_LONG" });
});
