import { createHash } from "node:crypto";

const style = `
:root { color-scheme: light dark; --ink: #1c2733; --paper: #fbfaf7; --accent: #a3201f; --soft: #f1eee6; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8e4da; --paper: #16191d; --accent: #ff8f80; --soft: #20252b; } }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.6 system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
main { max-width: 44rem; margin: 0 auto; padding: 2rem 1.25rem; border-top: .4rem solid var(--accent); }
h1 { margin: 0; line-height: 1.2; }
code, pre { background: var(--soft); padding: .1em .35em; border-radius: .25em; }
pre { padding: .9rem 1rem; overflow-x: auto; }
[lang="en"] { opacity: .8; }
`;

/** The page loads nothing, runs nothing and sends nothing; its own style, by its digest, is all that a browser may apply. */
export const verifyPagePolicy = `default-src 'none'; style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** The page at `/verify`: how anybody checks a result (xác minh kết quả giải quyết thủ tục hành chính). */
export const verifyPage = `<!doctype html>
<html lang="vi">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Xác minh kết quả – Công Văn</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>Xác minh kết quả giải quyết hồ sơ</h1>
<p>Ai cũng có thể kiểm tra một tệp PDF có đúng là kết quả do cơ quan của tỉnh phát hành, chữ ký số còn nguyên vẹn hay không. Không cần đăng nhập; tệp chỉ được kiểm tra, không được lưu lại.</p>
<pre tabindex="0" aria-label="Lệnh kiểm tra tệp"><code>curl --data-binary @ket-qua.pdf -H 'content-type: application/pdf' /public/verify</code></pre>
<p><code>indication</code> là kết luận về chữ ký: <code>TOTAL_PASSED</code> hợp lệ, <code>INDETERMINATE</code> chưa đủ căn cứ, <code>TOTAL_FAILED</code> không hợp lệ. <code>result</code> cho biết mã kết quả và cơ quan phát hành; <code>null</code> nghĩa là tệp này không phải kết quả đã phát hành, hoặc đã bị sửa.</p>
<p>Tra cứu hồ sơ bằng mã hồ sơ và mã tra cứu in trên giấy tiếp nhận: truy vấn <code>publicDossier</code> tại <code>/graphql</code>.</p>
<p lang="en">Anybody can check whether a PDF is a result that an agency of the province issued and whether its digital signatures hold. No sign-in is needed; the file is checked and not kept.</p>
</main>
</body>
</html>
`;
