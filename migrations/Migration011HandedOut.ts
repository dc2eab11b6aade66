import { Step } from "../src/migration-sql.ts";

export default class Migration011HandedOut extends Step {
  statements() {
    return [
      // What an agent was given to sign, where that is more than the document's newest revision: number and date are in it.
      `alter table signing_session add column handed_out_sha256 bytea check (octet_length(handed_out_sha256) = 32)`,
    ];
  }
}
