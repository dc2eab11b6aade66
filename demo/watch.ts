import { type Client, until } from "./client.ts";

/** An act that the server told of while it went on. */
export interface Change {
  readonly objectId: string;
  readonly objectType: string;
  readonly act: string;
}

/** What one person's program hears over server-sent events from now on. */
export class Watch implements AsyncDisposable {
  readonly heard: Change[] = [];
  readonly #stop = new AbortController();
  readonly #listening: Promise<void>;
  #failure: unknown = null;

  constructor(client: Client) {
    this.#listening = this.#listen(client).catch((error: unknown) => {
      if (!this.#stop.signal.aborted) this.#failure = error;
    });
  }

  /** The acts heard on one object, in order, once all of `acts` are among them or some seconds have passed. */
  async actsOn(objectId: string, acts: readonly string[]): Promise<readonly string[]> {
    const ofObject = async () => this.heard.filter((change) => change.objectId === objectId).map(({ act }) => act);
    const found = await until((all) => acts.every((act) => all.includes(act)), ofObject, 5);
    if (this.#failure) throw this.#failure;
    return found;
  }

  async #listen(client: Client): Promise<void> {
    const events = client.subscribe<{ changes: Change }>(
      "subscription { changes { objectId objectType act } }",
      this.#stop.signal,
    );
    for await (const { changes } of events) this.heard.push(changes);
    if (!this.#stop.signal.aborted) throw new Error("the stream of changes ended by itself");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#listening;
  }
}
