import { hubGrants, hubSchema } from "../axis/index.ts";
import { Step } from "../src/migration-sql.ts";

/** The axis server's tables, in a schema that the application's role cannot see. */
export default class Migration006Hub extends Step {
  statements() {
    return [hubSchema, hubGrants("congvan_hub")];
  }
}
