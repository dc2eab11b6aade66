import { randomUUID } from "node:crypto";

/** A refusal as a client sees it. */
export class ApiError extends Error {
  readonly code: string;
  readonly extensions: Record<string, unknown>;

  constructor(message: string, extensions: Record<string, unknown>) {
    super(message);
    this.code = String(extensions["code"]);
    this.extensions = extensions;
  }
}

/** A program that uses the server over HTTP, and nothing else of it. */
export class Client {
  readonly url: string;
  cookie = "";
  token = "";

  constructor(url: string) {
    this.url = url;
  }

  headers(): Record<string, string> {
    return {
      "x-congvan-csrf": "1",
      ...(this.cookie ? { cookie: this.cookie } : {}),
      ...(this.token ? { authorization: `Bearer ${this.token}` } : {}),
    };
  }

  /** The data of an operation; throws ApiError with the first error's code. */
  async call<T = Record<string, any>>(query: string, variables: Record<string, unknown> = {}): Promise<T> {
    const response = await fetch(`${this.url}/graphql`, {
      method: "POST",
      headers: { ...this.headers(), "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify({ query, variables }),
    });
    const set = response.headers.getSetCookie().find((each) => each.startsWith("congvan_session="));
    if (set) this.cookie = set.split(";")[0]!;
    const text = await response.text();
    const answer = (
      text.startsWith("{") ? JSON.parse(text) : { error: { code: `HTTP_${response.status}`, vi: text } }
    ) as {
      data?: T;
      errors?: { message: string; extensions?: Record<string, unknown> }[];
      error?: Record<string, unknown>;
    };
    if (answer.errors?.[0]) throw new ApiError(answer.errors[0].message, answer.errors[0].extensions ?? {});
    if (!answer.data)
      throw new ApiError(String(answer.error?.["en"] ?? text), answer.error ?? { code: `HTTP_${response.status}` });
    return answer.data;
  }

  /** Runs a mutation `name(input: …)` and gives its payload; an idempotency key is added where there is none. */
  async act<T = Record<string, any>>(
    name: string,
    input: Record<string, unknown>,
    selection: string,
    hasKey = true,
  ): Promise<T> {
    const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
    const data = await this.call<Record<string, T>>(
      `mutation ($input: ${type}!) { ${name}(input: $input) ${selection} }`,
      {
        input: hasKey ? { idempotencyKey: randomUUID(), ...input } : input,
      },
    );
    return data[name]!;
  }

  signIn(username: string, password: string): Promise<unknown> {
    return this.act("signIn", { username, password }, "{ viewer { person { fullName } } }", false);
  }

  /** Uploads a file; its global id. */
  async upload(bytes: Uint8Array, name: string): Promise<string> {
    const response = await fetch(`${this.url}/files`, {
      method: "POST",
      headers: { ...this.headers(), "x-file-name": encodeURIComponent(name) },
      body: bytes as never,
    });
    const answer = (await response.json()) as { id: string; error?: Record<string, unknown> };
    if (!response.ok)
      throw new ApiError(String(answer.error?.["en"]), answer.error ?? { code: `HTTP_${response.status}` });
    return answer.id;
  }

  /** Bytes behind a path; throws ApiError with HTTP_<status> or the server's code. */
  async download(path: string): Promise<Buffer> {
    const response = await fetch(new URL(path, this.url), { headers: this.headers() });
    if (!response.ok) throw new ApiError(await response.text(), { code: `HTTP_${response.status}` });
    return Buffer.from(await response.arrayBuffer());
  }
}
