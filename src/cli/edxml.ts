import { parseArgs } from "node:util";
import { EdxmlError, parseEdxmlMessage, readEdxml, writeEdxml } from "../../axis/index.ts";
import { type Command, couldNotRun, fine, notFine, UsageError } from "./command.ts";
import { readInput } from "./input.ts";

const largestFile = 256 * 2 ** 20;

/** The message without the files' bytes, which would fill the screen. */
const forPeople = (value: unknown) =>
  JSON.stringify(
    value,
    (key, field: unknown) =>
      key === "content" && typeof field === "string" && field.length > 200 ? `(${field.length} characters)` : field,
    2,
  );

export const edxml: Command = {
  usage: "edxml read FILE [--json]  |  edxml write FILE.json",
  about: "reads an edXML message (QCVN 102:2016), or writes one from its JSON form",
  async run({ args, print }) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { json: { type: "boolean", default: false } },
    });
    const [act, file] = positionals;
    if (!file || positionals.length !== 2 || (act !== "read" && act !== "write"))
      throw new UsageError("say read or write, and one file");
    const bytes = await readInput(file, largestFile);
    try {
      if (act === "write") {
        print(writeEdxml(parseEdxmlMessage(JSON.parse(bytes.toString("utf8")))));
        return fine;
      }
      const { message, problems } = readEdxml(bytes);
      if (values.json) print(JSON.stringify({ message, problems }));
      else {
        print(forPeople(message));
        for (const problem of problems) print(`! ${problem.code}: ${problem.reason}`);
      }
      return problems.length > 0 ? notFine : fine;
    } catch (error) {
      if (!(error instanceof EdxmlError) && !(error instanceof SyntaxError)) throw error;
      console.error(`${file}: ${error.message}`);
      return couldNotRun;
    }
  },
};
