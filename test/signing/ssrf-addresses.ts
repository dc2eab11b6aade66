/**
 * Addresses as an attacker would put them into a certificate: each leads, for one reader or another, to where nobody
 * outside may look, or past a list of hosts. PORT stands for a port at which somebody listens on loopback.
 */
export function forgedAddresses(): string[] {
  const found = new Set<string>();
  const insides = [
    [127, 0, 0, 1],
    [127, 1, 2, 3],
    [10, 0, 0, 1],
    [172, 16, 0, 1],
    [192, 168, 1, 1],
    [169, 254, 169, 254],
    [100, 64, 0, 1],
    [0, 0, 0, 0],
    [192, 0, 0, 192],
    [198, 18, 0, 1],
    [224, 0, 0, 251],
    [255, 255, 255, 255],
  ] as const;
  for (const [a, b, c, d] of insides) {
    const dotted = [a, b, c, d].join(".");
    const whole = ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
    const hex = (n: number) => n.toString(16);
    const pair = `${hex((a << 8) | b)}:${hex((c << 8) | d)}`;
    const hosts = [
      dotted,
      `${dotted}.`,
      String(whole),
      `0x${hex(whole)}`,
      `0${whole.toString(8)}`,
      [a, b, c, d].map((n) => `0${n.toString(8)}`).join("."),
      [a, b, c, d].map((n) => `0x${hex(n)}`).join("."),
      [a, b, c, d].map((n) => `000${n.toString(8)}`).join("."),
      `${a}.${(b << 16) | (c << 8) | d}`,
      `${a}.${b}.${(c << 8) | d}`,
      `0x${hex(a)}.${b}.0${c.toString(8)}.${d}`,
      `[::ffff:${dotted}]`,
      `[::ffff:${pair}]`,
      `[0:0:0:0:0:ffff:${pair}]`,
      `[::${dotted}]`,
      `[64:ff9b::${dotted}]`,
      `[64:ff9b::${pair}]`,
      `[64:ff9b:1::${pair}]`,
      `[2002:${pair}::]`,
      `[2001:0:${pair}::1]`,
      `${dotted}.nip.example`,
      `${dotted}%00.example.vn`,
      dotted.replaceAll(".", "。"),
      dotted.replaceAll(".", "%2e"),
      dotted.replace(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit))),
      dotted.replace(/\d/g, (digit) => (digit === "0" ? "⓪" : String.fromCodePoint(0x2460 + Number(digit) - 1))),
    ];
    for (const host of hosts) {
      for (const scheme of ["http", "https"]) found.add(`${scheme}://${host}:PORT/crl`);
      found.add(`http://${host}/crl`);
    }
  }
  const others = [
    "localhost",
    "localhost.",
    "LOCALHOST",
    "ip6-localhost",
    "[::1]",
    "[::]",
    "[0000::1]",
    "[fe80::1]",
    "[fd00::1]",
  ];
  const metadata = ["metadata", "metadata.internal", "instance-data", "inside.example.vn", "INSIDE.example.vn."];
  for (const host of [...others, ...metadata]) {
    for (const scheme of ["http", "https"]) {
      found.add(`${scheme}://${host}/`);
      found.add(`${scheme}://${host}:PORT/latest/meta-data/`);
    }
  }
  const allowed = "ocsp.example.vn";
  for (const trick of [
    `http://${allowed}@127.0.0.1:PORT/`,
    `http://${allowed}:80@127.0.0.1:PORT/`,
    `http://a:b@${allowed}/`,
    `http://@${allowed}/`,
    `http://:@${allowed}/`,
    `http://127.0.0.1:PORT#@${allowed}/`,
    `http://127.0.0.1:PORT?@${allowed}/`,
    `http://127.0.0.1:PORT\\@${allowed}/`,
    `http://${allowed}\\@127.0.0.1:PORT/`,
    `http://${allowed}#@127.0.0.1:PORT/`,
    `http://${allowed}.attacker.example/`,
    `http://attacker.example/${allowed}`,
    `http://attacker-${allowed}/`,
    `http://${allowed}:PORT/`,
    `http://${allowed}:22/`,
    `http://${allowed}:080/`,
    `http://${allowed}:0/`,
    `http://${allowed}:65536/`,
    `http://${allowed}:-80/`,
    `http://${allowed}:80:80/`,
    `http://${allowed}: 80/`,
    `http:${allowed}/`,
    `http:/${allowed}/`,
    `http:///${allowed}/`,
    `//${allowed}/`,
    `${allowed}/`,
    ` http://${allowed}/`,
    `http://${allowed}/ `,
    `http://${allowed}/a b`,
    `http://${allowed}/\r\nHost: inside`,
    `http://${allowed}/%0d%0a\r\n`,
    `http://${allowed}\t/`,
    `ht\ntp://${allowed}/`,
    `http://ocsp。example。vn/`,
    `http://ocsp%2eexample.vn/`,
    `http://ocsp.example.vn%00.attacker.example/`,
    `http://ⓞcsp.example.vn/`,
    `http://ocsp.exam\u00adple.vn/`,
    `http://ocsp..example.vn/`,
    `http://${allowed}/#fragment`,
    `http://${allowed}/\u00e9`,
    `http://${"a".repeat(2100)}.vn/`,
    `http://${allowed}/${"a".repeat(2100)}`,
    "http://",
    "http:",
    "",
    "http://[::1",
    "http://[::ffff:127.0.0.1%25lo]/",
    "http://[fe80::1%25eth0]/",
    "http://[v1.a]/",
  ]) {
    found.add(trick);
  }
  for (const scheme of [
    "file",
    "ftp",
    "gopher",
    "dict",
    "ldap",
    "ldaps",
    "tftp",
    "sftp",
    "ssh",
    "telnet",
    "ws",
    "wss",
    "data",
    "javascript",
    "blob",
    "jar",
    "netdoc",
    "unix",
    "http+unix",
    "view-source",
  ]) {
    for (const rest of ["//127.0.0.1:PORT/", `//${allowed}/`, "///etc/passwd", "text/plain,a"])
      found.add(`${scheme}:${rest}`);
  }
  return [...found];
}
