import type { WordTable } from "./sentence.ts";

/** What in a signed revision could mislead people, though nothing was changed. */
export const warningWords: WordTable = {
  CHANGING_LAYERS: [
    "Tài liệu có lớp mà phần mềm xem, việc in hoặc cấu hình khác có thể bật, tắt",
    "The document has layers that viewers, printing or another configuration may show or hide",
  ],
  HIDDEN_FIELD: ["Một trường có giá trị nhưng không hiển thị", "A field has a value but is not shown"],
  HIDDEN_LAYERS: ["Tài liệu có lớp bị ẩn", "The document has hidden layers"],
  IMPORTS_DATA: ["Tài liệu có hành động nhập dữ liệu", "The document has an action that imports data"],
  LAUNCHES_A_PROGRAM: ["Tài liệu có hành động chạy chương trình", "The document has an action that starts a program"],
  LEADS_OUTSIDE: ["Tài liệu có liên kết ra bên ngoài", "The document has a link that leads outside"],
  NOT_LOOKED_AT: ["Có phần chưa xem xét được", "Something could not be looked at"],
  RUNS_BY_ITSELF: [
    "Tài liệu có hành động tự chạy khi mở hoặc khi thao tác",
    "The document has actions that run by themselves, on opening or on use",
  ],
  SCRIPT: ["Tài liệu có mã lệnh (JavaScript)", "The document has a script"],
  SENDS_DATA: ["Tài liệu có hành động gửi dữ liệu", "The document has an action that sends data"],
  TEXT_UNDER_ANNOTATION: ["Có chữ nằm dưới một chú thích", "There is text under an annotation"],
  TEXT_UNDER_PICTURE: ["Có chữ nằm dưới hình hoặc mảng màu", "There is text under a picture or an area of colour"],
  UNUSED_OBJECT: ["Có đối tượng không được dùng đến", "There is an object that is not used"],
};
