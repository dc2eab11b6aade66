/** The namespace of QCVN 102:2016/BTTTT. */
export const edxmlNamespace = "http://www.mic.gov.vn/TBT/QCVN_102_2016";

/** Bounds within which a message is read. What exceeds them is refused whole. */
export interface ReadLimits {
  /** Of the file. */
  readonly bytes: number;
  readonly depth: number;
  readonly elements: number;
  /** Of one element, namespace declarations included. */
  readonly attributes: number;
  readonly attributeLength: number;
  /** Of the text of one element, other than the content of an attachment. */
  readonly textLength: number;
  /** Of one zipped attachment, unpacked size over packed size. */
  readonly zipRatio: number;
  /** Of all attachments together, unpacked. */
  readonly unpackedBytes: number;
}

/** The largest provincial axis takes attachments of 50 MB; base64 makes that 67 MB. */
export const defaultLimits: ReadLimits = {
  bytes: 100 * 1024 * 1024,
  depth: 24,
  elements: 20_000,
  attributes: 16,
  attributeLength: 2_048,
  textLength: 64 * 1024,
  zipRatio: 200,
  unpackedBytes: 256 * 1024 * 1024,
};
