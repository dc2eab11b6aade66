import { createHash } from "node:crypto";

/** Somebody who can sign in to the demo province. */
export interface DemoPerson {
  readonly agency: string;
  readonly fullName: string;
  readonly title: string;
  readonly username: string;
}

const style = `
:root { color-scheme: light dark; --ink: #1c2733; --paper: #fbfaf7; --line: #d5d0c4; --accent: #a3201f; --soft: #f1eee6; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8e4da; --paper: #16191d; --line: #3a4048; --accent: #ff8f80; --soft: #20252b; }
}
* { box-sizing: border-box; }
body { margin: 0; border-top: .4rem solid var(--accent); background: var(--paper); color: var(--ink); font: 1rem/1.6 system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
header, main, footer { max-width: 62rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 2.5rem; }
h1 { margin: 0; font-size: 2rem; line-height: 1.2; }
h2 { margin: 2.25rem 0 .5rem; font-size: 1.25rem; }
p { margin: .5rem 0; max-width: 44rem; }
[lang="en"] { font-size: .925rem; opacity: .8; }
a { color: var(--accent); text-underline-offset: .2em; }
a:focus-visible, .scroll:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
code, pre { font-family: ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace; font-size: .9em; }
code { background: var(--soft); padding: .1em .35em; border-radius: .25em; }
pre { background: var(--soft); padding: .9rem 1rem; overflow-x: auto; border-radius: .35rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; padding-bottom: .5rem; }
th, td { text-align: left; vertical-align: top; padding: .4rem .9rem .4rem 0; border-bottom: 1px solid var(--line); }
tbody th { font-weight: 600; background: var(--soft); padding-left: .6rem; }
footer { padding: 2rem 1.25rem 3rem; }
`;

/** The page loads nothing and runs nothing: its own style, by its digest, is all that a browser may apply. */
export const startPagePolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const escape = (text: string) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** Who can sign in to the demo province, by one password, and where. */
export interface Demo {
  readonly people: readonly DemoPerson[];
  readonly password: string;
  readonly url: string;
}

/** The page at `/`: what this is and where to go; in demo mode also who can sign in (trang đầu). */
export function startPage(demo: Demo | null): string {
  return `<!doctype html>
<html lang="vi">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Công Văn – quản lý văn bản và điều hành</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>Công Văn</h1>
<p>Hệ thống quản lý văn bản, hồ sơ một cửa và điều hành dùng chung của tỉnh: văn bản đến, văn bản đi, ký số, liên thông qua trục, hồ sơ thủ tục hành chính.</p>
<p lang="en">Electronic documents and office work of a Vietnamese province: incoming and outgoing documents, digital signatures, exchange over the axis, one-stop dossiers.</p>
</header>
<main>
<h2>Dành cho phần mềm <span lang="en">(for programs)</span></h2>
<ul>
<li><code>/graphql</code> – giao diện lập trình GraphQL, phương thức POST; theo dõi thay đổi qua <span lang="en">server-sent events</span>.</li>
<li><code>/files</code> – gửi và nhận tệp.</li>
<li><a href="/healthz"><code>/healthz</code></a>, <a href="/readyz"><code>/readyz</code></a> – tình trạng máy chủ.</li>
</ul>
${demo ? accounts(demo) : ""}</main>
<footer><p lang="en">Free software under the Apache License 2.0.</p></footer>
</body>
</html>
`;
}

function accounts({ people, password, url }: Demo): string {
  const agencies = Map.groupBy(people, ({ agency }) => agency);
  const groups = [...agencies].map(
    ([agency, members]) => `<tbody>
<tr><th colspan="3" scope="rowgroup">${escape(agency)}</th></tr>
${members.map(row).join("\n")}
</tbody>`,
  );
  const username = people[0]?.username ?? "…";
  const query = "mutation($i: SignInInput!) { signIn(input: $i) { viewer { person { fullName } } } }";
  const body = JSON.stringify({ query, variables: { i: { username, password } } });
  return `<h2>Tỉnh mẫu để dùng thử <span lang="en">(demo province)</span></h2>
<p>Mọi tài khoản dưới đây có cùng mật khẩu <code>${escape(password)}</code>. Người và cơ quan đều không có thật; máy chủ chỉ trả lời trên chính máy này.</p>
<p lang="en">Every account below has the same password. The people and agencies are invented; the server answers on this machine alone.</p>
<pre tabindex="0" class="scroll" aria-label="Lệnh đăng nhập mẫu"><code>curl -c cookies ${escape(url)}/graphql -H 'content-type: application/json' -H 'x-congvan-csrf: 1' \\
  -d '${escape(body)}'</code></pre>
<div class="scroll" tabindex="0" role="region" aria-labelledby="accounts">
<table>
<caption id="accounts">Ai có thể đăng nhập: ${people.length} tài khoản tại ${agencies.size} cơ quan</caption>
<thead><tr><th scope="col">Họ và tên</th><th scope="col">Chức vụ</th><th scope="col">Tên đăng nhập</th></tr></thead>
${groups.join("\n")}
</table>
</div>
`;
}

const row = ({ fullName, title, username }: DemoPerson) =>
  `<tr><td>${escape(fullName)}</td><td>${escape(title)}</td><td><code>${escape(username)}</code></td></tr>`;
