/**
 * A one-page file of a hybrid cross-reference section (ISO 32000-2, 7.5.8.4): the page tree stands in an object stream,
 * which only readers that know /XRefStm find.
 */
export function hybridDocument(): Buffer {
  const compressed = [
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> >>",
  ];
  const head = `2 0 3 ${compressed[0]!.length + 1} `;
  const content = `${head}${compressed.join(" ")}`;
  let file = "%PDF-1.5\n";
  const offsets: number[] = [];
  const add = (number: number, body: string): void => {
    offsets[number] = file.length;
    file += `${number} 0 obj\n${body}\nendobj\n`;
  };
  add(1, "<< /Type /Catalog /Pages 2 0 R >>");
  add(4, `<< /Type /ObjStm /N 2 /First ${head.length} /Length ${content.length} >>\nstream\n${content}\nendstream`);
  const entries = Buffer.from([2, 0, 4, 0, 2, 0, 4, 1]).toString("latin1");
  const keys = `/Type /XRef /Size 6 /Index [2 2] /W [1 2 1] /Length ${entries.length}`;
  add(5, `<< ${keys} >>\nstream\n${entries}\nendstream`);
  const startxref = file.length;
  const line = (number: number): string =>
    offsets[number] === undefined ? "0000000000 65535 f \n" : `${String(offsets[number]).padStart(10, "0")} 00000 n \n`;
  const table = [0, 1, 2, 3, 4, 5].map(line).join("");
  file += `xref\n0 6\n${table}trailer\n<< /Size 6 /Root 1 0 R /XRefStm ${offsets[5]} >>\nstartxref\n${startxref}\n%%EOF\n`;
  return Buffer.from(file, "latin1");
}
