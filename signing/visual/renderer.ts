import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { init, type WrappedPdfiumModule } from "@embedpdf/pdfium";
import { SigningError } from "../errors.ts";

/** A page as drawn: four bytes a pixel (blue, green, red, unused), rows from the top. */
export interface DrawnPage {
  readonly width: number;
  readonly height: number;
  /** Pixels for each point. */
  readonly scale: number;
  readonly pixels: Buffer;
}

/** More pages are not drawn, longer sides are made smaller, and the renderer gets no more memory. */
const limits = { pages: 200, side: 2_400, bytes: 256 * 2 ** 20 } as const;
/** FPDF_ANNOT: annotations are drawn, too. */
const WITH_ANNOTATIONS = 1;
const WHITE = 0xffffffff;

/** A file opened by PDFium, which has a memory of its own: whatever the file does to it ends with `close`. */
export interface DrawnFile {
  readonly pageCount: number;
  /** A page from 0, with so many pixels a point unless it is very large. */
  draw(page: number, scale: number, annotations?: "without annotations"): DrawnPage;
  close(): void;
}

let compiled: Promise<WebAssembly.Module> | undefined;

/** PDFium in a new instance with a memory that cannot grow beyond its limit. */
async function renderer(): Promise<WrappedPdfiumModule> {
  compiled ??= readFile(createRequire(import.meta.url).resolve("@embedpdf/pdfium/pdfium.wasm")).then((bytes) =>
    WebAssembly.compile(bytes),
  );
  const module = await compiled;
  const overrides = {
    instantiateWasm(imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void) {
      const environment = imports["env"] as Record<string, (size: number) => unknown>;
      const grow = environment["emscripten_resize_heap"]!;
      environment["emscripten_resize_heap"] = (size) => (size >>> 0 > limits.bytes ? 0 : grow(size));
      void WebAssembly.instantiate(module, imports).then(done);
      return {};
    },
    print: () => undefined,
    printErr: () => undefined,
  };
  const made = await init(overrides as unknown as Parameters<typeof init>[0]);
  made.PDFiumExt_Init();
  return made;
}

/** Opens a file to be drawn. Throws NOT_DRAWABLE for what PDFium does not open, or for too many pages. */
export async function openDrawn(bytes: Buffer): Promise<DrawnFile> {
  const pdfium = await renderer();
  const { wasmExports } = pdfium.pdfium;
  return guarded(() => {
    const address = wasmExports.malloc(bytes.length);
    if (address === 0) throw notDrawable("The file is too large to be drawn.");
    memoryOf(pdfium).set(bytes, address);
    const document = pdfium.FPDF_LoadMemDocument(address, bytes.length, "");
    if (document === 0) throw notDrawable("The file cannot be opened for drawing.");
    const pageCount = pdfium.FPDF_GetPageCount(document);
    if (pageCount > limits.pages) throw notDrawable("The file has too many pages to be drawn.");
    // Fields are drawn by the form, not with the page.
    const info = pdfium.PDFiumExt_OpenFormFillInfo();
    const form = pdfium.PDFiumExt_InitFormFillEnvironment(document, info);
    return {
      pageCount,
      draw: (page, scale, annotations) =>
        guarded(() => draw(pdfium, document, page, scale, annotations ? undefined : form)),
      close: () =>
        guarded(() => {
          pdfium.PDFiumExt_ExitFormFillEnvironment(form);
          pdfium.PDFiumExt_CloseFormFillInfo(info);
          pdfium.FPDF_CloseDocument(document);
        }),
    };
  });
}

/** Draws a page with its annotations and fields, or without them where no form is given. */
function draw(
  pdfium: WrappedPdfiumModule,
  document: number,
  index: number,
  wanted: number,
  form: number | undefined,
): DrawnPage {
  const page = pdfium.FPDF_LoadPage(document, index);
  if (page === 0) throw notDrawable("A page cannot be drawn.");
  const [pointsWide, pointsHigh] = [pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)];
  const scale = Math.min(wanted, limits.side / Math.max(pointsWide, pointsHigh, 1));
  const [width, height] = [pointsWide, pointsHigh].map((side) => Math.max(1, Math.round(side * scale))) as [
    number,
    number,
  ];
  const bitmap = pdfium.FPDFBitmap_Create(width, height, 0);
  if (bitmap === 0) throw notDrawable("A page cannot be drawn.");
  pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, WHITE);
  pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, form === undefined ? 0 : WITH_ANNOTATIONS);
  if (form !== undefined) {
    pdfium.FORM_OnAfterLoadPage(page, form);
    pdfium.FPDF_FFLDraw(form, bitmap, page, 0, 0, width, height, 0, WITH_ANNOTATIONS);
    pdfium.FORM_OnBeforeClosePage(page, form);
  }
  const start = pdfium.FPDFBitmap_GetBuffer(bitmap);
  const stride = pdfium.FPDFBitmap_GetStride(bitmap);
  const pixels = Buffer.alloc(4 * width * height);
  for (let y = 0; y < height; y++) {
    pixels.set(memoryOf(pdfium).subarray(start + y * stride, start + y * stride + 4 * width), 4 * width * y);
  }
  pdfium.FPDFBitmap_Destroy(bitmap);
  pdfium.FPDF_ClosePage(page);
  return { width, height, scale, pixels };
}

/** The renderer's memory as it is now: it is another array after each growth. Emscripten's types are not installed. */
function memoryOf({ pdfium }: WrappedPdfiumModule): Uint8Array {
  return (pdfium as unknown as { readonly HEAPU8: Uint8Array }).HEAPU8;
}

/** Whatever goes wrong inside the renderer is the file's doing. */
function guarded<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (error instanceof SigningError) throw error;
    throw notDrawable("The renderer gave up on the file.");
  }
}

function notDrawable(message: string): SigningError {
  return new SigningError("NOT_DRAWABLE", message);
}
