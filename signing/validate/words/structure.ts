import type { WordTable } from "./sentence.ts";

/** The file, and the place of a signature in it. */
export const structureWords: WordTable = {
  AUTH_CODE_NOT_EVALUATED: [
    "Tệp có mã xác thực toàn vẹn (ISO/TS 32004), không xét đến",
    "The file has an integrity code (ISO/TS 32004), which is not evaluated",
  ],
  BYTES_AFTER_THE_END: [
    "Có dữ liệu lạ nối sau phần cuối của tệp mà không chữ ký nào bao phủ",
    "Foreign data that no signature covers follows the end of the file",
  ],
  BYTES_BEFORE_HEADER: ["Có dữ liệu trước phần đầu của tệp PDF", "There are bytes in front of the PDF header"],
  BYTES_BEHIND_END: ["Có dữ liệu sau phần cuối của tệp PDF", "There are bytes behind the end of the PDF"],
  BYTE_RANGES_OVERLAP: [
    "Vùng dữ liệu của các chữ ký chồng lấn nhau, không thể cùng được ký trên một tệp",
    "The ranges of several signatures overlap; they cannot have been made over the same file",
  ],
  BYTE_RANGE_GAP_IS_NOT_CONTENTS: [
    "Phần bỏ trống của vùng được ký không đúng là chỗ đặt chữ ký: nội dung có thể đã bị đánh tráo",
    "The gap in the signed range is not the place of the signature: content may have been exchanged",
  ],
  BYTE_RANGE_MALFORMED: ["Vùng dữ liệu được ký ghi sai", "The signed range is malformed"],
  CERTIFICATION_IS_NOT_FIRST: [
    "Chữ ký chứng nhận tài liệu không phải là chữ ký đầu tiên",
    "The certifying signature is not the first signature",
  ],
  CONTENTS_MALFORMED: ["Giá trị chữ ký thiếu hoặc ghi sai", "The signature value is missing or malformed"],
  COVERAGE_ENDS_INSIDE_A_REVISION: [
    "Vùng được ký kết thúc giữa chừng một lần lưu: phần còn lại không được bảo vệ",
    "The signed range ends inside a revision: the rest of it is not protected",
  ],
  EARLIER_SECTIONS_REBUILT: [
    "Bảng tham chiếu của các lần lưu trước được dựng lại mà không làm thay đổi nội dung",
    "The cross-reference sections of earlier revisions were found again without any change of content",
  ],
  ENCRYPTED_PDF: ["Tệp được mã hóa và cần mật khẩu", "The file is encrypted and needs a password"],
  FIELD_LISTED_TWICE: ["Biểu mẫu liệt kê một trường hai lần (vô hại)", "The form lists a field twice (harmless)"],
  FILE_UNREADABLE: ["Không đọc được tệp", "The file cannot be read"],
  LIMIT_EXCEEDED: ["Tệp vượt giới hạn xử lý an toàn", "The file exceeds a limit of safe processing"],
  MALFORMED_PDF: ["Tệp PDF sai cấu trúc", "The PDF is malformed"],
  MISSING_ENDOBJ: ["Một đối tượng thiếu dấu kết thúc", "An object lacks its closing keyword"],
  NO_SIGNATURES: ["Tệp không có chữ ký số nào", "The file has no digital signature"],
  NO_SIGNED_REVISION: [
    "Chữ ký không bao phủ trọn vẹn một bản lưu nào của tệp",
    "The signature covers no revision of the file as a whole",
  ],
  OBJECTS_BEHIND_END: ["Có đối tượng nằm sau phần cuối của tệp", "There are objects behind the end of the file"],
  OBJECT_AT_ZERO: [
    "Một đối tượng được ghi ở vị trí 0, tức là không tồn tại",
    "An object is listed at offset 0, which means that it does not exist",
  ],
  OBJECT_NOT_IN_ITS_PLACE: [
    "Một đối tượng không nằm ở vị trí đã ghi và phải tìm lại",
    "An object is not where the file says and had to be searched for",
  ],
  PADDING_ENCIPHERED: [
    "Phần trống sau chữ ký được mã hóa cùng tệp (vô hại)",
    "The blank space behind the signature is enciphered with the file (harmless)",
  ],
  PREV_ZERO: [
    "Tham chiếu đến lần lưu trước ghi bằng 0 (vô hại)",
    "The link to the previous revision is given as 0 (harmless)",
  ],
  REPEATED_KEY: [
    "Một khóa xuất hiện hai lần: các phần mềm có thể đọc khác nhau",
    "A key stands twice: programs may read it differently",
  ],
  SECOND_CERTIFICATION: ["Tài liệu được chứng nhận hơn một lần", "The document is certified more than once"],
  SIGNATURES_SEEN: ["Số chữ ký nhìn thấy trong tệp", "Signatures seen in the file"],
  SIGNATURE_INVALID: ["Chữ ký không đúng về mặt mật mã", "The signature is cryptographically wrong"],
  SIGNATURE_IN_SEVERAL_FIELDS: ["Một chữ ký được hiển thị ở nhiều trường", "One signature is shown by several fields"],
  SIGNATURE_IS_NO_DICTIONARY: [
    "Trường chữ ký chứa một giá trị không phải là chữ ký",
    "The signature field holds something that is no signature",
  ],
  SIGNATURE_OUTSIDE_THE_FORM: [
    "Trên trang có hình chữ ký không thuộc biểu mẫu của tài liệu nên không thể kiểm tra",
    "A page shows a signature that the form does not know, so that it cannot be checked",
  ],
  SIGNATURE_REMOVED: ["Một chữ ký đã bị gỡ khỏi tài liệu", "A signature was removed from the document"],
  SIGNATURE_WAS_EXCHANGED: [
    "Chữ ký trong trường đã bị thay bằng chữ ký khác sau khi ký",
    "The signature in the field was exchanged for another afterwards",
  ],
  SIGNATURE_WITHOUT_A_FIELD: [
    "Trong tệp có dữ liệu chữ ký không thuộc trường chữ ký nào",
    "The file holds signature data that no field shows",
  ],
  SPACE_BEFORE_OBJECT: [
    "Có khoảng trắng trước một đối tượng (vô hại)",
    "There is white space before an object (harmless)",
  ],
  SPACE_BEFORE_XREF: [
    "Có khoảng trắng trước bảng tham chiếu (vô hại)",
    "There is white space before a cross-reference section (harmless)",
  ],
  STREAM_KEYWORD_LINE_END: [
    "Một luồng dữ liệu bắt đầu bằng ký tự xuống dòng sai quy định",
    "A stream begins with a line end that is against the standard",
  ],
  STRUCTURE_REBUILT: [
    "Cấu trúc tệp bị hỏng và phải dựng lại",
    "The structure of the file is damaged and had to be rebuilt",
  ],
  STRUCTURE_REPAIRED: [
    "Cấu trúc tệp phải sửa mới đọc được: phần mềm khác có thể hiển thị khác",
    "The file had to be repaired to be read: other programs may show it differently",
  ],
  STRUCTURE_UNREADABLE: ["Không đọc được cấu trúc của tệp", "The structure of the file cannot be followed"],
  WRONG_STREAM_LENGTH: ["Độ dài của một luồng dữ liệu ghi sai", "The length of a stream is given wrongly"],
  XREF_LINES_OF_ANOTHER_LENGTH: [
    "Các dòng của bảng tham chiếu có độ dài khác quy định (vô hại)",
    "The lines of a cross-reference table have another length (harmless)",
  ],
  XREF_NUMBERED_FROM_ONE: [
    "Bảng tham chiếu đánh số từ 1 (vô hại)",
    "A cross-reference table is numbered from 1 (harmless)",
  ],
  LINEARIZED_LENGTH_AFTER_UPDATES: [
    "Độ dài ghi cho bản xem nhanh trên mạng đã cũ (vô hại)",
    "The length given for fast web view is that of an earlier state (harmless)",
  ],
  MISLEADING_STREAM: [
    "Một luồng thêm sau khi ký giống bảng tham chiếu nhưng không được dùng đến",
    "A stream added after the signature looks like a cross-reference section but is not used as one",
  ],
  OTHER_GENERATION: [
    "Một đối tượng được nhắc tới với số thế hệ khác",
    "An object is referred to by another generation number",
  ],
  UNLISTED_OBJECT: [
    "Có đối tượng mà bảng tham chiếu không nêu: phần mềm khác có thể hiển thị nó",
    "An object is in no cross-reference section: other programs may show it",
  ],
  UNLISTED_TRAILER: [
    "Có phần cuối tệp mà bảng tham chiếu không nêu: phần mềm khác có thể đọc theo nó",
    "A trailer is in no cross-reference section: other programs may follow it",
  ],
  DSS_TOO_LARGE: ["Kho dữ liệu kiểm tra trong tệp quá lớn", "The security store in the file is too large"],
  DSS_UNREADABLE: ["Không đọc được kho dữ liệu kiểm tra trong tệp", "The security store in the file cannot be read"],
  DSS_UNREADABLE_OBJECT: [
    "Một mục trong kho dữ liệu kiểm tra không đọc được và bị bỏ qua",
    "An entry of the security store cannot be read and is passed over",
  ],
};
