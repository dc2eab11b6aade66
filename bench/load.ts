import { Agent, request } from "node:http";

/** What a number of acts took: all together, and each, in milliseconds. */
export interface Load {
  readonly milliseconds: number;
  readonly latencies: number[];
}

/** Does `count` acts with `clients` at a time. */
export async function load(count: number, clients: number, act: (index: number) => Promise<unknown>): Promise<Load> {
  const latencies: number[] = [];
  let next = 0;
  const began = performance.now();
  const client = async () => {
    for (let index = next++; index < count; index = next++) {
      const start = performance.now();
      await act(index);
      latencies.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  return { milliseconds: performance.now() - began, latencies };
}

/** Several loads as one. */
export function together(loads: readonly Load[]): Load {
  return {
    milliseconds: loads.reduce((sum, each) => sum + each.milliseconds, 0),
    latencies: loads.flatMap(({ latencies }) => latencies),
  };
}

export const perSecond = ({ milliseconds, latencies }: Load): number => (1_000 * latencies.length) / milliseconds;

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/**
 * Asks over HTTP with as little work as can be, since client and server share the machine: the answer is read to its end
 * and looked through for errors, but not parsed, for what a client makes of it is no cost of the server's. Gives its bytes.
 */
export function ask(
  url: string,
  headers: Readonly<Record<string, string>>,
  query: string,
  variables: object,
): Promise<Buffer> {
  const body = JSON.stringify({ query, variables });
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const sent = request(`${url}/graphql`, {
    method: "POST",
    agent,
    headers: {
      ...headers,
      accept: "application/json",
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
      "x-congvan-csrf": "1",
    },
  });
  sent.on("error", reject);
  sent.on("response", (response) => {
    const chunks: Buffer[] = [];
    response.on("error", reject);
    response.on("data", (chunk: Buffer) => chunks.push(chunk));
    response.on("end", () => {
      const answer = Buffer.concat(chunks);
      if (response.statusCode === 200 && answer.includes('"data":{') && !answer.includes('"errors":')) resolve(answer);
      else reject(new Error(`${response.statusCode}: ${answer.toString().slice(0, 500)}`));
    });
  });
  sent.end(body);
  return promise;
}
