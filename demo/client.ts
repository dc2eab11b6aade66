import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

/** A refusal as the server words it; `code` is stable. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly code: string;

  constructor(code: string, message: string) {
    super(`${code}: ${message}`);
    this.code = code;
  }
}

/** A mutation that was done, kept so that the very same request can be sent again. */
export interface Deed {
  readonly mutation: string;
  readonly document: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly answer: unknown;
}

interface Failure {
  readonly code?: string;
  readonly vi?: string;
  readonly en?: string;
}

interface GraphqlAnswer {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly { readonly message: string; readonly extensions?: Failure }[];
  readonly error?: Failure;
}

/** A file as the server tells of it when it has taken it in. */
export interface Uploaded {
  readonly id: string;
  readonly sha256: string;
}

const patience = 30_000;

/** One person's program: speaks GraphQL and HTTP with the server and knows nothing else of it. */
export class Client {
  readonly url: string;
  readonly deeds: Deed[] = [];
  #cookie = "";

  constructor(url: string) {
    this.url = url;
  }

  signIn(username: string, password: string): Promise<unknown> {
    return this.ask("mutation ($input: SignInInput!) { signIn(input: $input) { viewer { person { id } } } }", {
      input: { username, password },
    });
  }

  /** The data of an operation; throws ApiError with the first error's code. */
  async ask<T>(document: string, variables: Readonly<Record<string, unknown>> = {}): Promise<T> {
    const response = await this.#send("/graphql", {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify({ query: document, variables }),
    });
    const session = response.headers.getSetCookie().find((each) => each.startsWith("congvan_session="));
    if (session) this.#cookie = session.split(";", 1)[0]!;
    const answer = (await response.json()) as GraphqlAnswer;
    const [error] = answer.errors ?? [];
    const failure = error?.extensions ?? answer.error;
    if (error || !answer.data)
      throw new ApiError(
        failure?.code ?? `HTTP_${response.status}`,
        failure?.vi ?? failure?.en ?? error?.message ?? "",
      );
    return answer.data as T;
  }

  /** Does a mutation `name(input: …) { selection }` under a fresh idempotency key; its payload. */
  async act<T>(mutation: string, input: Readonly<Record<string, unknown>>, selection: string): Promise<T> {
    const type = `${mutation[0]!.toUpperCase()}${mutation.slice(1)}Input`;
    const document = `mutation ($input: ${type}!) { ${mutation}(input: $input) { ${selection} } }`;
    const keyed = { idempotencyKey: randomUUID(), ...input };
    const answer = (await this.ask<Record<string, T>>(document, { input: keyed }))[mutation]!;
    this.deeds.push({ mutation, document, input: keyed, answer });
    return answer;
  }

  /** Sends a mutation again, key and all; its payload now. */
  async repeat({ mutation, document, input }: Deed): Promise<unknown> {
    return (await this.ask<Record<string, unknown>>(document, { input }))[mutation];
  }

  /** Hands a file over; its id and digest. */
  async upload(bytes: Uint8Array, name: string): Promise<Uploaded> {
    const response = await this.#send("/files", {
      method: "POST",
      headers: { "x-file-name": encodeURIComponent(name) },
      body: Buffer.from(bytes),
    });
    await refuse(response);
    return (await response.json()) as Uploaded;
  }

  /** The bytes behind a path of the server. */
  async download(path: string): Promise<Buffer> {
    const response = await this.#send(path, {});
    await refuse(response);
    return Buffer.from(await response.arrayBuffer());
  }

  /** Posts bytes to a path that answers with JSON. */
  async post<T>(path: string, bytes: Uint8Array, mediaType: string): Promise<T> {
    const response = await this.#send(path, {
      method: "POST",
      headers: { "content-type": mediaType },
      body: Buffer.from(bytes),
    });
    await refuse(response);
    return (await response.json()) as T;
  }

  /** The events of a subscription (graphql-sse, distinct connections), until the signal ends it. */
  async *subscribe<T>(document: string, signal: AbortSignal): AsyncGenerator<T> {
    const response = await fetch(`${this.url}/graphql`, {
      method: "POST",
      headers: { ...this.#headers(), "content-type": "application/json", accept: "text/event-stream" },
      body: JSON.stringify({ query: document }),
      signal,
    });
    await refuse(response);
    let text = "";
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      const events = `${text}${chunk}`.split("\n\n");
      text = events.pop()!;
      for (const event of events) {
        const data = /^data: ?(.+)$/m.exec(event)?.[1];
        if (/^event: ?next$/m.test(event) && data) yield (JSON.parse(data) as { data: T }).data;
      }
    }
  }

  #send(path: string, request: RequestInit): Promise<Response> {
    return fetch(new URL(path, this.url), {
      ...request,
      headers: { ...this.#headers(), ...(request.headers as Record<string, string>) },
      signal: AbortSignal.timeout(patience),
    });
  }

  #headers(): Record<string, string> {
    return { "x-congvan-csrf": "1", ...(this.#cookie && { cookie: this.#cookie }) };
  }
}

async function refuse(response: Response): Promise<void> {
  if (response.ok) return;
  const text = await response.text();
  const failure = text.startsWith("{") ? (JSON.parse(text) as GraphqlAnswer).error : undefined;
  throw new ApiError(failure?.code ?? `HTTP_${response.status}`, failure?.vi ?? text.slice(0, 200));
}

/** Asks again and again until the answer is good; the last answer after `seconds` at the latest. */
export async function until<T>(isGood: (answer: T) => boolean, ask: () => Promise<T>, seconds = 15): Promise<T> {
  const end = performance.now() + seconds * 1_000;
  for (;;) {
    const answer = await ask();
    if (isGood(answer) || performance.now() > end) return answer;
    await sleep(150);
  }
}
