import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readEdxml, writeEdxml, type EdxmlDocument, type EdxmlStatus } from "../../axis/index.ts";

// Messages of other systems, read where they lie; they carry no licence, so the project holds none of them.
const folder = new URL("../../../shared/data/edxml-samples/", import.meta.url);
const sample = (name: string) => readEdxml(readFileSync(new URL(`${name}.edxml`, folder)));
const document = (name: string) => sample(name).message as EdxmlDocument;
const status = (name: string) => sample(name).message as EdxmlStatus;

describe.skipIf(!existsSync(folder))(
  "messages found in the field (skipped where the folder of samples is not at hand)",
  () => {
    test("a new document, with digits before the XML and a cut attachment", () => {
      const { problems, signed } = sample("02-edoc-new-type0");
      const message = document("02-edoc-new-type0");
      expect(signed).toBe(true);
      expect(problems.map(({ code, reason }) => `${code} ${reason}`)).toEqual([
        "M.edXML stray_bytes",
        "T.Attachment.ContentTransferEncoded bad_base64",
      ]);
      expect(message.from).toEqual({
        organId: "002.00.20.H13",
        inCharge: "UBND xã Hòa Tiến - UBND huyện Hòa Vang - Thành phố Đà Nẵng",
        name: "UBND xã Hòa Tiến - UBND huyện Hòa Vang - Thành phố Đà Nẵng",
        address: "Số 1 Hoàng Hoa Thám, Quận Ba Đình, Hà Nội",
        email: "vpcp@gov.vn",
        telephone: "8043100",
        fax: "048989898789",
        website: "vpcp.vn",
      });
      expect(message.to.map(({ organId }) => organId)).toEqual(["28.22.H17"]);
      expect(message).toMatchObject({
        documentId: "000.00.00.G22,2015/09/30,7816/VPCP-TTĐT",
        code: { number: "74fass22", notation: "VPCP-TTĐT" },
        promulgation: { place: "Hà Nội", date: "2019-01-16" },
        documentType: { type: 1, detail: 0, name: "Công văn" },
        signer: { competence: "TL. BO TRUONG", fullName: "Nguyen Thanh Phuc" },
        dueDate: "2018-09-28",
        other: { priority: 0, typerNotation: "TVC", promulgationAmount: 2, pageAmount: 22, direction: false },
        steeringType: 1,
        toPlaces: ["Cac bo va co quan ngang bo", "Uy ban nhan dan cac tinh, TP"],
        trace: [{ organId: "000.00.00.G22", timestamp: "2018-09-28T00:00:00+07:00" }],
        business: {
          documentId: "000.00.00.G22,2014/02/30,7806/VPCP-TTĐT",
          type: 0,
          paper: 0,
          update: null,
          replaces: [],
        },
      });
      expect(message.attachments).toEqual([
        {
          contentId: "cid:209",
          name: "1896_QD-TTg_m_294779.doc",
          description: "1896_QD-TTg_m_294779.doc",
          contentType: "application/zip",
          zipped: false,
          content: null,
        },
      ]);
      expect(message.extensions).toEqual([]);
    });

    test("an update that takes one recipient away and adds another", () => {
      const { business, to } = document("04-edoc-update-type2");
      expect(to.map(({ organId }) => organId)).toEqual(["000.00.00.H41", "000.00.00.H14", "000.00.00.G17"]);
      expect(business).toMatchObject({
        type: 2,
        reason: "Cập nhật văn bản điện tử",
        update: {
          information: 1,
          receivers: 1,
          changes: [
            { organId: "000.00.00.H41", type: 0 },
            { organId: "000.00.00.H14", type: 1 },
          ],
        },
        staff: { department: "Văn thư văn phòng", mobile: "84912000001" },
      });
    });

    test("status messages", () => {
      expect(sample("06-status-generic-01").problems).toEqual([]);
      expect(status("06-status-generic-01")).toMatchObject({
        kind: "status",
        from: { organId: "000.00.00.H41" },
        responseFor: { promulgationDate: "2018-09-28" },
        statusCode: "01",
        timestamp: "2018-09-28T17:25:11+07:00",
      });
      expect(status("09-status-acceptance-03")).toMatchObject({
        responseFor: {
          organId: "000.00.00.G22",
          code: "7816/VPCP-TTĐT",
          promulgationDate: "2015-09-30",
          documentId: "000.00.00.G22,2015/09/30,7816/VPCP-TTĐT",
        },
        staff: { department: "Phong hanh chinh", email: "ngoctram@nghean.vn" },
        statusCode: "03",
      });
      expect(status("13-status-cancellation-13")).toMatchObject({
        from: { organId: "000.00.00.G22" },
        responseFor: { organId: "000.00.00.H41" },
        statusCode: "13",
        description: "Văn thư yêu cầu lấy lại văn bản điện tử kèm lý do",
      });
    });

    test("a document that the axis has rewritten: zip under two labels, two hops, nothing about its business", () => {
      const { problems } = sample("16-received-from-hub-2019");
      const message = document("16-received-from-hub-2019");
      expect(problems.map(({ code }) => code)).toEqual(["N.TraceHeaderList.Bussiness.BussinessDocType"]);
      expect(message).toMatchObject({
        documentId: "9fbfbad2-f1f8-4256-a2eb-50fb1061cddb",
        documentType: { type: 1, detail: null, name: "Thông tư" },
        responseFor: [],
        trace: [
          { organId: "01.02.G22", timestamp: "2018-06-20T16:35:56+07:00" },
          { organId: "001.00.20.TT2", timestamp: "2019-05-17T18:16:33+07:00" },
        ],
        business: { type: null },
      });
      const [file] = message.attachments;
      expect(file).toMatchObject({
        name: "GUIDE_INSTALL OPENVPN.SIGNED.PDF",
        contentType: "application/zip",
        zipped: true,
      });
      expect(Buffer.from(file?.content ?? "", "base64")).toHaveLength(17);
    });

    test("what can be written again reads back equal", () => {
      for (const name of ["06-status-generic-01", "09-status-acceptance-03", "13-status-cancellation-13"]) {
        expect(readEdxml(Buffer.from(writeEdxml(status(name)))).message).toEqual(status(name));
      }
    });
  },
);
