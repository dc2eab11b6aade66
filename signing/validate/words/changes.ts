import type { WordTable } from "./sentence.ts";

/** What was changed after a signature. */
export const changeWords: WordTable = {
  APPEARANCE_MALFORMED: ["Hình hiển thị của một trường ghi sai", "The appearance of a field is malformed"],
  CANNOT_COMPARE: [
    "Không so sánh được nội dung sau khi ký với nội dung đã ký",
    "What follows the signature cannot be compared with what was signed",
  ],
  CHANGED: ["Nội dung đã ký bị thay đổi", "Signed content was changed"],
  CHANGED_COMMENT: ["Một ghi chú bị thay đổi", "A comment was changed"],
  COMMENT_OVER_TEXT: [
    "Một ghi chú thêm sau khi ký che lên nội dung",
    "A comment added after the signature covers content",
  ],
  COMMENT_WITH_ACTION: [
    "Một ghi chú thêm sau khi ký có gắn hành động",
    "A comment added after the signature carries an action",
  ],
  COVERED_SINCE: [
    "Nhìn trên trang, chữ hoặc hình đã ký bị che bởi phần thêm vào sau",
    "As the page is drawn, something that was signed is hidden by what came later",
  ],
  COVERS_PICTURE: [
    "Một trường hoặc ghi chú thêm sau che lên hình hoặc nét vẽ đã ký, có thể là chữ",
    "A later field or comment covers a signed picture or drawing, which may be text",
  ],
  DOCUMENT_ID_CHANGED: [
    "Mã định danh của tệp PDF bị đổi sau khi ký; điều này không ảnh hưởng đến nội dung",
    "The identifier of the PDF file was changed after the signature; nothing that it shows depends on it",
  ],
  FIELD_OVER_ANNOTATION: [
    "Một trường chờ sẵn, khi được ký hoặc điền, che hoặc làm lộ chữ của trường hay ghi chú khác",
    "A waiting field hides or uncovers text of another field or comment now that it is signed or filled in",
  ],
  FIELD_OVER_TEXT: [
    "Một trường chờ sẵn, khi được ký hoặc điền, che hoặc làm lộ chữ đã ký",
    "A waiting field hides or uncovers signed text now that it is signed or filled in",
  ],
  FILLED: ["Một trường được điền sau khi ký", "A field was filled in after the signature"],
  FILLED_AGAIN: [
    "Giá trị đã có khi ký bị thay bằng giá trị khác",
    "A value that was there when it was signed became another",
  ],
  INFO_CHANGED: [
    "Thông tin mô tả tệp (tiêu đề, tác giả …) được sửa sau khi ký; nội dung các trang không đổi",
    "The file's description (title, author …) was changed after the signature; the pages are the same",
  ],
  LATER_MARK: ["Khi ký, văn bản chưa có", "When this was signed, the document did not yet have"],
  LATER_SIGNATURE: [
    "Khi ký, văn bản chưa có chữ ký sau",
    "When this was signed, the document did not yet have the signature",
  ],
  LATER_TIMESTAMP: [
    "Dấu thời gian được thêm vào văn bản sau chữ ký này",
    "A document time-stamp was added after this signature",
  ],
  LOCKED: ["Một trường đã khóa bị thay đổi", "A locked field was changed"],
  LOOKS_OTHERWISE: [
    "Nhìn trên trang, có chỗ khác với bản đã ký, ngoài các trường được ký hoặc điền sau",
    "As the page is drawn, it differs from what was signed, outside of fields signed or filled in since",
  ],
  NEW_ANNOTATION: ["Một chú thích lạ được thêm sau khi ký", "An annotation was added after the signature"],
  NEW_COMMENT: ["Một ghi chú được thêm sau khi ký", "A comment was added after the signature"],
  NEW_FIELD: [
    "Một trường mới không được ký được thêm vào sau khi ký",
    "A new field that is not signed was added after the signature",
  ],
  NEW_FIELD_IS_KNOWN: [
    "Một trường mới dùng lại đối tượng đã có khi ký",
    "A new field uses an object that was there when it was signed",
  ],
  NEW_FIELD_MALFORMED: ["Một trường mới ghi sai", "A new field is malformed"],
  NEW_FIELD_WITH_ACTION: ["Một trường mới có gắn hành động", "A new field carries an action"],
  NEW_SIGNATURE_FIELD: [
    "Một trường chữ ký mới đã được thêm và ký sau chữ ký này",
    "A new signature field was added and signed after this signature",
  ],
  NEW_WIDGET_OVER_TEXT: [
    "Một trường thêm sau khi ký che lên nội dung đã ký",
    "A field added after the signature covers signed content",
  ],
  NOT_DRAWN: [
    "Không vẽ được các trang để đối chiếu bằng hình ảnh",
    "The pages could not be drawn to be compared by looking",
  ],
  NOT_PERMITTED: ["Người ký không cho phép loại thay đổi này", "The signer does not permit changes of this kind"],
  REMOVED: ["Nội dung đã ký bị gỡ bỏ", "Signed content was removed"],
  REMOVED_COMMENT: ["Một ghi chú bị gỡ bỏ", "A comment was removed"],
  SEE_THROUGH_OVER_TEXT: [
    "Hình trong suốt (như con dấu) nằm trên chữ đã ký",
    "A see-through image, such as a seal, lies over signed text",
  ],
  SIGNATURE_CLOSES_NO_REVISION: [
    "Một chữ ký thêm sau không bao phủ lần lưu có nó",
    "A later signature does not close the revision that it stands in",
  ],
  SIGNED: ["Một trường chờ ký được ký sau chữ ký này", "A waiting field was signed after this signature"],
  UNREADABLE_CONTENT: ["Không đọc được nội dung một trang", "The content of a page cannot be read"],
  UNREADABLE_OBJECT: [
    "Một đối tượng không đọc được nên không so sánh được",
    "An object cannot be read, and so not be compared",
  ],
  VALUE_IS_NOT_WHAT_IS_SHOWN: [
    "Giá trị của một trường khác với chữ hiển thị",
    "The value of a field is not what is shown",
  ],
  VALUE_MAY_NOT_BE_WHAT_IS_SHOWN: [
    "Không chắc một trường hiển thị đúng giá trị của nó",
    "It is not certain that a field shows its value",
  ],
  WIDGET_MOVED: ["Một trường bị dời chỗ sau khi ký", "A field was moved after the signature"],
  WIDGET_OUT_OF_ITS_PLACE: [
    "Một trường thêm sau khi ký có thể hiện ra ngoài khung của nó",
    "A field added after the signature may be shown outside of its rectangle",
  ],
  WIDGET_SHOWN_TWICE: ["Một trường được hiển thị hai lần", "A field is shown twice"],
};
